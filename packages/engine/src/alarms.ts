interface Entry {
  readonly key: string;
  readonly at: number;
}

/** So many superseded entries are no burden. */
const FEW = 64;

/** In the order of keys at the same time: a state read from a snapshot must do the same as before. */
function isBefore(a: Entry, b: Entry): boolean {
  return a.at === b.at ? a.key < b.key : a.at < b.at;
}

/**
 * Many keys, each with at most one time at which something is due. Setting and clearing is cheap:
 * a superseded entry stays in the heap and is skipped when it comes up.
 */
export class Alarms {
  readonly #at = new Map<string, number>();
  #heap: Entry[] = [];

  get size(): number {
    return this.#at.size;
  }

  /** Sets or moves a key's time (epoch ms). */
  set(key: string, at: number): void {
    if (this.#at.get(key) === at) return;
    this.#at.set(key, at);
    this.#push({ key, at });
    if (this.#heap.length > 2 * this.#at.size + FEW) this.#clearStale();
  }

  clear(key: string): void {
    this.#at.delete(key);
  }

  /** The earliest time that is set, or null. */
  next(): number | null {
    this.#skipStale();
    return this.#heap[0]?.at ?? null;
  }

  /** Takes out every key due at `now`, earliest first; at the same time in the order of the keys. */
  takeDue(now: number): string[] {
    const due: string[] = [];
    for (;;) {
      this.#skipStale();
      const top = this.#heap[0];
      if (top === undefined || top.at > now) return due;
      this.#pop();
      this.#at.delete(top.key);
      due.push(top.key);
    }
  }

  /** A sorted list is a heap. */
  #clearStale(): void {
    const entries = [...this.#at].map(([key, at]) => ({ key, at }));
    this.#heap = entries.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #skipStale(): void {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || this.#at.get(top.key) === top.at) return;
      this.#pop();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      const left = heap[child];
      if (left === undefined) break;
      let smaller = left;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, left)) {
        smaller = right;
        child += 1;
      }
      if (!isBefore(smaller, last)) break;
      heap[i] = smaller;
      i = child;
    }
    heap[i] = last;
  }
}
