/** Questions to the state: what there is to see of a chat. Who may see it, `access` says. */
import type { Availability } from '../sessions/availability.js';
import { loadOf } from '../sessions/session.js';
import type { AccountState } from '../state.js';
import type { Chat } from './chat.js';
import type { FeedEntry } from './entries.js';
import { FeedBudget } from './feed-limits.js';
import { agentIn } from './service.js';

export type FeedReader = 'agent' | 'visitor';

/** Whether such a reader ever learns of the entry: the one place that says so. */
export function isVisibleTo(entry: FeedEntry, reader: FeedReader): boolean {
  if (reader === 'agent') return true;
  switch (entry.type) {
    case 'state':
      return true;
    case 'line':
      return entry.subType === 'REGULAR';
    case 'collaboration':
      // Of those beside the agent visitors hear only whom they talk with.
      return entry.role === 'assistant';
    default:
      return entry satisfies never;
  }
}

/**
 * Whether the entry is in what a reader gets.
 * @param collaboration whether they know of entries that say who came and went: older clients know
 *   states and lines alone
 */
export function isShownTo(entry: FeedEntry, reader: FeedReader, collaboration: boolean): boolean {
  return (collaboration || entry.type !== 'collaboration') && isVisibleTo(entry, reader);
}

export interface FeedPage {
  readonly entries: readonly FeedEntry[];
  /** The id to ask from next time: one after the last entry given, else what was asked. */
  readonly next: number;
}

const NOTHING: readonly FeedEntry[] = [];

/**
 * The entries with id ≥ `from` that the reader may see, as far as the budget goes: whoever asks again
 * from `next` gets the rest.
 */
export function readFeed(
  chat: Chat,
  reader: FeedReader,
  from: number,
  budget?: FeedBudget,
  collaboration = false,
): FeedPage {
  const first = Math.max(from, 0);
  if (first >= chat.feed.length) return { entries: NOTHING, next: first };
  const left = budget ?? new FeedBudget();
  const entries: FeedEntry[] = [];
  let next = first;
  for (let id = first; id < chat.feed.length; id += 1) {
    const entry = chat.feed[id];
    if (entry === undefined || !isShownTo(entry, reader, collaboration)) continue;
    if (!left.take(entry)) break;
    entries.push(entry);
    next = id + 1;
  }
  return { entries, next };
}

export interface EarlierPage {
  readonly entries: readonly FeedEntry[];
  /** Whether there are entries before these that the reader may see. */
  readonly isMore: boolean;
}

/**
 * The last entries with id < `before` that the reader may see, in order: so many at most, and as far as
 * the budget goes.
 */
export function readEarlier(
  chat: Chat,
  reader: FeedReader,
  before: number,
  limit: number,
  budget = new FeedBudget(),
  collaboration = false,
): EarlierPage {
  const entries: FeedEntry[] = [];
  for (let id = Math.min(before, chat.feed.length) - 1; id >= 0; id -= 1) {
    const entry = chat.feed[id];
    if (entry === undefined || !isShownTo(entry, reader, collaboration)) continue;
    if (entries.length >= limit || !budget.take(entry)) {
      return { entries: entries.reverse(), isMore: true };
    }
    entries.push(entry);
  }
  return { entries: entries.reverse(), isMore: false };
}

/** One entry, or null when there is none that the reader may see. */
export function readEntry(
  chat: Chat,
  reader: FeedReader,
  id: number,
  collaboration = false,
): FeedEntry | null {
  const entry = chat.feed[id];
  return entry !== undefined && isShownTo(entry, reader, collaboration) ? entry : null;
}

/** The agent now chatting, or the last one of an ended chat, or null. */
export function agentOf(chat: Chat): number | null {
  return agentIn(chat)?.userId ?? null;
}

/** The chat's state as its feed and its info show it: a ringing chat is still waiting. */
export function feedState({ phase }: Chat): 'waiting' | 'chatting' | 'ended' {
  return phase.name === 'active' ? 'chatting' : phase.name;
}

/** Milliseconds the chat has lasted, or lasted. */
export function durationMs(chat: Chat, now: number): number {
  return (chat.phase.name === 'ended' ? chat.phase.at : now) - chat.requestedAt;
}

/** How a user is there for chats; `since` (epoch ms) is null for one who never had a session. */
export interface Presence {
  readonly availability: Availability | 'Offline';
  readonly since: number | null;
  /** The status reason given, if one. */
  readonly reasonId: number | null;
  /** Chats that count against the user's cap: those they are in, and those that ring. */
  readonly chats: number;
}

export function presenceOf(state: AccountState, userId: number): Presence {
  const session = state.sessionOfUser.get(userId);
  if (session === undefined) {
    const since = state.offlineSince.get(userId) ?? null;
    return { availability: 'Offline', since, reasonId: null, chats: 0 };
  }
  const { availability, availabilitySince, reasonId } = session;
  return { availability, since: availabilitySince, reasonId, chats: loadOf(session) };
}
