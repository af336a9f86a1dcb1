/** One thing to examine: the rule that it proves, and the calls that prove it. */
import type { Fixture } from './scenario.js';

export interface Check {
  /** Id of the rule in spec/. */
  readonly rule: string;
  /** What is expected, for people. */
  readonly title: string;
  /** Seconds of real time that it must wait for; absent when it need not. */
  readonly takes?: number;
  /** @throws Mismatch when the server does otherwise; Skipped when it cannot be found out here. */
  readonly run: (fixture: Fixture) => Promise<void>;
}

/** Checks that belong together, under a heading of the report. */
export interface Chapter {
  readonly title: string;
  readonly checks: readonly Check[];
}

/** A check of a rule. */
export function check(rule: string, title: string, run: Check['run']): Check {
  return { rule, title, run };
}

/** A check that waits for real time to pass; it runs only when asked for. */
export function slowCheck(rule: string, takes: number, title: string, run: Check['run']): Check {
  return { rule, title, takes, run };
}
