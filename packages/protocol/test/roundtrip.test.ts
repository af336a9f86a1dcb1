import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL, success } from './support/documents.js';
import { valuesOf } from './support/arbitrary.js';

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

    it('[HAL1] HAL is JSON without @ and $ keys', () => {
      fc.assert(
        fc.property(valuesOf(document.schema, 'json'), (value) => {
          const hal: unknown = JSON.parse(document.write(value, 'hal'));
          expect(typeof hal === 'object' && hal !== null && !Array.isArray(hal)).toBe(true);
        }),
        { numRuns: 20 },
      );
    });
  },
);
