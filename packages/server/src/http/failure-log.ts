/**
 * Answers that are our fault, in the log. What fails for one request fails for all while a disk is full
 * or memory is used up, and strangers can ask without end: of each error so many lines are written, and
 * then how many were left out.
 */
import type { ErrorCode } from '@parley/protocol';
import type { SteadyClock } from '@parley/runtime/clock/steady-clock';
import type { Log } from '../log.js';
import type { RequestIds } from './correlation.js';

/** Lines of one error within a window. */
const MAX_OF_ERROR = 20;
const WINDOW_MS = 60_000;

export class FailureLog {
  readonly #log: Log;
  readonly #clock: SteadyClock;
  /** Failures in this window. */
  readonly #counts = new Map<ErrorCode, number>();
  #windowEnds = Number.NEGATIVE_INFINITY;

  constructor(log: Log, clock: SteadyClock) {
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * @param error what it fell over
   * @param request its route, as it is registered, and what it is known by
   */
  note(
    code: ErrorCode,
    message: string,
    error: unknown,
    request: RequestIds & { readonly route: string | undefined },
  ): void {
    const now = this.#clock.elapsed();
    if (now >= this.#windowEnds) this.#begin(now);
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= MAX_OF_ERROR) this.#log.error({ err: error, ...request }, message);
  }

  #begin(now: number): void {
    for (const [code, count] of this.#counts) {
      const leftOut = count - MAX_OF_ERROR;
      if (leftOut > 0) {
        this.#log.error(
          { event: 'failures.left-out', code, count: leftOut },
          'more failures of the minute before are left out of the log',
        );
      }
    }
    this.#counts.clear();
    this.#windowEnds = now + WINDOW_MS;
  }
}
