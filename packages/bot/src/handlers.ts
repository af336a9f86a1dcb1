/** Handlers that run now, and which of them it is that does something. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** One run of a bot's handlers for one event. */
export interface HandlerRun {
  /** Counts up from 1. */
  readonly number: number;
}

export class Handlers {
  readonly #current = new AsyncLocalStorage<HandlerRun>();
  readonly #running = new Set<HandlerRun>();
  #number = 0;

  /** The run that calls this; null outside of handlers. */
  get current(): HandlerRun | null {
    return this.#current.getStore() ?? null;
  }

  /** All that are not done yet. */
  get running(): ReadonlySet<HandlerRun> {
    return this.#running;
  }

  /** Runs handlers. What they do, and what comes of it, has this run as `current`. */
  async run<T>(act: () => T | Promise<T>): Promise<T> {
    this.#number += 1;
    const run: HandlerRun = { number: this.#number };
    this.#running.add(run);
    try {
      return await this.#current.run(run, act);
    } finally {
      this.#running.delete(run);
    }
  }
}
