/** What an agent's chat is given, reports and takes. */
import type { ChatEvent, ChatInfo, Line } from '../core/feed.js';
import type { ChatRole } from './participants.js';
import type { KeyValueStorage, Pending } from '../core/outbox.js';
import type { Session } from './session.js';
import type { Suggestion } from './suggestions.js';

/**
 * Why a chat is over for this agent:
 * - `ended`: the chat has ended for everybody
 * - `gone`: somebody else has the chat now, after a transfer or because this agent was away
 * - `left`: this agent was in the chat beside its agent, and left or was removed
 * - `session`: the agent session is over
 */
export type ChatEnd = 'ended' | 'gone' | 'left' | 'session';

/** A stored line. */
export interface SentLine {
  /** The line's event id; null if the line's address on the server does not end in an id. */
  readonly id: number | null;
  readonly uri: string;
}

/** Options of a line that only agents can read. */
export interface WhisperOptions {
  /** An idempotency key made elsewhere: 1 to 128 visible characters. */
  readonly key?: string;
  /**
   * Aborting withdraws the line while it waits. Once the line was sent, it only ends the wait for the response,
   * and the line may be stored. The call rejects with the signal's reason.
   */
  readonly signal?: AbortSignal;
}

/** Options of a line, besides its text. */
export interface SayOptions extends WhisperOptions {
  /** The server sanitizes `html`; `plain` by default. */
  readonly textType?: 'plain' | 'html' | 'rich-content';
  /** Structured content, with `textType: 'rich-content'`. */
  readonly json?: unknown;
}

/** A waiting line that is now stored, and its event. */
export interface StoredLine {
  /** The line's idempotency key, as in `pending`. */
  readonly key: string;
  /** The id of its event; null if the server's addresses do not show it. */
  readonly id: number | null;
}

/** Events of a chat. */
export interface AgentChatEvents {
  /** New events, in order; never empty. */
  readonly events: readonly ChatEvent[];
  /** A field of `chat.info` changed: names, typing, positions. */
  readonly info: ChatInfo;
  /** The list of lines that wait to be stored changed. */
  readonly pending: readonly Pending[];
  /** A waiting line is now stored; its event may arrive before or after this. */
  readonly stored: StoredLine;
  /**
   * There is a new suggestion, or one is no longer open, if a stream carries that. The chat's agent hears of
   * all suggestions, others only of their own.
   */
  readonly suggestion: Suggestion;
  /** This agent's role in the chat changed: a supervisor took the chat over, or an assistant got it. */
  readonly role: ChatRole;
  readonly over: ChatEnd;
}

/** Where to start reading a chat, and for how long. */
export interface ReadOptions {
  /** Only events after this id. By default all events; in a resumed chat, those that nobody has answered. */
  readonly after?: number;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

/** Which lines of a chat to read. */
export interface LineOptions extends ReadOptions {
  /** Only lines of this side; everybody's by default. */
  readonly from?: Line['source'];
}

/** Which page of a transcript to read. */
export interface PageOptions {
  /** Events before this id; by default the last events. */
  readonly before?: number;
  /** Maximum number of events, 1 to 1,000; 50 by default. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** A page of a transcript, in order. */
export interface ChatPage {
  readonly events: readonly ChatEvent[];
  /** Whether there are events before these. */
  readonly hasEarlier: boolean;
}

export interface ChatHost {
  readonly session: Session;
  readonly storage: KeyValueStorage | undefined;
  /** Events of each chat that stay in memory, at least. */
  readonly keeps: number | undefined;
  /** The agent's own id. */
  me(): Promise<number>;
  /** While a stream brings what is new, nothing is asked for. */
  streams(): boolean;
  /** Settles when `streams` may have changed. */
  streamsChanged(signal: AbortSignal): Promise<void>;
  /** Lets a request be held now. @returns what says that it was answered; null: one more may not be held */
  hold(): (() => void) | null;
  over(id: string, why: ChatEnd): void;
}

/** How to give a chat up for people. */
export interface EscalateOptions {
  /** `error`: the bot failed. By default, the bot handed over as intended. */
  readonly reason?: 'handed-over' | 'error';
  /** The skill that the chat will wait for; by default the skill it has. */
  readonly skillId?: number;
  /** For the agent who takes the chat; the visitor does not see it. */
  readonly text?: string;
  readonly signal?: AbortSignal;
}
