/**
 * Many keys, each with at most one time at which something is due. Setting and clearing is cheap:
 * a superseded entry stays in the heap and is skipped when it comes up.
 */
export class Alarms {
  readonly #at = new Map<string, number>();
  readonly #heap: { readonly key: string; readonly at: number }[] = [];

  get size(): number {
    return this.#at.size;
  }

  /** Sets or moves a key's time (epoch ms). */
  set(key: string, at: number): void {
    this.#at.set(key, at);
    this.#push({ key, at });
  }

  clear(key: string): void {
    this.#at.delete(key);
  }

  /** The earliest time that is set, or null. */
  next(): number | null {
    this.#skipStale();
    return this.#heap[0]?.at ?? null;
  }

  /** Takes out every key due at `now`, earliest first. */
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

  #skipStale(): void {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || this.#at.get(top.key) === top.at) return;
      this.#pop();
    }
  }

  #push(entry: { key: string; at: number }): void {
    const heap = this.#heap;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= entry.at) break;
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
      if (right !== undefined && right.at < left.at) {
        smaller = right;
        child += 1;
      }
      if (smaller.at >= last.at) break;
      heap[i] = smaller;
      i = child;
    }
    heap[i] = last;
  }
}
