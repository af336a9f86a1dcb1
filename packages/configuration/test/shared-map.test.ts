import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharedMap } from '@parley/configuration/records/shared-map';

const change = fc.tuple(fc.nat(40), fc.option(fc.nat(), { nil: undefined }));

describe('a map that is never changed', () => {
  it('is what a map would be, and leaves those of before as they were', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(40)),
        fc.array(fc.array(change, { maxLength: 8 }), { maxLength: 40 }),
        (keys, rounds) => {
          const plain = new Map(keys.map((key) => [key, key]));
          let shared = SharedMap.of(plain);
          const earlier: [SharedMap<number, number>, string][] = [];
          for (const round of rounds) {
            earlier.push([shared, JSON.stringify([...shared])]);
            shared = shared.with(round);
            for (const [key, value] of round) {
              if (value === undefined) plain.delete(key);
              else plain.set(key, value);
            }
            const sorted = (map: ReadonlyMap<number, number>) => [...map].sort(([a], [b]) => a - b);
            expect(sorted(shared)).toEqual(sorted(plain));
            expect(shared.size).toBe(plain.size);
            expect([...shared.keys()].every((key) => shared.has(key))).toBe(true);
            for (let key = 0; key <= 40; key += 1) {
              expect([shared.has(key), shared.get(key)]).toEqual([plain.has(key), plain.get(key)]);
            }
          }
          for (const [map, was] of earlier) expect(JSON.stringify([...map])).toBe(was);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps a value that is replaced at its place, and puts new ones last', () => {
    let map = SharedMap.of<number, string>([1, 2, 3].map((id) => [id, String(id)]));
    // More changes than are kept beside the base.
    for (let round = 0; round < 100; round += 1) map = map.with([[2, `two ${round}`]]);
    map = map.with([
      [9, 'nine'],
      [1, undefined],
    ]);
    expect([...map]).toEqual([
      [2, 'two 99'],
      [3, '3'],
      [9, 'nine'],
    ]);
  });
});
