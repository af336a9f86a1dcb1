/** A stream, as those see it who notify it of something new. */
import type { Bye } from '@parley/protocol';
import type { Watch } from '@parley/runtime/hub';
import type { StreamReader } from '../http/stream.js';
import type { Arrival } from './recent.js';
import type { SessionNews } from './session-news.js';

export interface Follower extends Watch {
  readonly by: StreamReader['by'];
  readonly userId: number | null;
  readonly phase: 'starting' | 'open' | 'over';
  /** The visitor's place in the queue, as it was sent. */
  readonly waits: { readonly queuePosition: number; readonly estimatedWait: number } | null;
  /** Own chats, by id. */
  readonly chats: ReadonlyMap<string, unknown>;
  arrived(arrival: Arrival): void;
  /** Sends why it ends, and ends. */
  end(why: Bye): void;
  /** What is to be sent of others when it looks the next time; null for a visitor's. */
  readonly news: SessionNews | null;
}
