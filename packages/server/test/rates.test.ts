/** How fast somebody may go on, counted for very many at once. */
import { describe, expect, it } from 'vitest';
import { MAX_COUNTED_CALLS, Rate } from '../src/http/rates.js';

describe('a rate', () => {
  it('lets a burst through, and then what comes back with time', () => {
    const rate = new Rate(2, 5_000);
    for (let call = 0; call < 10; call += 1) expect(rate.take('anna', 1, 0)).toBe(0);
    expect(rate.take('anna', 1, 0)).toBe(500);
    expect(rate.left('anna', 0)).toEqual({ amount: 0, fullInMs: 5_000 });
    expect(rate.take('anna', 1, 499)).toBe(1);
    expect(rate.take('anna', 1, 500)).toBe(0);
    expect(rate.take('bert', 1, 500)).toBe(0);
    expect(rate.left('bert', 500)).toEqual({ amount: 9, fullInMs: 500 });
  });

  it('counts on for hours without a pause', () => {
    const rate = new Rate(1, 10_000);
    let refused = 0;
    for (let now = 0; now < 7_200_000; now += 500) refused += rate.take('anna', 1, now) > 0 ? 1 : 0;
    // Of two a second one is allowed beside the burst; the last of them would be due at the end.
    expect(refused).toBe(7_200 - 9);
  });

  it('forgets whoever was counted longest ago when they are too many', () => {
    const rate = new Rate(1, 3_600_000);
    rate.take('first', 100, 0);
    rate.take('second', 100, 0);
    // Whoever is counted again is no longer the one of longest ago.
    rate.take('first', 100, 60_000);
    for (let other = 2; other < MAX_COUNTED_CALLS + 1; other += 1) rate.take(`${other}`, 1, 60_000);
    expect(rate.left('first', 60_000).amount).toBe(3_600 - 140);
    expect(rate.left('second', 60_000).amount).toBe(3_600);
  });
});
