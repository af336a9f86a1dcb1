/**
 * Nonces of signed requests, so that none is carried out twice (rules SIGN…).
 *
 * A nonce is remembered as long as its timestamp would still be accepted. Memory is bounded: when
 * there are too many, whoever holds most loses the oldest, and what they sign for that time or
 * before is refused from then on. After a restart nothing is remembered, so what was signed before
 * the start is refused.
 *
 * Timestamps are compared with the machine's clock, which is what clients' clocks agree with; what is
 * forgotten goes by what passed. So a clock that is set forward by mistake, and then right again,
 * leaves nobody out, and one that is set back lets nothing be carried out twice.
 */
import { getHeapStatistics } from 'node:v8';
import type { SteadyClock } from '@parley/runtime/clock/steady-clock';
import { hashToken } from '@parley/configuration/secrets/tokens';

/** How far a client's clock may be off, ms. */
export const CLOCK_SKEW_MS = 5 * 60_000;

export const MAX_REMEMBERED = 500_000;

/** What one takes in memory, bytes; and of the heap, what all of them may. */
const BYTES_PER_NONCE = 150;
const PART_OF_HEAP = 1 / 32;

/** Longer ones are remembered by their hash, characters. */
const MAX_KEPT_AS_IT_IS = 43;

function mostRemembered(): number {
  const bytes = getHeapStatistics().heap_size_limit * PART_OF_HEAP;
  return Math.min(MAX_REMEMBERED, Math.floor(bytes / BYTES_PER_NONCE));
}

export type NonceVerdict = 'fresh' | 'replayed' | 'out-of-time';

export class NonceStore {
  readonly #clock: SteadyClock;
  readonly #most: number;
  /** Timestamps (epoch s) before this are refused: what was used with them is not known. */
  readonly #since: number;
  readonly #holders = new Map<string, Holder>();
  #count = 0;
  /** Timestamps below this have been forgotten everywhere, epoch s. */
  #sweptTo = 0;
  /** What passed when that was last moved on, ms. */
  #sweptAt: number;

  /** @param most Nonces remembered at once, of all holders. */
  constructor(clock: SteadyClock, most = mostRemembered()) {
    this.#clock = clock;
    this.#since = Math.floor(clock.machineNow() / 1000);
    this.#sweptTo = this.#since - CLOCK_SKEW_MS / 1000;
    this.#sweptAt = clock.elapsed();
    this.#most = most;
  }

  /**
   * Uses a nonce up.
   * @param holder Who signed; a nonce of theirs is no nonce of others.
   * @param timestamp Epoch seconds, as signed.
   */
  use(holder: string, nonce: string, timestamp: number): NonceVerdict {
    const now = this.#clock.machineNow();
    if (Math.abs(timestamp * 1000 - now) > CLOCK_SKEW_MS) return 'out-of-time';
    if (timestamp < this.#since) return 'out-of-time';
    this.#sweep(now);
    // The clock was set back: what was used by then is not known any more.
    if (timestamp < this.#sweptTo) return 'out-of-time';
    let used = this.#holders.get(holder);
    if (used === undefined) {
      used = new Holder();
      this.#holders.set(holder, used);
    }
    const kept = nonce.length > MAX_KEPT_AS_IT_IS ? hashToken(nonce) : nonce;
    const verdict = used.use(kept, timestamp);
    if (verdict !== 'fresh') return verdict;
    this.#count += 1;
    while (this.#count > this.#most) this.#count -= this.#largest().forgetOldest();
    return 'fresh';
  }

  /** Forgets what could not be used again anyway; once per second is enough. */
  #sweep(now: number): void {
    const elapsed = this.#clock.elapsed();
    // At twice the pace at most, and no long way at once: so it follows a clock that is set forward,
    // but not before that had a chance to be set right. Remembering longer does no harm.
    const passed = Math.min(elapsed - this.#sweptAt, CLOCK_SKEW_MS) / 1000;
    const latest = Math.floor((now - CLOCK_SKEW_MS) / 1000);
    const before = Math.min(latest, this.#sweptTo + Math.floor(2 * passed));
    if (before <= this.#sweptTo) return;
    this.#sweptTo = before;
    this.#sweptAt = elapsed;
    for (const [name, holder] of this.#holders) {
      this.#count -= holder.forgetBefore(before);
      if (holder.count === 0) this.#holders.delete(name);
    }
  }

  #largest(): Holder {
    let largest = new Holder();
    for (const holder of this.#holders.values()) {
      if (holder.count > largest.count) largest = holder;
    }
    return largest;
  }
}

/** The nonces that one key used. */
class Holder {
  count = 0;
  readonly #bySecond = new Map<number, Set<string>>();
  /** Timestamps up to here were forgotten before their time, epoch s. */
  #forgotten = 0;

  use(nonce: string, timestamp: number): NonceVerdict {
    if (timestamp <= this.#forgotten) return 'out-of-time';
    let used = this.#bySecond.get(timestamp);
    if (used === undefined) {
      used = new Set();
      this.#bySecond.set(timestamp, used);
    }
    if (used.has(nonce)) return 'replayed';
    used.add(nonce);
    this.count += 1;
    return 'fresh';
  }

  /** @returns how many nonces were forgotten */
  forgetBefore(second: number): number {
    let forgotten = 0;
    for (const timestamp of [...this.#bySecond.keys()]) {
      if (timestamp < second) forgotten += this.#drop(timestamp);
    }
    return forgotten;
  }

  /** @returns how many nonces were forgotten */
  forgetOldest(): number {
    this.#forgotten = Math.min(...this.#bySecond.keys());
    return this.#drop(this.#forgotten);
  }

  #drop(timestamp: number): number {
    const dropped = this.#bySecond.get(timestamp)?.size ?? 0;
    this.#bySecond.delete(timestamp);
    this.count -= dropped;
    return dropped;
  }
}
