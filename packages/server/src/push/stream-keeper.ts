/** What a stream is given: the request that it answers, and whoever keeps all of them. */
import type { Outcome } from '../http/call.js';
import type { Turn } from '../http/wait.js';
import type { Position, ReaderMark } from './positions.js';
import type { Stream } from './stream.js';

/** The request that a stream answers. */
export interface StreamRequest {
  readonly accountId: string;
  readonly network: string;
  /** Makes the call again, with all its checks. */
  ask(turn: Turn): Outcome | Promise<Outcome>;
}

/** What streams need of whoever keeps them. */
export interface StreamKeeper {
  seal(position: Position, reader: ReaderMark): string;
  open(text: string, reader: ReaderMark): Position | null;
  /** Has it look, as soon as it is its network's turn. */
  due(stream: Stream): void;
  /** After something was sent: whoever does not read is dropped. */
  sent(stream: Stream): void;
  ended(stream: Stream): void;
}
