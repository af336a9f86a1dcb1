/** Times at which something is due, by key. */
import { Heap } from './heap.js';

/** What must not be late: an agent who accepts a moment after a ring was over must not get the chat. */
const URGENT = 'ring:';

/**
 * Many keys, each with at most one time at which something is due. Setting and clearing is cheap, and
 * leaves nothing behind.
 */
export class Deadlines {
  readonly #at = new Map<string, number>();
  readonly #urgent = new Heap<string>((a, b) => this.#isBefore(a, b));
  readonly #others = new Heap<string>((a, b) => this.#isBefore(a, b));

  get size(): number {
    return this.#at.size;
  }

  /** Sets or moves a key's time (epoch ms). */
  set(key: string, at: number): void {
    if (this.#at.get(key) === at) return;
    this.#at.set(key, at);
    this.#heapOf(key).set(key);
  }

  clear(key: string): void {
    this.#heapOf(key).delete(key);
    this.#at.delete(key);
  }

  /** The earliest time that is set, or null. */
  next(): number | null {
    const key = this.#first();
    return key === undefined ? null : (this.#at.get(key) ?? null);
  }

  /**
   * Takes out every key due at `now`, earliest first; at the same time in the order of the keys.
   * @param most so many at most, but for those that must not be late
   */
  takeDue(now: number, most = Number.POSITIVE_INFINITY): string[] {
    const due: string[] = [];
    let left = most;
    for (;;) {
      const key = left > 0 ? this.#first() : this.#urgent.first;
      if (key === undefined || (this.#at.get(key) ?? 0) > now) return due;
      this.clear(key);
      due.push(key);
      if (!key.startsWith(URGENT)) left -= 1;
    }
  }

  #first(): string | undefined {
    const [a, b] = [this.#urgent.first, this.#others.first];
    if (a === undefined || b === undefined) return a ?? b;
    return this.#isBefore(a, b) ? a : b;
  }

  #heapOf(key: string): Heap<string> {
    return key.startsWith(URGENT) ? this.#urgent : this.#others;
  }

  /** In the order of keys at the same time: a state read from a snapshot must do the same as before. */
  #isBefore(a: string, b: string): boolean {
    const [x, y] = [this.#at.get(a) ?? 0, this.#at.get(b) ?? 0];
    return x === y ? a < b : x < y;
  }
}
