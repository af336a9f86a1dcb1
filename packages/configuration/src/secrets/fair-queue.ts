/**
 * Work that only so much may run of at once. Those who wait are served by turns of where they come
 * from, so that whoever sends the most waits the longest, and nobody else does.
 */

/** Too much waits already. */
export class QueueFull extends Error {
  constructor(most: number) {
    super(`more than ${most} wait already`);
    this.name = 'QueueFull';
  }
}

interface Waiting {
  readonly start: () => void;
  readonly refuse: (error: QueueFull) => void;
}

export class FairQueue {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  /** By where they come from; the one whose turn is next first. None of them is empty. */
  readonly #lanes = new Map<string, Waiting[]>();
  #running = 0;
  #waiting = 0;

  /** @param maxWaiting beyond, the newest of the longest lane is refused */
  constructor(atOnce: number, maxWaiting: number) {
    this.#atOnce = atOnce;
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Runs the work when it is its turn.
   * @param lane where it comes from
   * @throws QueueFull when too much waits, from there more than from elsewhere; whatever the work throws.
   */
  async run<T>(lane: string, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) await this.#wait(lane);
    else this.#running += 1;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  #wait(lane: string): Promise<void> {
    return new Promise((start, refuse) => {
      const own = this.#lanes.get(lane) ?? [];
      if (this.#waiting >= this.#maxWaiting && !this.#makeRoom(own.length)) {
        refuse(new QueueFull(this.#maxWaiting));
        return;
      }
      own.push({ start, refuse });
      this.#lanes.set(lane, own);
      this.#waiting += 1;
    });
  }

  /** Refuses the newest of the longest lane, if that is longer than the newcomer's would be. */
  #makeRoom(length: number): boolean {
    let longest: readonly [string, Waiting[]] = ['', []];
    for (const entry of this.#lanes) {
      if (entry[1].length > longest[1].length) longest = entry;
    }
    const [lane, all] = longest;
    if (all.length <= length + 1) return false;
    all.pop()?.refuse(new QueueFull(this.#maxWaiting));
    if (all.length === 0) this.#lanes.delete(lane);
    this.#waiting -= 1;
    return true;
  }

  #next(): void {
    const [entry] = this.#lanes;
    if (entry === undefined) {
      this.#running -= 1;
      return;
    }
    const [lane, all] = entry;
    const first = all.shift();
    this.#waiting -= 1;
    // To the end of the round, as long as somebody is left.
    this.#lanes.delete(lane);
    if (all.length > 0) this.#lanes.set(lane, all);
    first?.start();
  }
}
