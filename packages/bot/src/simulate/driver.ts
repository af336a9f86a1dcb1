/**
 * Lets virtual time pass, as long as somebody waits for something: from one time at which something is due
 * to the next, and only when everything that the last one caused is done.
 */
import type { VirtualClock } from './clock.js';

/** Turns of the event loop without anything new after which nothing more will come by itself. */
const STILL_TURNS = 3;

/** The same where nothing came at all: most steps are of somebody who only looks at the time. */
const IDLE_TURNS = 2;

/** Turns after which it is something real that is waited for: a password's hash, say. */
const BUSY_TURNS = 100;

/** What the driver must know of what goes on. */
export interface Activity {
  /** Counts up whenever something happens. */
  readonly count: number;
  /** Whether something is under way that needs no virtual time. */
  readonly busy: boolean;
}

/** Nothing that a program waits for comes later than this, ms of virtual time. */
const MAX_WAIT = 24 * 3_600_000;

export class Driver {
  readonly #clock: VirtualClock;
  readonly #activity: () => Activity;
  readonly #stepped: () => void;
  #waiting = 0;
  /** Activity up to the last look. */
  #seen = -1;
  #running = false;

  /** @param stepped is told after each step of the clock */
  constructor(clock: VirtualClock, activity: () => Activity, stepped: () => void = () => {}) {
    this.#clock = clock;
    this.#activity = activity;
    this.#stepped = stepped;
  }

  /**
   * Lets time pass until the promise settles.
   * @param what for the error
   * @throws what it is rejected with; Error when it does not settle within a day of virtual time.
   */
  async until<T>(promise: Promise<T>, what: string): Promise<T> {
    this.#waiting += 1;
    let over = () => {};
    const tooLate = new Promise<never>((_, reject) => {
      over = this.#clock.after(MAX_WAIT, () =>
        reject(new Error(`${what} did not happen within a day of the simulation.`)),
      );
    });
    void this.#run();
    try {
      return await Promise.race([promise, tooLate]);
    } finally {
      over();
      this.#waiting -= 1;
    }
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (;;) {
        await this.#settle();
        if (this.#waiting === 0 || !this.#clock.step()) return;
        this.#stepped();
      }
    } finally {
      this.#running = false;
    }
  }

  /** Waits, in real time, until everything is done that needs no virtual time. */
  #settle(): Promise<void> {
    return new Promise((resolve) => {
      let enough = IDLE_TURNS;
      let still = 0;
      let turns = 0;
      const look = () => {
        const { count, busy } = this.#activity();
        if (count === this.#seen && !busy) still += 1;
        else {
          still = 0;
          enough = STILL_TURNS;
        }
        this.#seen = count;
        turns += 1;
        if (still >= enough) resolve();
        else if (turns > BUSY_TURNS) setTimeout(look, 1);
        else setImmediate(look);
      };
      setImmediate(look);
    });
  }
}
