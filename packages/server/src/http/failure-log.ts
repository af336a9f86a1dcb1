/**
 * Answers that are our fault, and refusals because there is no room, in the log. What fails for one
 * request fails for all while a disk is full or memory is used up, and strangers can ask without end: of
 * each error so many lines are written in a minute, of a refusal one, and then how many were left out.
 */
import type { ErrorCode } from '@parley/protocol';
import type { SteadyClock } from '@parley/runtime/clock/steady-clock';
import type { Log } from '../log.js';
import type { RequestIds } from './correlation.js';

/** Lines of one error within a window. */
const MAX_OF_ERROR = 20;
const WINDOW_MS = 60_000;

/** What nobody did wrong here: more was asked than there is room for, or at the wrong moment. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'busy',
  'accountFull',
  'starting',
  'stopping',
  'identityUnavailable',
] as const);

/** Levels of what is logged here. */
type Level = 'warn' | 'error';

/** What is counted of one code, or of one message. */
interface Count {
  readonly level: Level;
  readonly most: number;
  lines: number;
}

export class FailureLog {
  readonly #log: Log;
  readonly #clock: SteadyClock;
  /** In this window, by code or message. */
  readonly #counts = new Map<string, Count>();
  #isOpen = false;
  /** For messages of one place in the code that whoever asks can cause: as many of each as of an error. */
  readonly lines: { [L in Level]: (facts: object, message: string) => void } = {
    warn: (facts, message) => this.#line('warn', facts, message),
    error: (facts, message) => this.#line('error', facts, message),
  };

  constructor(log: Log, clock: SteadyClock) {
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * @param error what it fell over; it is not written of a refusal
   * @param request its route, as it is registered, and what it is known by
   */
  note(
    code: ErrorCode,
    message: string,
    error: unknown,
    request: RequestIds & { readonly route: string | undefined },
  ): void {
    if (REFUSALS.has(code)) {
      if (!this.#hasRoom(code, 'warn', 1)) return;
      this.#log.warn({ event: 'requests.refused', code, ...request }, message);
    } else if (this.#hasRoom(code, 'error', MAX_OF_ERROR)) {
      this.#log.error({ err: error, ...request }, message);
    }
  }

  #line(level: Level, facts: object, message: string): void {
    if (this.#hasRoom(message, level, MAX_OF_ERROR)) this.#log[level](facts, message);
  }

  #hasRoom(code: string, level: Level, most: number): boolean {
    this.#open();
    const count = this.#counts.get(code) ?? { level, most, lines: 0 };
    this.#counts.set(code, count);
    count.lines += 1;
    return count.lines <= most;
  }

  /** What is left out is written when the window is over, though nothing more fails. */
  #open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#clock.after(WINDOW_MS, () => this.#close());
  }

  #close(): void {
    this.#isOpen = false;
    for (const [code, { level, most, lines }] of this.#counts) {
      if (lines <= most) continue;
      const facts = { event: 'failures.left-out', code, count: lines - most };
      this.#log[level](facts, 'more failures of the minute before are left out of the log');
    }
    this.#counts.clear();
  }
}
