/** How fast somebody may go on: so much per second, and a time's worth of it at once. */

/** Who is counted at once at most; beyond, whoever was counted longest ago starts anew. */
export const MAX_COUNTED_CALLS = 50_000;

export class Rate {
  readonly perSecond: number;
  /** Milliseconds of it that may come at once. */
  readonly burstMs: number;
  /** When each of them has all of its burst again, ms; least recently counted first. */
  readonly #fullAt = new Map<string, number>();

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
    const before = Math.max(this.#fullAt.get(key) ?? now, now);
    const after = before + Math.min((amount * 1000) / this.perSecond, this.burstMs);
    const wait = after - now - this.burstMs;
    if (wait > 0) return wait;
    this.#fullAt.delete(key);
    this.#fullAt.set(key, after);
    if (this.#fullAt.size > MAX_COUNTED_CALLS) this.#forgetOldest();
    return 0;
  }

  /** How much of its burst is used up, from 0 to 1. */
  used(key: string, now: number): number {
    return Math.max(0, (this.#fullAt.get(key) ?? now) - now) / this.burstMs;
  }

  /** What is left, and in how many ms all of it is there again. */
  left(key: string, now: number): { readonly amount: number; readonly fullInMs: number } {
    const used = this.used(key, now);
    return { amount: Math.floor(this.burst * (1 - used)), fullInMs: used * this.burstMs };
  }

  #forgetOldest(): void {
    for (const key of this.#fullAt.keys()) {
      this.#fullAt.delete(key);
      return;
    }
  }
}
