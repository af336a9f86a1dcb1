import { describe, expect, it } from 'vitest';
import type { WriteRequest } from '../src/group-commit/messages.js';
import { Checkpoints } from '../src/sqlite/checkpoints.js';

const append = { do: 'append', values: ['a', 1, '{}'] } as unknown as WriteRequest;

/** Commits of one row, one each millisecond: the pages that each emptying had, which takes so many ms. */
function emptied(takesMs: number, commits: number): number[] {
  let now = 0;
  let pages = 0;
  const found: number[] = [];
  const checkpoints = new Checkpoints(
    {
      execute: () => {
        now += takesMs;
        found.push(pages);
        pages = 0;
      },
    },
    () => {},
    () => now,
  );
  for (let commit = 0; commit < commits; commit += 1) {
    now += 1;
    pages += 7;
    checkpoints.committed([append]);
    checkpoints.consider();
  }
  return found;
}

describe('emptying the write-ahead log', () => {
  it('[STORE80] takes some hundred pages at once, so that whoever writes next waits for a millisecond', () => {
    const found = emptied(0.5, 1_000);
    expect(found.length).toBeGreaterThan(60);
    for (const pages of found) expect(pages).toBeLessThan(110);
  });

  it('[STORE80] takes up to a thousand where the disk is slow, and a twentieth of the time', () => {
    const found = emptied(5, 10_000);
    for (const pages of found.slice(1)) {
      expect(pages).toBeGreaterThan(690);
      expect(pages).toBeLessThan(1_010);
    }
    expect((found.length * 5) / 10_000).toBeLessThan(0.06);
  });

  it('[STORE80] never leaves more than a thousand, however slow it is', () => {
    for (const pages of emptied(500, 10_000)) expect(pages).toBeLessThan(1_010);
  });

  it('[STORE89] reports once that it cannot be done, and once that it can be again, and tries again every second', () => {
    let now = 0;
    let tries = 0;
    const failedAt: number[] = [];
    const said: unknown[] = [];
    const full = new Error('the disk is full');
    const execute = () => {
      tries += 1;
      if (tries <= 3 || tries > 6) return;
      failedAt.push(now);
      throw full;
    };
    const checkpoints = new Checkpoints(
      { execute },
      (failure) => said.push([tries, failure]),
      () => now,
    );
    while (tries < 10) {
      now += 1;
      checkpoints.committed([append]);
      checkpoints.consider();
    }
    expect(said).toEqual([
      [4, full],
      [7, null],
    ]);
    const [first = 0, ...later] = failedAt;
    expect(later.map((at, index) => at - first - 1_000 * (index + 1))).toEqual([0, 0]);
  });
});
