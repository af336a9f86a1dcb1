/** Work that may take long lets others have their turn: the event loop is everybody's. */
import { setImmediate } from 'node:timers/promises';

/** Ms that one piece of work may keep the event loop. */
const PIECE_MS = 5;

export class Pauses {
  #begun = performance.now();

  /** To be awaited now and then: lets others have their turn when it is time for that. */
  take(): Promise<void> | undefined {
    return performance.now() - this.#begun < PIECE_MS ? undefined : this.#pause();
  }

  async #pause(): Promise<void> {
    await setImmediate();
    this.#begun = performance.now();
  }
}
