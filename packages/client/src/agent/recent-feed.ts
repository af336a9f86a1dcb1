/** A chat's events of which only the last stay in memory. */
import { type ChatEvent, Feed } from '../core/feed.js';

/** By default. */
const KEEP = 1_000;

export class RecentFeed extends Feed {
  readonly #keeps: number;
  #dropped = -1;

  /** @param keeps how many events stay in memory at least; once there are twice as many the oldest go */
  constructor(keeps = KEEP) {
    super();
    this.#keeps = keeps;
  }

  /** Id of the last event that is not in memory any more; -1 while all are. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The first event in memory behind an id. */
  after(id: number): ChatEvent | undefined {
    const { events } = this;
    let low = 0;
    for (let high = events.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((events[middle]?.id ?? 0) > id) high = middle;
      else low = middle + 1;
    }
    return events[low];
  }

  override add(events: unknown): readonly ChatEvent[] {
    const fresh = super.add(events);
    // The list is its own; only whoever reads it may not change it.
    const stored = this.events as ChatEvent[];
    if (stored.length >= 2 * this.#keeps) {
      const gone = stored.splice(0, stored.length - this.#keeps);
      this.#dropped = gone.at(-1)?.id ?? this.#dropped;
    }
    return fresh;
  }
}
