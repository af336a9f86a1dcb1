/** Times at which something is due, by key. */
import { Heap } from './heap.js';

/** What must not be late: an agent who accepts a moment after a ring was over must not get the chat. */
const URGENT = 'ring:';

/** Opening hours: times of the day, which stay where they are when the clock is set. */
const FIXED = 'open:';

/**
 * Many keys, each with at most one time at which something is due. Setting and clearing is cheap, and
 * leaves nothing behind. All of them can be moved along at once, however many there are.
 */
export class Deadlines {
  readonly #urgent = new Group();
  readonly #others = new Group();
  readonly #fixed = new Group();

  get size(): number {
    return this.#urgent.size + this.#others.size + this.#fixed.size;
  }

  /** Sets or moves a key's time (epoch ms). */
  set(key: string, at: number): void {
    this.#groupOf(key).set(key, at);
  }

  clear(key: string): void {
    this.#groupOf(key).clear(key);
  }

  /** Moves all along when the clock was set by so many ms, but for times of the day. */
  move(by: number): void {
    this.#urgent.shift += by;
    this.#others.shift += by;
  }

  /** The earliest time that is set, or null. */
  next(): number | null {
    return this.#first()?.at ?? null;
  }

  /**
   * Takes out every key due at `now`, earliest first; at the same time in the order of the keys.
   * @param most so many at most, but for those that must not be late
   */
  takeDue(now: number, most = Number.POSITIVE_INFINITY): string[] {
    const due: string[] = [];
    let left = most;
    for (;;) {
      const first = left > 0 ? this.#first() : this.#urgent.first;
      if (first === null || first.at > now) return due;
      const { key } = first;
      this.clear(key);
      due.push(key);
      if (!key.startsWith(URGENT)) left -= 1;
    }
  }

  #first(): Due | null {
    return earlier(this.#urgent.first, earlier(this.#others.first, this.#fixed.first));
  }

  #groupOf(key: string): Group {
    if (key.startsWith(URGENT)) return this.#urgent;
    return key.startsWith(FIXED) ? this.#fixed : this.#others;
  }
}

interface Due {
  readonly key: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Keys whose times move together. */
class Group {
  /** What is to be added to the times that are kept, ms. */
  shift = 0;
  readonly #at = new Map<string, number>();
  readonly #heap = new Heap<string>((a, b) => {
    const [x, y] = [this.#at.get(a) ?? 0, this.#at.get(b) ?? 0];
    return isBefore(a, x, b, y);
  });

  get size(): number {
    return this.#at.size;
  }

  get first(): Due | null {
    const key = this.#heap.first;
    return key === undefined ? null : { key, at: (this.#at.get(key) ?? 0) + this.shift };
  }

  set(key: string, at: number): void {
    const kept = at - this.shift;
    if (this.#at.get(key) === kept) return;
    this.#at.set(key, kept);
    this.#heap.set(key);
  }

  clear(key: string): void {
    this.#heap.delete(key);
    this.#at.delete(key);
  }
}

function earlier(one: Due | null, other: Due | null): Due | null {
  if (one === null || other === null) return one ?? other;
  return isBefore(one.key, one.at, other.key, other.at) ? one : other;
}

/** In the order of keys at the same time: a state read from a snapshot must do the same as before. */
function isBefore(a: string, x: number, b: string, y: number): boolean {
  return x === y ? a < b : x < y;
}
