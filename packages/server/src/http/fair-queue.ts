/**
 * Whose request is next, when more come than can be carried out at once: that of the network which
 * took the least time lately. One network's thousands of costly requests hold up its own.
 */

/** Time that requests may take before the event loop looks for new ones, ms. */
const TURN_MS = 4;
/** What a network took counts half after so long, ms. */
const HALF_LIFE_MS = 1_000;
/** Networks whose time is remembered while nothing of them waits. */
const MAX_REMEMBERED = 10_000;
/** Which of them was counted last is kept so exactly, ms: to note it with each task would cost as much as some. */
const EXACTLY_MS = 50;

interface Usage {
  /** Ms, as of `at`. */
  spent: number;
  at: number;
  /** When it was moved behind the others. */
  moved: number;
}

export class FairQueue {
  readonly #now: () => number;
  readonly #turnMs: number;
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #usage = new Map<string, Usage>();
  /** Ms that were spent in this turn of the event loop. */
  #spent = 0;
  #scheduled = false;

  /**
   * @param now ms, never running backwards
   * @param turnMs time that tasks may take before the event loop looks for other things
   */
  constructor(now: () => number = () => performance.now(), turnMs = TURN_MS) {
    this.#now = now;
    this.#turnMs = turnMs;
  }

  /** Whether what is added now would have to wait. */
  get isBusy(): boolean {
    return this.#waiting.size > 0 || this.#spent >= this.#turnMs;
  }

  /** Carries a task out: at once, unless others wait or this turn's time is up. */
  add(network: string, task: () => void): void {
    if (!this.isBusy) {
      this.#run(network, task);
      this.#schedule();
      return;
    }
    const own = this.#waiting.get(network);
    if (own === undefined) this.#waiting.set(network, [task]);
    else own.push(task);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    this.#spent = 0;
    while (this.#spent < this.#turnMs) {
      const network = this.#next();
      if (network === undefined) return;
      const own = this.#waiting.get(network) ?? [];
      const task = own.shift();
      if (own.length === 0) this.#waiting.delete(network);
      if (task !== undefined) this.#run(network, task);
    }
    if (this.#waiting.size > 0) this.#schedule();
  }

  #run(network: string, task: () => void): void {
    const before = this.#now();
    task();
    const after = this.#now();
    this.#spent += after - before;
    this.#count(network, after - before, after);
  }

  /** Of those who wait, the one who took the least. */
  #next(): string | undefined {
    let [next] = this.#waiting.keys();
    if (this.#waiting.size === 1) return next;
    const now = this.#now();
    let least = Number.POSITIVE_INFINITY;
    for (const network of this.#waiting.keys()) {
      const spent = this.#spentBy(network, now);
      if (spent >= least) continue;
      least = spent;
      next = network;
    }
    return next;
  }

  #spentBy(network: string, now: number): number {
    const usage = this.#usage.get(network);
    return usage === undefined ? 0 : remaining(usage, now);
  }

  #count(network: string, ms: number, now: number): void {
    const known = this.#usage.get(network);
    if (known !== undefined) {
      known.spent = remaining(known, now) + ms;
      known.at = now;
      if (now - known.moved < EXACTLY_MS) return;
      known.moved = now;
      this.#usage.delete(network);
      this.#usage.set(network, known);
      return;
    }
    this.#usage.set(network, { spent: ms, at: now, moved: now });
    if (this.#usage.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#usage.keys()) {
      this.#usage.delete(oldest);
      return;
    }
  }
}

/** What still counts of it. */
function remaining({ spent, at }: Usage, now: number): number {
  return spent * 2 ** ((at - now) / HALF_LIFE_MS);
}
