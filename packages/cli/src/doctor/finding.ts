/** What a check found. */
export { type Finding, good, problem, warning } from '@parley/server/administration';

/** The code of a system error, or its words. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
