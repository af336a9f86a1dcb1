import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL, success } from './support/documents.js';
import { valuesOf } from './support/arbitrary.js';

/** The keys of all objects inside. */
function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(keysOf);
  return Array.isArray(value) ? inside : [...Object.keys(value), ...inside];
}

/** How many values are inside; a link counts as its address and its relation, wherever that stands. */
function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.entries(value).reduce((sum, [key, each]) => {
    const relations = key === '_links' ? Object.values(each as object).flat().length : 0;
    return sum + relations + sizeOf(each);
  }, 0);
}

describe.each(ALL.map((document) => [document.name, document] as const))(
  '%s',
  (_name, document) => {
    it('[WIRE1] JSON written and read again is the same value', () => {
      fc.assert(
        fc.property(valuesOf(document.schema, 'json'), (value) => {
          const json = document.write(value, 'json');
          expect(success(document.read(JSON.parse(json)))).toEqual(value);
        }),
        { numRuns: 50 },
      );
    });

    it('[XML1] XML written and read again is the same value', () => {
      fc.assert(
        fc.property(valuesOf(document.schema, 'xml'), (value) => {
          expect(success(document.readXml(document.write(value, 'xml')))).toEqual(value);
        }),
        { numRuns: 50 },
      );
    });

    it('[HAL1, HAL3] HAL has all of the value, links by relation, and no key with @ or $', () => {
      fc.assert(
        fc.property(valuesOf(document.schema, 'json'), (value) => {
          const hal: unknown = JSON.parse(document.write(value, 'hal'));
          expect(Array.isArray(hal)).toBe(false);
          // Free content may have such keys of its own.
          const own = new Set(keysOf(value));
          expect(keysOf(hal).filter((key) => /^[@$]/.test(key) && !own.has(key))).toEqual([]);
          expect(sizeOf(hal)).toBe(sizeOf(value));
        }),
        { numRuns: 20 },
      );
    });
  },
);
