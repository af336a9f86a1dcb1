/** What stands before the caret that a list completes: `/hel` canned texts, `:smi` emoji. */

export interface Completing {
  readonly kind: 'canned' | 'emoji';
  readonly query: string;
  /** Where the sign stands, and where what was typed after it ends. */
  readonly from: number;
  readonly to: number;
}

const SIGNS = [
  ['canned', /(?:^|\s)(\/)([\p{L}\p{N}_-]{0,40})$/u],
  // One sign more than `:`, so that a colon in a sentence opens nothing.
  ['emoji', /(?:^|\s)(:)([\p{L}\p{N}_+-]{2,40})$/u],
] as const;

/** @param caret where the caret stands; null while something is selected */
export function completingAt(text: string, caret: number | null): Completing | null {
  if (caret === null) return null;
  const before = text.slice(Math.max(0, caret - 60), caret);
  for (const [kind, pattern] of SIGNS) {
    const query = pattern.exec(before)?.[2];
    if (query !== undefined) return { kind, query, from: caret - query.length - 1, to: caret };
  }
  return null;
}
