/** What a stream is given: the request that it answers, and whoever keeps all of them. */
import type { Position, ReaderMark } from './positions.js';
import type { Follower } from './follower.js';

/** What streams need of whoever keeps them. */
export interface StreamKeeper {
  seal(position: Position, reader: ReaderMark): string;
  open(text: string, reader: ReaderMark): Position | null;
  /** Has it look, as soon as it is its network's turn. */
  due(stream: Follower): void;
  /** After something was sent: whoever does not read is dropped. */
  sent(stream: Follower): void;
  ended(stream: Follower): void;
}
