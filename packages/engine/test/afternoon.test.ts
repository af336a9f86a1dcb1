import { expect, it } from 'vitest';
import { estimatedWait } from '@parley/engine';
import { restored } from './restored.js';
import { afternoon, type Estimated } from './afternoon.js';

/** By which factor a wait was missed; waits below five seconds count as five. */
function factor(estimated: number, waited: number): number {
  const [low = 0, high = 0] = [Math.max(5, estimated), Math.max(5, waited)].sort((a, b) => a - b);
  return high / low;
}

function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(at * sorted.length)] ?? Number.NaN;
}

/** Errors about those who had to wait, were given an estimate, and were served. */
function errors(visitors: readonly Estimated[], by: 'estimated' | 'mean'): number[] {
  return visitors.flatMap((each) =>
    each.waited === null || each.estimated <= 0 || each[by] <= 0
      ? []
      : [factor(each[by], each.waited)],
  );
}

it.each([1, 2, 3, 4, 5, 6])(
  '[EST9] the estimate is within a factor of 2 through an afternoon of overload (seed %i)',
  (seed) => {
    const visitors = afternoon(seed, ({ state, config, now }, skillId) =>
      estimatedWait(state, config, skillId, now),
    );
    const off = errors(visitors, 'estimated');
    expect(visitors).toHaveLength(300);
    // It was an afternoon of overload: many had to wait, and long.
    expect(off.length).toBeGreaterThan(100);
    expect(
      quantile(
        visitors.map(({ waited }) => waited ?? 0),
        0.75,
      ),
    ).toBeGreaterThan(300);
    expect(quantile(off, 0.5)).toBeLessThanOrEqual(2);
    expect(quantile(off, 0.9)).toBeLessThanOrEqual(5);
    // What a mean of past waits says is further off where it counts.
    expect(quantile(off, 0.9)).toBeLessThan(quantile(errors(visitors, 'mean'), 0.9));
  },
);

it('[EST10] a restart changes no estimate', () => {
  afternoon(7, ({ state, config, now }, skillId) => {
    const again = restored(state);
    const estimated = estimatedWait(state, config, skillId, now);
    expect(estimatedWait(again, config, skillId, now)).toBe(estimated);
    return estimated;
  });
});
