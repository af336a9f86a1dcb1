/**
 * How many failures somebody may have: so many at once, and then one more from time to time. Who has
 * used it up waits for seconds, not until everything is forgotten. Memory is bounded.
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** The size of a budget. */
export interface BudgetSize {
  /** Failures that may come at once; 0 for none beyond the steady ones. */
  readonly burst: number;
  /** Seconds until a burst may come again, from its first failure on. */
  readonly burstSeconds: number;
  /** Seconds from one failure to the next, once the burst is used up. */
  readonly everySeconds: number;
}

/** What a failure was taken from. */
export type TakenFrom = 'burst' | 'steady';

/** Whether there is room for a failure, and when; `ms` is 0 for now. Which of its burst it is: 1 for the first. */
export type Room =
  | { readonly ms: 0; readonly from: 'burst'; readonly nth: number }
  | { readonly ms: 0; readonly from: 'steady' }
  | { readonly ms: number; readonly from: null };

/** Failures that are counted by a key. */
export interface Budget {
  /** Whether a failure would find room; nothing is counted. */
  room(key: string): Promise<Room>;
  /** Counts a failure, unless there is no room for it. */
  take(key: string): Promise<Room>;
  /** Takes back a failure that was none. */
  requeue(key: string, from: TakenFrom): Promise<void>;
}

/** Keys counted at once by each of both counts; beyond, whoever failed longest ago starts anew. */
export const MAX_KEYS = 20_000;

export class FailureBudget implements Budget {
  readonly #burst: Count;
  readonly #steady: Count;

  constructor({ burst, burstSeconds, everySeconds }: BudgetSize) {
    this.#burst = new Count(burst, burstSeconds);
    this.#steady = new Count(1, everySeconds);
  }

  async room(key: string): Promise<Room> {
    const { ms: untilBurst, counted } = await this.#burst.look(key);
    if (untilBurst === 0) return { ms: 0, from: 'burst', nth: counted + 1 };
    const { ms } = await this.#steady.look(key);
    return ms === 0 ? { ms: 0, from: 'steady' } : { ms, from: null };
  }

  async take(key: string): Promise<Room> {
    const { ms: untilBurst, counted } = await this.#burst.take(key);
    if (untilBurst === 0) return { ms: 0, from: 'burst', nth: counted };
    const { ms } = await this.#steady.take(key);
    return ms === 0 ? { ms: 0, from: 'steady' } : { ms, from: null };
  }

  async requeue(key: string, from: TakenFrom): Promise<void> {
    await (from === 'burst' ? this.#burst : this.#steady).requeue(key);
  }

  /** Forgets all failures of the key. */
  async forget(key: string): Promise<void> {
    await this.#burst.forget(key);
    await this.#steady.forget(key);
  }
}

interface Counted {
  readonly ms: number;
  readonly counted: number;
}

/** Failures within a window that begins with the first one. */
class Count {
  readonly #limiter: RateLimiterMemory;
  /** What is counted, least recently counted first. */
  readonly #keys = new Set<string>();

  constructor(points: number, seconds: number) {
    this.#limiter = new RateLimiterMemory({ points, duration: seconds });
  }

  /** Milliseconds until one more would be counted, 0 for now; and how many are. */
  async look(key: string): Promise<Counted> {
    if (this.#limiter.points === 0) return { ms: Number.POSITIVE_INFINITY, counted: 0 };
    const seen = await this.#limiter.get(key);
    const counted = seen?.consumedPoints ?? 0;
    if (seen === null || counted < this.#limiter.points) return { ms: 0, counted };
    // Of a clock that was set back the library says more than there is.
    const ms = Math.min(Math.max(0, seen.msBeforeNext), this.#limiter.duration * 1000);
    return { ms, counted };
  }

  /** Counts one more: 0, or the milliseconds until it would be counted; and how many are now. */
  async take(key: string): Promise<Counted> {
    const room = await this.look(key);
    if (room.ms > 0) return room;
    let counted: number;
    try {
      counted = (await this.#limiter.consume(key)).consumedPoints;
    } catch (refused) {
      // Somebody else took the last one meanwhile.
      if (!(refused instanceof RateLimiterRes)) throw refused;
      return { ms: Math.max(1, refused.msBeforeNext), counted: refused.consumedPoints };
    }
    this.#keys.delete(key);
    this.#keys.add(key);
    if (this.#keys.size > MAX_KEYS) await this.#forgetOldest();
    return { ms: 0, counted };
  }

  async requeue(key: string): Promise<void> {
    const seen = await this.#limiter.get(key);
    if (seen !== null && seen.consumedPoints > 0) await this.#limiter.reward(key);
  }

  async forget(key: string): Promise<void> {
    this.#keys.delete(key);
    await this.#limiter.delete(key);
  }

  async #forgetOldest(): Promise<void> {
    const [oldest] = this.#keys;
    if (oldest !== undefined) await this.forget(oldest);
  }
}
