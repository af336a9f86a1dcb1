/** A machine's clock that can be set, while what passes goes on at its own pace, as timers do. */
import type { Clock } from '@parley/runtime/clock/clock';
import { FakeClock } from './harness.js';

export class WallClock implements Clock {
  readonly #running = new FakeClock();
  #set = 0;
  /** When the process is stopped: after so many looks, for so long. */
  #stop = { looks: Number.POSITIVE_INFINITY, ms: 0 };

  now(): number {
    this.#look();
    return this.#running.now() + this.#set;
  }

  elapsed(): number {
    this.#look();
    return this.#running.elapsed();
  }

  after(ms: number, callback: () => void): () => void {
    return this.#running.after(ms, callback);
  }

  /** Sets the clock forward, or back, by so many ms. */
  set(by: number): void {
    this.#set += by;
  }

  /** Sets the clock to what it was without having been set. */
  setRight(): void {
    this.#set = 0;
  }

  advance(ms: number): void {
    this.#running.advance(ms);
  }

  /** The process is stopped for so long: nothing is called back meanwhile. */
  standStill(ms: number): void {
    this.#running.standStill(ms);
  }

  /** The same right before somebody looks at the clock, the so many-th time from now on. */
  standStillAt(looks: number, ms: number): void {
    this.#stop = { looks, ms };
  }

  #look(): void {
    this.#stop.looks -= 1;
    if (this.#stop.looks === 0) this.standStill(this.#stop.ms);
  }
}
