import { onAbort } from './clock.js';

/** Something that happens again and again, and can be waited for. */
export class Pulse {
  #waiting: (() => void)[] = [];

  /** Lets everybody go on who waits. */
  fire(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Settles when it happens next, or when the signal is aborted. */
  next(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const done = () => {
        off();
        resolve();
      };
      const off = onAbort(signal, done);
      this.#waiting.push(done);
    });
  }
}
