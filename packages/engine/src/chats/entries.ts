/** The entries of a chat's feed. */
import type { SystemMessageId } from '../config.js';
import type { RoleBeside } from '../sessions/beside.js';

export type TextType = 'plain' | 'html' | 'rich-content';

export type SubType = 'REGULAR' | 'ONLY_TO_REP';

export type Source = 'system' | 'agent' | 'visitor';

export type FeedState = 'waiting' | 'chatting' | 'ended';

/**
 * Who wrote a line: a user, by id, whatever they are called by now; or the visitor, or the system.
 * What a page reports for its visitor is the visitor's.
 */
export type Author = number | 'visitor' | 'system';

export interface StateEntry {
  readonly id: number;
  readonly at: number;
  readonly type: 'state';
  readonly state: FeedState;
  /** As in a line. */
  readonly retry?: string;
}

export interface LineEntry {
  readonly id: number;
  readonly at: number;
  readonly type: 'line';
  readonly text: string;
  readonly textType: TextType;
  /** The speaker's name; null for a visitor who gave none (each reader has a default for it). */
  readonly by: string | null;
  readonly source: Source;
  readonly subType: SubType;
  /** Kept where `source` does not say it already; read it by `authorOfLine`. Never shown. */
  readonly author?: Author;
  readonly systemMessageId?: SystemMessageId;
  /** Structured content of a `rich-content` line. */
  readonly json?: unknown;
  /** What the request that brought it is known by, if it came with an idempotency key: see `Retries`. */
  readonly retry?: string;
}

/** Somebody came into the chat beside its agent, or went. */
export interface CollaborationEntry {
  readonly id: number;
  readonly at: number;
  readonly type: 'collaboration';
  readonly action: 'joined' | 'left';
  readonly role: RoleBeside;
  readonly userId: number;
  /** Their nickname then. */
  readonly by: string;
  /** As in a line. */
  readonly retry?: string;
}

/** Who wrote a line; `unknown` for an agent's of before authors were kept. */
export function authorOfLine({ author, source }: LineEntry): Author | 'unknown' {
  if (author !== undefined) return author;
  return source === 'agent' ? 'unknown' : source;
}

/** An entry of a chat's numbered feed. Ids are 0, 1, 2 … per chat, without gaps. */
export type FeedEntry = StateEntry | LineEntry | CollaborationEntry;
