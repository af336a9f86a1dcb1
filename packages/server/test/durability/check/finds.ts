import { expect, it } from 'vitest';
import type { Story } from './story.js';

/** A history with a broken promise, and what the checker must say of it. */
export type Case = readonly [what: string, story: () => Story, found: RegExp];

/** Tests that each is found. */
export function finds(cases: readonly Case[]): void {
  it.each(cases)('%s', (_, story, found) => {
    const { problems } = story();
    expect(problems.join('\n')).toMatch(found);
  });
}
