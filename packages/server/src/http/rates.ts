/** How fast somebody may go on: so much per second, and a time's worth of it at once. */

/** Who is counted at once at most; beyond, whoever was counted longest ago starts anew. */
export const MAX_COUNTED_CALLS = 50_000;

/** In which order they were counted is known this exactly, ms: to note it each time would cost more than to count. */
const IN_ORDER_MS = 10_000;

interface Counted {
  /** The text that the table holds: another of the same content would live on with each count. */
  readonly key: string;
  /** When all of the burst is there again, ms. */
  fullAt: number;
  /** When it was moved behind the others, ms. */
  movedAt: number;
}

export class Rate {
  readonly perSecond: number;
  /** Milliseconds of it that may come at once. */
  readonly burstMs: number;
  /** Least recently counted first, about. */
  readonly #counted = new Map<string, Counted>();

  constructor(perSecond: number, burstMs: number) {
    this.perSecond = perSecond;
    this.burstMs = burstMs;
  }

  /** What may come at once, after a pause. */
  get burst(): number {
    return Math.floor((this.perSecond * this.burstMs) / 1000);
  }

  /**
   * Counts an amount, unless it is too much.
   * @param now ms since some moment, by a clock that cannot be set
   * @returns 0 when it was counted, else the milliseconds after which it would be
   */
  take(key: string, amount: number, now: number): number {
    const known = this.#counted.get(key);
    const before = Math.max(known?.fullAt ?? now, now);
    const after = before + Math.min((amount * 1000) / this.perSecond, this.burstMs);
    const wait = after - now - this.burstMs;
    if (wait > 0) return wait;
    if (known === undefined) {
      this.#counted.set(key, { key, fullAt: after, movedAt: now });
      if (this.#counted.size > MAX_COUNTED_CALLS) this.#forgetOldest();
      return 0;
    }
    known.fullAt = after;
    if (now - known.movedAt >= IN_ORDER_MS) {
      known.movedAt = now;
      this.#counted.delete(known.key);
      this.#counted.set(known.key, known);
    }
    return 0;
  }

  /** How much of its burst is used up, from 0 to 1. */
  used(key: string, now: number): number {
    return Math.max(0, (this.#counted.get(key)?.fullAt ?? now) - now) / this.burstMs;
  }

  /** What is left, and in how many ms all of it is there again. */
  left(key: string, now: number): { readonly amount: number; readonly fullInMs: number } {
    const used = this.used(key, now);
    return { amount: Math.floor(this.burst * (1 - used)), fullInMs: used * this.burstMs };
  }

  #forgetOldest(): void {
    for (const key of this.#counted.keys()) {
      this.#counted.delete(key);
      return;
    }
  }
}
