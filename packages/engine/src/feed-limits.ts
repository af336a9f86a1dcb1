/**
 * How much a feed holds, and how much of it is told at once: what anybody may write must not fill the
 * memory, nor take long to read.
 */
import type { FeedEntry } from './events.js';
import type { Chat } from './state.js';

export interface FeedAmount {
  readonly entries: number;
  readonly characters: number;
}

/**
 * Most that lines may bring into a chat that no agent has accepted: a stranger's words alone, pre-chat
 * lines included.
 */
export const MOST_BEFORE_ACCEPTED: FeedAmount = { entries: 500, characters: 250_000 };

/** Most that lines may bring into any chat. Far beyond what people write; programs may go wrong. */
export const MOST_IN_FEED: FeedAmount = { entries: 50_000, characters: 4_000_000 };

/** Most that is told at once: the rest follows by the page's `next`. */
export const MOST_IN_PAGE: FeedAmount = { entries: 1_000, characters: 500_000 };

/** What structured content counts for: the most that it may have. */
const CHARACTERS_OF_CONTENT = 5 * 1024;

/** Characters that an entry counts for. */
export function charactersIn(entry: FeedEntry): number {
  if (entry.type === 'state') return 0;
  return entry.text.length + (entry.json === undefined ? 0 : CHARACTERS_OF_CONTENT);
}

/** The most that lines may bring into the chat as it stands. */
export function mostIn(chat: Chat): FeedAmount {
  return chat.acceptedAt === null ? MOST_BEFORE_ACCEPTED : MOST_IN_FEED;
}

/** Whether there is room for one more line. What the system says always finds room. */
export function hasRoom(chat: Chat, line: FeedEntry): boolean {
  const most = mostIn(chat);
  if (chat.feed.length >= most.entries) return false;
  return charactersOf(chat) + charactersIn(line) <= most.characters;
}

interface Count {
  entries: number;
  characters: number;
}

/** What was counted so far: feeds only grow. */
const counts = new WeakMap<Chat, Count>();

function charactersOf(chat: Chat): number {
  let count = counts.get(chat);
  if (count === undefined) {
    count = { entries: 0, characters: 0 };
    counts.set(chat, count);
  }
  for (const entry of chat.feed.slice(count.entries)) count.characters += charactersIn(entry);
  count.entries = chat.feed.length;
  return count.characters;
}

/** What is left for the answer that is being made. */
export class FeedBudget {
  #entries: number;
  #characters: number;

  constructor({ entries, characters }: FeedAmount = MOST_IN_PAGE) {
    this.#entries = entries;
    this.#characters = characters;
  }

  /** Takes the entry's share; false when nothing was left. The last one may take more than is left. */
  take(entry: FeedEntry): boolean {
    if (this.#entries <= 0 || this.#characters <= 0) return false;
    this.#entries -= 1;
    this.#characters -= charactersIn(entry);
    return true;
  }
}
