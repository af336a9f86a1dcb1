/**
 * How much a feed holds, and how much of it is answered at once: what anybody may write must not fill the
 * memory, nor take long to read.
 */
import { bytesOf } from '../memory/bytes.js';
import { MAX_FEED_BYTES, MAX_FEED_BYTES_BEFORE_ACCEPTED } from '../memory/limits.js';
import { bytesOfEntry } from '../memory/memory.js';
import type { AccountState } from '../state.js';
import type { Chat } from './chat.js';
import type { FeedEntry } from './entries.js';
import type { FeedAmount } from './feed-amount.js';

/**
 * Most that lines may bring into a chat that no agent has accepted: a stranger's words alone, pre-chat
 * lines included.
 */
export const MAX_BEFORE_ACCEPTED: FeedAmount = {
  entries: 500,
  bytes: MAX_FEED_BYTES_BEFORE_ACCEPTED,
};

/** Most that lines may bring into any chat. Far beyond what people write; programs may go wrong. */
export const MAX_IN_FEED: FeedAmount = { entries: 50_000, bytes: MAX_FEED_BYTES };

/** Most that is answered at once: the rest follows by the page's `next`. */
export const MAX_IN_PAGE: FeedAmount = { entries: 1_000, bytes: 500_000 };

/** The most that lines may bring into the chat as it stands. */
export function mostIn(chat: Chat): FeedAmount {
  return chat.acceptedAt === null ? MAX_BEFORE_ACCEPTED : MAX_IN_FEED;
}

/** Whether there is room for one more line. What the system says always finds room. */
export function hasRoom({ memory }: AccountState, chat: Chat, line: FeedEntry): boolean {
  const most = mostIn(chat);
  if (chat.feed.length >= most.entries) return false;
  return memory.feedBytes(chat.id) + bytesOfEntry(line) <= most.bytes;
}

/** What is left for the answer that is being made. */
export class FeedBudget {
  #entries: number;
  #bytes: number;

  constructor({ entries, bytes }: FeedAmount = MAX_IN_PAGE) {
    this.#entries = entries;
    this.#bytes = bytes;
  }

  /** Takes the entry's share; false when nothing was left. The last one may take more than is left. */
  take(entry: FeedEntry): boolean {
    if (this.#entries <= 0 || this.#bytes <= 0) return false;
    this.#entries -= 1;
    this.#bytes -= bytesOf(entry);
    return true;
  }
}
