/** What came into the chats of one stream since its last turn, in the order of commit. */
import type { Arrival } from './recent.js';

/** Arrivals that are remembered one by one; of more, the last of each chat are. */
export const MAX_PENDING = 256;

/** What a stream is to send. */
export interface Taken {
  readonly arrivals: readonly Arrival[];
  /**
   * Whether some were merged, chat by chat: then the order between the chats is not known any more, and
   * only after the last of them is everything sent that came before its position.
   */
  readonly isMerged: boolean;
}

/**
 * A stream whose turn does not come, or whose call is refused as long as the server is busy, is given
 * what came all the same. Beyond a bound only how far each of its chats went is remembered, so that it
 * never holds more than that bound, and it has as many chats as its reader may have.
 */
export class Pending {
  #arrivals: Arrival[] = [];
  #isMerged = false;

  /** @param missed what came before it followed its chats */
  constructor(missed: readonly Arrival[] = []) {
    for (const arrival of missed) this.add(arrival);
  }

  get size(): number {
    return this.#arrivals.length;
  }

  add(arrival: Arrival): void {
    if (this.#isMerged) this.#merge(arrival);
    else {
      this.#arrivals.push(arrival);
      if (this.#arrivals.length > MAX_PENDING) this.#mergeAll();
    }
  }

  /** Everything, which it forgets. */
  take(): Taken {
    const taken = { arrivals: this.#arrivals, isMerged: this.#isMerged };
    this.#arrivals = [];
    this.#isMerged = false;
    return taken;
  }

  #mergeAll(): void {
    const all = this.#arrivals;
    this.#arrivals = [];
    this.#isMerged = true;
    for (const arrival of all) this.#merge(arrival);
  }

  /** The one that came last stands last: its position is behind all others. */
  #merge(arrival: Arrival): void {
    const at = this.#arrivals.findIndex(({ chatId }) => chatId === arrival.chatId);
    const before = at < 0 ? undefined : this.#arrivals[at];
    if (before !== undefined) this.#arrivals.splice(at, 1);
    this.#arrivals.push(before === undefined ? arrival : { ...arrival, from: before.from });
  }
}

/** What all streams share that have nothing to send: nothing is added to it. */
export const NOTHING = new Pending();
