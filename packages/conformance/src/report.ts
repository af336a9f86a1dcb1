/** Results for people and for programs. */
import type { Result } from './run.js';

const MARKS = { passed: 'pass', failed: 'FAIL', skipped: 'skip' } as const;
const RULE_WIDTH = 10;
const INDENT = ' '.repeat(8 + RULE_WIDTH);

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** How many checks ended how. */
export function countResults(results: readonly Result[]): Counts {
  const of = (state: Result['outcome']['state']) =>
    results.filter(({ outcome }) => outcome.state === state).length;
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}

/** The lines for one result; what failed says what to look at, one thing a line. */
export function resultLines({ rule, title, outcome }: Result): readonly string[] {
  const head = `  ${MARKS[outcome.state]}  ${rule.padEnd(RULE_WIDTH)}${title}`;
  switch (outcome.state) {
    case 'passed':
      return [head];
    case 'skipped':
      return [head, `${INDENT}because   ${outcome.reason}`];
    case 'failed': {
      const { what, expected, got, request, answer } = outcome.failure;
      return [
        head,
        `${INDENT}what      ${what}`,
        `${INDENT}expected  ${expected}`,
        `${INDENT}got       ${got}`,
        ...(request === null ? [] : [`${INDENT}request   ${request}`]),
        ...(answer === null ? [] : [`${INDENT}answer    ${answer}`]),
      ];
    }
    default:
      return outcome satisfies never;
  }
}

/** The last line: counts by check and by rule. */
export function summaryLine(results: readonly Result[]): string {
  const { passed, failed, skipped } = countResults(results);
  const rules = new Set(results.map(({ rule }) => rule));
  const broken = new Set(
    results.filter(({ outcome }) => outcome.state === 'failed').map(({ rule }) => rule),
  );
  const verdict =
    broken.size === 0 ? 'none broken' : `${broken.size} broken: ${[...broken].join(', ')}`;
  return `${results.length} checks: ${passed} passed, ${failed} failed, ${skipped} skipped. ${rules.size} rules, ${verdict}.`;
}

export interface JsonReport {
  readonly server: string;
  readonly account: string;
  readonly counts: Counts;
  readonly rules: readonly {
    readonly rule: string;
    /** Failed when one of its checks failed, passed when one passed and none failed. */
    readonly state: Result['outcome']['state'];
    readonly checks: readonly Omit<Result, 'rule'>[];
  }[];
}

/** Results by rule, for programs. */
export function jsonReport(
  { baseUrl, account }: { readonly baseUrl: string; readonly account: string },
  results: readonly Result[],
): JsonReport {
  const byRule = new Map<string, Omit<Result, 'rule'>[]>();
  for (const { rule, ...result } of results) {
    const known = byRule.get(rule);
    if (known === undefined) byRule.set(rule, [result]);
    else known.push(result);
  }
  const rules = [...byRule].map(([rule, checks]) => {
    const states = checks.map(({ outcome }) => outcome.state);
    const state = (['failed', 'passed', 'skipped'] as const).find((each) => states.includes(each));
    return { rule, state: state ?? 'skipped', checks };
  });
  return { server: baseUrl, account, counts: countResults(results), rules };
}
