/** What an agent's chat is given, reports and takes. */
import type { ChatEvent, ChatInfo, Line } from '../core/feed.js';
import type { ChatRole } from './participants.js';
import type { KeyValueStorage, Pending } from '../core/outbox.js';
import type { Session } from './session.js';
import type { Suggestion } from './suggestions.js';

/**
 * Why a chat is over for this agent:
 * - `ended`: nobody writes to it any more
 * - `gone`: it is somebody else's now, by a transfer or because this agent was away
 * - `left`: this agent was in it beside its agent, and left it, or was sent away
 * - `session`: the agent session is over
 */
export type ChatEnd = 'ended' | 'gone' | 'left' | 'session';

/** A line that is stored. */
export interface SentLine {
  /** Its event id; null where the server's address of it does not end in one. */
  readonly id: number | null;
  readonly uri: string;
}

/** How something is said that only agents read. */
export interface WhisperOptions {
  /** Of a line that was minted elsewhere: 1 to 128 visible characters. */
  readonly key?: string;
  /**
   * Takes the line back while it waits, and ends the wait for its answer once it was sent: it may be stored
   * then. What waits rejects with the signal's reason.
   */
  readonly signal?: AbortSignal;
}

/** How a line is sent, besides its text. */
export interface SayOptions extends WhisperOptions {
  /** `html` is cleaned by the server; `plain` by default. */
  readonly textType?: 'plain' | 'html' | 'rich-content';
  /** Structured content, with `textType: 'rich-content'`. */
  readonly json?: unknown;
}

/** Which line that waited is stored, and as which event. */
export interface StoredLine {
  /** Its idempotency key: that of `pending`. */
  readonly key: string;
  /** Of its event; null where the server's addresses do not show it. */
  readonly id: number | null;
}

/** What can be heard of a chat. */
export interface AgentChatEvents {
  /** New events, in order; never empty. */
  readonly events: readonly ChatEvent[];
  /** Anything of `chat.info` changed: names, typing, positions. */
  readonly info: ChatInfo;
  /** Lines that wait to be stored changed. */
  readonly pending: readonly Pending[];
  /** A line that waited is stored; its event may have been heard before, or be heard after. */
  readonly stored: StoredLine;
  /**
   * Something is suggested, or what was is not open any more, where a stream carries that: to the chat's agent
   * whatever it is, to others what they suggested themselves.
   */
  readonly suggestion: Suggestion;
  /** What this agent is in the chat is another: a supervisor took it over, an assistant was given it. */
  readonly role: ChatRole;
  readonly over: ChatEnd;
}

/** From where on, and for how long, a chat is read. */
export interface ReadOptions {
  /** Only events after this id. By default all; of a chat that was resumed, those nobody answered. */
  readonly after?: number;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

/** Which lines of a chat are read. */
export interface LineOptions extends ReadOptions {
  /** Whose lines; everybody's by default. */
  readonly from?: Line['source'];
}

/** Which page of a transcript. */
export interface PageOptions {
  /** Events before this id; by default the last ones. */
  readonly before?: number;
  /** Most events, 1 to 1,000; 50 by default. */
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

/** How a chat is given up for people. */
export interface EscalateOptions {
  /** `error`: the bot failed. By default it hands over as it was meant to. */
  readonly reason?: 'handed-over' | 'error';
  /** The skill that it is to wait for; by default the one it has. */
  readonly skillId?: number;
  /** For whoever takes it; the visitor does not see it. */
  readonly text?: string;
  readonly signal?: AbortSignal;
}
