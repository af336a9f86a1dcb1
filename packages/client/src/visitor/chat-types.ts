/** What a visitor's chat is given, reports and takes. */
import type { Connection } from '../core/connection.js';
import type { ChatInfo, Line } from '../core/feed.js';
import type { Pending } from '../core/outbox.js';

/** What is to be kept of a chat, to go on with it later: plain JSON. Whoever has it has the chat. */
export interface SavedChat {
  readonly uri: string;
  readonly account: string;
  readonly domainApi: string;
  readonly appKey: string;
}

/** The visitor's place among those who wait; null where it is not known. */
export interface Queue {
  /** 1: the next one. */
  readonly position: number | null;
  /** Seconds. */
  readonly estimatedWait: number | null;
}

/**
 * Why a chat is over:
 * - `ended`: by one side, or by silence; its survey can still be answered
 * - `gone`: it ended too long ago to be read
 * - `closed`: this page follows it no more; the chat itself goes on
 */
export type VisitorChatEnd = 'ended' | 'gone' | 'closed';

/** What can be heard of a chat. */
export interface VisitorChatEvents {
  /** New lines, in order; a new listener first gets all there are. */
  readonly lines: readonly Line[];
  /** While the chat waits. */
  readonly queue: Queue;
  readonly state: ChatInfo['state'];
  /** Whether the agent is typing. */
  readonly typing: boolean;
  /** Anything of `chat.info` changed. */
  readonly info: ChatInfo;
  /** Lines that wait to be stored changed. */
  readonly pending: readonly Pending[];
  readonly connection: Connection<VisitorChatEnd>;
  readonly over: VisitorChatEnd;
}

/** A line that is stored; `id` is null where the server's address of it does not end in one. */
export interface SentLine {
  readonly id: number | null;
}

/** How a line is sent, besides its text. */
export interface SayOptions {
  /** Of a line that was minted elsewhere: 1 to 128 visible characters. */
  readonly key?: string;
  /**
   * Takes the line back while it waits, and ends the wait for its answer once it was sent: it may be stored
   * then. What waits rejects with the signal's reason.
   */
  readonly signal?: AbortSignal;
}
