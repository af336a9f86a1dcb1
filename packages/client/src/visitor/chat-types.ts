/** What a visitor's chat is given, reports and takes. */
import type { Connection } from '../core/connection.js';
import type { ChatInfo, Line } from '../core/feed.js';
import type { Pending } from '../core/outbox.js';

/**
 * The data to save for continuing a chat later, as plain JSON. Anyone who has the data has access to the chat.
 */
export interface SavedChat {
  readonly uri: string;
  readonly account: string;
  readonly domainApi: string;
  readonly appKey: string;
}

/** The visitor's place in the queue; null if it is not known. */
export interface Queue {
  /** 1: the next visitor. */
  readonly position: number | null;
  /** Seconds. */
  readonly estimatedWait: number | null;
}

/**
 * Why a chat is over:
 * - `ended`: by one side, or by silence; its survey can still be answered
 * - `gone`: it ended too long ago to be read
 * - `closed`: this page no longer follows the chat; the chat itself goes on
 */
export type VisitorChatEnd = 'ended' | 'gone' | 'closed';

/** Events of a chat. */
export interface VisitorChatEvents {
  /** New lines, in order; a new listener first gets all lines so far. */
  readonly lines: readonly Line[];
  /** While the chat waits. */
  readonly queue: Queue;
  readonly state: ChatInfo['state'];
  /** Whether the agent is typing. */
  readonly typing: boolean;
  /** A field of `chat.info` changed. */
  readonly info: ChatInfo;
  /** The list of lines that wait to be stored changed. */
  readonly pending: readonly Pending[];
  readonly connection: Connection<VisitorChatEnd>;
  readonly over: VisitorChatEnd;
}

/** A stored line; `id` is null if the line's address on the server does not end in an id. */
export interface SentLine {
  readonly id: number | null;
}

/** Options of a line, besides its text. */
export interface SayOptions {
  /** An idempotency key made elsewhere: 1 to 128 visible characters. */
  readonly key?: string;
  /**
   * Aborting withdraws the line while it waits. Once the line was sent, it only ends the wait for the response,
   * and the line may be stored. The call rejects with the signal's reason.
   */
  readonly signal?: AbortSignal;
}
