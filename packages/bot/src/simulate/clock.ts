/** Time that goes on only when the simulation says so, and chance that is the same for the same seed. */
import type { Clock } from '@parley/client/agent';

interface Timer {
  readonly time: number;
  /** Whose it is: what several have to do at the same time they do one after another, by name. */
  readonly owner: string;
  readonly order: number;
  /** null: called off. */
  callback: (() => void) | null;
}

/** A clock whose timers run when it is stepped. Its random numbers come from the seed. */
export class VirtualClock implements Clock {
  readonly #start: number;
  readonly #seed: number;
  readonly #random: () => number;
  #now: number;
  #order = 0;
  /** A heap: the earliest first, of the same time whichever was set first. */
  readonly #timers: Timer[] = [];

  /** @param start epoch ms */
  constructor(start: number, seed: number) {
    this.#start = start;
    this.#now = start;
    this.#seed = seed;
    this.#random = randomFrom(seed);
  }

  /** Random numbers of somebody's own: who else draws some changes nothing for them. */
  randomOf(name: string): () => number {
    let mixed = this.#seed;
    for (const character of name) {
      mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 0x01000193);
    }
    return randomFrom(mixed);
  }

  /** The clock as one process has it. */
  as(name: string): ProcessClock {
    return new ProcessClock(this, name);
  }

  /** Epoch ms. */
  now(): number {
    return this.#now;
  }

  /** Ms since the simulation began. */
  elapsed(): number {
    return this.#now - this.#start;
  }

  /** From 0 up to, but not, 1. */
  random(): number {
    return this.#random();
  }

  after(ms: number, callback: () => void, owner = ''): () => void {
    this.#order += 1;
    const time = this.#now + Math.max(0, Math.ceil(ms));
    const timer: Timer = { time, owner, order: this.#order, callback };
    this.#push(timer);
    return () => {
      timer.callback = null;
    };
  }

  /** Goes on to what is due next, and does all that its owner has to do at that time. @returns false for none */
  step(): boolean {
    this.#dropCancelled();
    const next = this.#timers[0];
    if (next === undefined) return false;
    this.#now = next.time;
    // What is set now, for now, is for the next step: whoever caused it is heard first.
    const last = this.#order;
    for (let timer = next; timer !== undefined; timer = this.#timers[0] as Timer) {
      if (timer.time > this.#now || timer.owner !== next.owner || timer.order > last) break;
      this.#pop();
      timer.callback?.();
      this.#dropCancelled();
    }
    return true;
  }

  #dropCancelled(): void {
    while (this.#timers[0]?.callback === null) this.#pop();
  }

  #push(timer: Timer): void {
    const heap = this.#timers;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as Timer;
      if (isBefore(parent, timer)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = timer;
  }

  #pop(): void {
    const heap = this.#timers;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= heap.length) break;
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, heap[below] as Timer)) below += 1;
      const child = heap[below] as Timer;
      if (isBefore(last, child)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  if (a.time !== b.time) return a.time < b.time;
  return a.owner === b.owner ? a.order < b.order : a.owner < b.owner;
}

/** The clock as one process has it: when the process dies, its timers do. */
export class ProcessClock implements Clock {
  readonly #clock: VirtualClock;
  readonly #name: string;
  /** When a number was drawn last, and how often before at that time. */
  #drawn = { at: -1, times: 0 };
  #dead = false;

  constructor(clock: VirtualClock, name: string) {
    this.#clock = clock;
    this.#name = name;
  }

  /** From 0 up to, but not, 1. What is drawn at one time changes nothing for later ones. */
  readonly random = (): number => {
    const at = this.elapsed();
    this.#drawn = { at, times: this.#drawn.at === at ? this.#drawn.times + 1 : 0 };
    return this.#clock.randomOf(`${this.#name} ${at} ${this.#drawn.times}`)();
  };

  now(): number {
    return this.#clock.now();
  }

  elapsed(): number {
    return this.#clock.elapsed();
  }

  after(ms: number, callback: () => void): () => void {
    return this.#clock.after(
      ms,
      () => {
        if (!this.#dead) callback();
      },
      this.#name,
    );
  }

  die(): void {
    this.#dead = true;
  }
}

/** Numbers from 0 up to 1 that follow from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
