/** Runs the checks, one after the other, and keeps what came of each. */
import type { Exchange } from './exchange.js';
import { chapters } from './checks/all.js';
import type { Chapter, Check } from './check.js';
import { curlOf } from './curl.js';
import { CannotRun, Mismatch, Skipped } from './outcome.js';
import { dismiss, prepare } from './prepare.js';
import { Fixture, type Scenario } from './scenario.js';
import { Secrets } from './secrets.js';
import type { Target } from './target.js';
import { Wire } from './wire.js';

/** What a server did otherwise; nothing in it is secret. */
export interface Failure {
  /** What was looked at: a header, a path in the body, the feed. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  /** The request as a command, with credentials masked; null when no answer is to blame. */
  readonly request: string | null;
  /** The answer: status, content type and body, as far as it is short. */
  readonly answer: string | null;
}

export type Outcome =
  | { readonly state: 'passed' }
  | { readonly state: 'failed'; readonly failure: Failure }
  | { readonly state: 'skipped'; readonly reason: string };

export interface Result {
  readonly chapter: string;
  readonly rule: string;
  readonly title: string;
  readonly outcome: Outcome;
  /** Milliseconds. */
  readonly took: number;
}

export interface RunOptions {
  /** Rule ids (`RING2`) or their families (`RING`); all when empty. */
  readonly only?: readonly string[];
  /** Whether rules that need 10 to 130 seconds of real time are examined too. */
  readonly pace?: 'fast' | 'slow';
  /** Called with every result as it comes. */
  readonly onResult?: (result: Result) => void;
}

/** Ids of all rules that the suite examines. */
export function ruleIds(): readonly string[] {
  return [...new Set(chapters.flatMap(({ checks }) => checks.map(({ rule }) => rule)))];
}

/**
 * Examines a server.
 *
 * It opens agent sessions and asks for chats in the account, and ends all of them.
 * @throws CannotRun when nothing could be examined: no such rule, no connection, wrong credentials,
 *   somebody else at work in the account.
 */
export async function runConformance(
  target: Target,
  { only = [], pace = 'fast', onResult }: RunOptions = {},
): Promise<readonly Result[]> {
  const chosen = choose(only);
  const wire = new Wire(target.ca);
  const secrets = new Secrets();
  try {
    const scenario = await prepare(target, wire, secrets).catch((error: unknown) => {
      if (error instanceof CannotRun) throw new CannotRun(secrets.mask(error.message));
      throw error;
    });
    const results: Result[] = [];
    for (const { title: chapter, checks } of chosen) {
      for (const check of checks) {
        const begun = performance.now();
        const outcome = await outcomeOf(check, scenario, pace);
        const { rule, title } = check;
        const took = Math.round(performance.now() - begun);
        const result = { chapter, rule, title, outcome, took };
        results.push(result);
        onResult?.(result);
      }
    }
    await dismiss(scenario);
    return results;
  } finally {
    wire.close();
  }
}

function choose(only: readonly string[]): readonly Chapter[] {
  if (only.length === 0) return chapters;
  const wanted = only.map((each) => each.toUpperCase());
  const isWanted = ({ rule }: Check) =>
    wanted.includes(rule) || wanted.includes(rule.replace(/\d+$/, ''));
  const known = new Set(ruleIds().flatMap((id) => [id, id.replace(/\d+$/, '')]));
  const unknown = wanted.filter((each) => !known.has(each));
  if (unknown.length > 0) {
    const families = [...new Set(ruleIds().map((id) => id.replace(/\d+$/, '')))].sort();
    throw new CannotRun(
      `No check proves ${unknown.join(', ')}: name rules of the specification like RING2, or one of the families ${families.join(', ')}.`,
    );
  }
  return chapters
    .map(({ title, checks }) => ({ title, checks: checks.filter(isWanted) }))
    .filter(({ checks }) => checks.length > 0);
}

async function outcomeOf(
  check: Check,
  scenario: Scenario,
  pace: 'fast' | 'slow',
): Promise<Outcome> {
  if (check.takes !== undefined && pace === 'fast') {
    return {
      state: 'skipped',
      reason: `it takes ${check.takes} s of real time; run it with --slow`,
    };
  }
  const fixture = new Fixture(scenario);
  try {
    await check.run(fixture);
    return { state: 'passed' };
  } catch (error) {
    if (error instanceof Skipped) return { state: 'skipped', reason: error.message };
    if (error instanceof Mismatch) {
      return { state: 'failed', failure: failureOf(error, scenario.secrets) };
    }
    throw error;
  } finally {
    await fixture.leave();
  }
}

function failureOf({ message, expected, got, answer }: Mismatch, secrets: Secrets): Failure {
  const mismatch = { what: message, expected, got, request: null, answer: null };
  const shown =
    answer === null
      ? mismatch
      : { ...mismatch, request: curlOf(answer.ask), answer: briefly(answer) };
  return {
    what: secrets.mask(shown.what),
    expected: secrets.mask(shown.expected),
    got: secrets.mask(shown.got),
    request: shown.request === null ? null : secrets.mask(shown.request),
    answer: shown.answer === null ? null : secrets.mask(shown.answer),
  };
}

const MAX_SHOWN = 800;

function briefly({ status, headers, text }: Exchange): string {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return [String(status), headers['content-type'], shown].filter(Boolean).join(' ');
}
