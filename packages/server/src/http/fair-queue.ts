/**
 * Whose request is next, when more come than can be carried out at once: that of the network which
 * took the least time lately and, within a network, of a caller who took little. One's thousands of costly
 * requests hold up their own.
 */

/** Time that requests may take before the event loop looks for new ones, ms. */
const TURN_MS = 4;
/** What a network or a caller took counts half after so long, ms. */
const HALF_LIFE_MS = 1_000;
/** Networks, and callers, whose time is remembered while nothing of them waits. */
const MAX_REMEMBERED = 10_000;
/** Which of them was counted last is kept so exactly, ms: to note it with each task would cost as much as some. */
const EXACTLY_MS = 50;

/**
 * A caller who took less lately, ms, took little: those are served as they came. So whoever names itself
 * anew with each request is no better off than one who does not.
 */
const LITTLE_MS = 20;
/** Callers of a network that are looked at for who is next: the first of those that wait. */
const MAX_LOOKED_AT = 64;
/** Of so many tasks of a network one is that which waits longest, whoever's it is: nobody waits for ever. */
const OLDEST_EVERY = 4;

interface Usage {
  /** Ms, as of `at`. */
  spent: number;
  at: number;
  /** When it was moved behind the others. */
  moved: number;
}

/** What each took lately. */
class Usages {
  readonly #usage = new Map<string, Usage>();

  of(key: string, now: number): number {
    const usage = this.#usage.get(key);
    return usage === undefined ? 0 : remaining(usage, now);
  }

  count(key: string, ms: number, now: number): void {
    const known = this.#usage.get(key);
    if (known !== undefined) {
      known.spent = remaining(known, now) + ms;
      known.at = now;
      if (now - known.moved < EXACTLY_MS) return;
      known.moved = now;
      this.#usage.delete(key);
      this.#usage.set(key, known);
      return;
    }
    this.#usage.set(key, { spent: ms, at: now, moved: now });
    if (this.#usage.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#usage.keys()) {
      this.#usage.delete(oldest);
      return;
    }
  }
}

/** What waits of one network, by caller; who has waited longest first. */
class Waiting {
  readonly #callers = new Map<string, (() => void)[]>();
  #taken = 0;

  get isEmpty(): boolean {
    return this.#callers.size === 0;
  }

  add(caller: string, task: () => void): void {
    const own = this.#callers.get(caller);
    if (own === undefined) this.#callers.set(caller, [task]);
    else own.push(task);
  }

  /** Takes the task that is next. @param spentBy what a caller took lately, ms */
  take(spentBy: (caller: string) => number): readonly [string, () => void] | null {
    const caller = this.#next(spentBy);
    const own = caller === undefined ? undefined : this.#callers.get(caller);
    const task = own?.shift();
    if (caller === undefined || own === undefined || task === undefined) return null;
    this.#callers.delete(caller);
    // Behind the others: each has a turn.
    if (own.length > 0) this.#callers.set(caller, own);
    return [caller, task];
  }

  #next(spentBy: (caller: string) => number): string | undefined {
    this.#taken += 1;
    let [next] = this.#callers.keys();
    if (this.#callers.size === 1 || this.#taken % OLDEST_EVERY === 0) return next;
    let least = Number.POSITIVE_INFINITY;
    let looked = 0;
    for (const caller of this.#callers.keys()) {
      const spent = spentBy(caller);
      if (spent < LITTLE_MS) return caller;
      if (spent < least) {
        least = spent;
        next = caller;
      }
      looked += 1;
      if (looked === MAX_LOOKED_AT) break;
    }
    return next;
  }
}

export class FairQueue {
  readonly #now: () => number;
  readonly #turnMs: number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #networks = new Usages();
  readonly #callers = new Usages();
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

  /**
   * Carries a task out: at once, unless others wait or this turn's time is up.
   * @param caller who it is for within the network; those without one count as one
   */
  add(network: string, task: () => void, caller = ''): void {
    if (!this.isBusy) {
      this.#run(network, caller, task);
      this.#schedule();
      return;
    }
    let waiting = this.#waiting.get(network);
    if (waiting === undefined) {
      waiting = new Waiting();
      this.#waiting.set(network, waiting);
    }
    waiting.add(caller, task);
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
      const waiting = this.#waiting.get(network);
      const now = this.#now();
      const next = waiting?.take((caller) => this.#callers.of(keyOf(network, caller), now)) ?? null;
      if (waiting === undefined || waiting.isEmpty) this.#waiting.delete(network);
      if (next !== null) this.#run(network, ...next);
    }
    if (this.#waiting.size > 0) this.#schedule();
  }

  #run(network: string, caller: string, task: () => void): void {
    const before = this.#now();
    task();
    const after = this.#now();
    this.#spent += after - before;
    this.#networks.count(network, after - before, after);
    if (caller !== '') this.#callers.count(keyOf(network, caller), after - before, after);
  }

  /** Of the networks that wait, the one who took the least. */
  #next(): string | undefined {
    let [next] = this.#waiting.keys();
    if (this.#waiting.size === 1) return next;
    const now = this.#now();
    let least = Number.POSITIVE_INFINITY;
    for (const network of this.#waiting.keys()) {
      const spent = this.#networks.of(network, now);
      if (spent >= least) continue;
      least = spent;
      next = network;
    }
    return next;
  }
}

function keyOf(network: string, caller: string): string {
  return `${network} ${caller}`;
}

/** What still counts of it. */
function remaining({ spent, at }: Usage, now: number): number {
  return spent * 2 ** ((at - now) / HALF_LIFE_MS);
}
