/**
 * Whether a handler waits for something real, such as a file or a model: then no virtual time may pass. One
 * that waits for the server, or for time, has a request or a timer of the simulation under way.
 */
import type { Clock, Fetch } from '@parley/client/agent';
import type { Handlers, HandlerRun } from '../handlers.js';

/** Longest real time that is waited for one run of a handler, ms: it may wait for what time alone brings. */
const PATIENCE_MS = 3_000;

interface Watched {
  /** Requests and timers of its own that are under way. */
  pending: number;
  /** Since when it was seen waiting for something else, real ms; null: it does not. */
  since: number | null;
  patience: number;
}

export class HandlerWatch {
  readonly #handlers: Handlers;
  readonly #watched = new WeakMap<HandlerRun, Watched>();
  /** Of the process that was killed before: nothing comes of them any more. */
  readonly #dead: ReadonlySet<HandlerRun>;

  constructor(handlers: Handlers) {
    this.#handlers = handlers;
    this.#dead = new Set(handlers.running);
  }

  /** Whether any of them waits for something real. */
  get isBusy(): boolean {
    let busy = false;
    const now = performance.now();
    for (const run of this.#handlers.running) {
      if (this.#dead.has(run)) continue;
      const watched = this.#of(run);
      if (watched.pending > 0) watched.since = null;
      else {
        watched.since ??= now;
        if (now - watched.since < PATIENCE_MS && watched.patience > 0) busy = true;
        else watched.patience = 0;
      }
    }
    return busy;
  }

  /** Something begins. @returns what is to be called when it is over */
  begin(): () => void {
    const run = this.#handlers.current;
    if (run === null) return () => {};
    const watched = this.#of(run);
    watched.pending += 1;
    let over = false;
    return () => {
      if (!over) watched.pending -= 1;
      over = true;
    };
  }

  /** The clock, as the bot has it. */
  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      random: () => clock.random(),
      after: (ms, callback) => {
        const done = this.begin();
        const cancel = clock.after(ms, () => {
          done();
          callback();
        });
        return () => {
          done();
          cancel();
        };
      },
    };
  }

  /** `fetch`, as the bot has it. */
  fetch(fetch: Fetch): Fetch {
    return async (url, init) => {
      const done = this.begin();
      try {
        return await fetch(url, init);
      } finally {
        done();
      }
    };
  }

  #of(run: HandlerRun): Watched {
    let watched = this.#watched.get(run);
    if (watched === undefined) {
      watched = { pending: 0, since: null, patience: 1 };
      this.#watched.set(run, watched);
    }
    return watched;
  }
}
