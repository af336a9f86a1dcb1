/**
 * Credentials that are nobody's are counted per client address, and slowed down when they are many.
 * Good ones are never held against that count, so that nobody can lock others out.
 */
import { networkOf } from '../http/network.js';

/** Wrong credentials per minute and address that are still answered with what is wrong about them. */
export const WRONG_PER_MINUTE = 600;
const WINDOW_MS = 60_000;
/** Addresses counted at once; beyond, the one that began first starts anew. */
export const MAX_ADDRESSES = 10_000;

export class WrongCredentials {
  readonly #most: number;
  readonly #counts = new Map<string, { readonly until: number; count: number }>();

  /** @param most wrong ones per minute and address */
  constructor(most = WRONG_PER_MINUTE) {
    this.#most = most;
  }

  /**
   * Milliseconds to wait when there were too many already, else 0; counts nothing.
   * @param now as in `count`
   */
  wait(address: string, now: number): number {
    const seen = this.#counts.get(networkOf(address));
    return seen !== undefined && now < seen.until && seen.count > this.#most ? seen.until - now : 0;
  }

  /**
   * Counts one more.
   * @param now ms since some moment, by a clock that cannot be set
   * @returns milliseconds to wait when it was one too many, else 0
   */
  count(address: string, now: number): number {
    const group = networkOf(address);
    const seen = this.#counts.get(group);
    if (seen !== undefined && now < seen.until) {
      seen.count += 1;
      return seen.count > this.#most ? seen.until - now : 0;
    }
    this.#counts.delete(group);
    if (this.#counts.size >= MAX_ADDRESSES) {
      for (const first of this.#counts.keys()) {
        this.#counts.delete(first);
        break;
      }
    }
    this.#counts.set(group, { until: now + WINDOW_MS, count: 1 });
    return 0;
  }
}
