/** What came into the chats of an account lately, in the order of commit: streams send it, and resume in it. */
import type { FeedEntry } from '@parley/engine';
import type { Batch } from '@parley/runtime/hub';
import { WHOLE_BATCH, type Position } from './positions.js';

/** Entries that one batch brought into one chat. */
export interface Arrival {
  readonly chatId: string;
  /** Ids of the first of them, and behind the last. */
  readonly from: number;
  readonly to: number;
  /** Where a reader is who was sent it, and all before it. */
  readonly position: Position;
}

/** Arrivals that are remembered of an account. */
export const MAX_RECENT = 4_096;

/** What came since the position that a reader resumes from; null for whoever begins. */
export type Missed = readonly Arrival[] | null;

export class Recent {
  readonly #max: number;
  #arrivals: Arrival[] = [];
  /** Whoever is before this has missed what is not remembered. */
  #since: Position;

  /** @param seq journal position from which on everything is given to `append` */
  constructor(seq: number, max = MAX_RECENT) {
    this.#since = { seq, sent: WHOLE_BATCH };
    this.#max = max;
  }

  /** Takes a batch in; answers with what it brought into chats. */
  append({ seq, events }: Batch): readonly Arrival[] {
    const found: { chatId: string; from: number; to: number }[] = [];
    for (const event of events) {
      if (!('feed' in event) || !('chatId' in event)) continue;
      const feed: readonly FeedEntry[] = event.feed;
      const [first] = feed;
      if (first === undefined) continue;
      found.push({ chatId: event.chatId, from: first.id, to: first.id + feed.length });
    }
    const arrivals = found.map((each, index): Arrival => {
      const sent = index === found.length - 1 ? WHOLE_BATCH : index + 1;
      return { ...each, position: { seq, sent } };
    });
    this.#arrivals.push(...arrivals);
    // Many at once, since each time all that stay are copied.
    if (this.#arrivals.length > 2 * this.#max) {
      const dropped = this.#arrivals.length - this.#max;
      this.#since = this.#arrivals[dropped - 1]?.position ?? this.#since;
      this.#arrivals = this.#arrivals.slice(dropped);
    }
    return arrivals;
  }

  /** What came after a position; null when some of it is not remembered any more. */
  after(position: Position): readonly Arrival[] | null {
    if (isBefore(position, this.#since)) return null;
    let low = 0;
    let high = this.#arrivals.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const arrival = this.#arrivals[middle];
      if (arrival !== undefined && isBefore(position, arrival.position)) high = middle;
      else low = middle + 1;
    }
    return this.#arrivals.slice(low);
  }

  /** Behind the last entry of a chat that is remembered; null when none is. */
  endOf(chatId: string): number | null {
    return this.#arrivals.findLast((arrival) => arrival.chatId === chatId)?.to ?? null;
  }
}

function isBefore(a: Position, b: Position): boolean {
  return a.seq < b.seq || (a.seq === b.seq && a.sent < b.sent);
}
