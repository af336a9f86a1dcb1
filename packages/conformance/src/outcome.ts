/** Ways in which a check ends without passing. */
import type { Exchange } from './exchange.js';

/** The server does not do what the rule says. */
export class Mismatch extends Error {
  readonly expected: string;
  readonly got: string;
  /** The answer that shows it; null when there was none to look at. */
  readonly answer: Exchange | null;

  constructor(what: string, expected: string, got: string, answer: Exchange | null) {
    super(what);
    this.name = 'Mismatch';
    this.expected = expected;
    this.got = got;
    this.answer = answer;
  }
}

/** The rule cannot be examined on this server; the message says why. */
export class Skipped extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Skipped';
  }
}

/** Nothing can be examined at all; the message says why and what to do. */
export class CannotRun extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotRun';
  }
}
