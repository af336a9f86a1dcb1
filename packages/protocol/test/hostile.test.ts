import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatRequestDocument, newEventDocument, parseJson, parseXml } from '../src/index.js';
import { ALL } from './support/documents.js';
import { valuesOf } from './support/arbitrary.js';
import { processorMs } from './support/processor-time.js';

const anything = fc.anything({
  key: fc.oneof(
    fc.string(),
    fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'length'),
    fc.constantFrom('event', 'request', '@type', 'type', 'link', 'question', '$', 'text', 'json'),
  ),
  withNullPrototype: true,
  withSparseArray: true,
  maxDepth: 4,
});

describe('hostile input', () => {
  it('[WIRE22] whatever is sent is read or refused, never thrown at the caller', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(...ALL), (body, document) => {
        for (const sent of [body, { [document.root ?? 'x']: body }]) {
          const result = document.read(sent);
          if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
        }
        expect('polluted' in {}).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('[WIRE22] what is read passes the schema and can be written', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(...ALL), (body, document) => {
        const result = document.read({ [document.root ?? 'x']: body });
        if (!result.ok) return;
        for (const representation of ['json', 'xml', 'hal'] as const) {
          expect(typeof document.write(result.value, representation)).toBe('string');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('[XML10] text of any kind is read or refused', () => {
    const noise = fc.string({
      unit: fc.constantFrom(
        '<',
        '>',
        '/',
        '&',
        ';',
        '#',
        '!',
        '[',
        ']',
        '-',
        '?',
        '"',
        "'",
        '=',
        'a',
        ' ',
        '\n',
        ':',
        '\u0000',
      ),
      maxLength: 40,
    });
    fc.assert(
      fc.property(noise, (text) => {
        expect(typeof parseXml(text).ok).toBe('boolean');
        expect(typeof parseJson(text).ok).toBe('boolean');
        const result = newEventDocument.readXml(text);
        if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('[XML10] damaged documents are read or refused', () => {
    const requests = valuesOf(chatRequestDocument.schema, 'xml') as fc.Arbitrary<
      Parameters<typeof chatRequestDocument.write>[0]
    >;
    fc.assert(
      fc.property(
        requests,
        fc.nat(),
        fc.nat(8),
        fc.string({ maxLength: 3 }),
        (value, at, cut, put) => {
          const xml = chatRequestDocument.write(value, 'xml');
          const place = at % xml.length;
          const damaged = xml.slice(0, place) + put + xml.slice(place + cut);
          expect(typeof chatRequestDocument.readXml(damaged).ok).toBe('boolean');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('[XML10] 64 KiB of anything is answered quickly', () => {
    const size = 65_536;
    const floods = [
      '<'.repeat(size),
      '<a '.repeat(size / 3),
      `<a ${'b="1" '.repeat(size / 6)}/>`,
      `<a>${'&'.repeat(size)}</a>`,
      `<a>${'&amp;'.repeat(size / 5)}</a>`,
      `<a>${'<!---->'.repeat(size / 7)}</a>`,
      `<a>${'<![CDATA[]]>'.repeat(size / 12)}</a>`,
      `<a>${'<b></b>'.repeat(size / 7)}</a>`,
      `<a b="${'"'.repeat(size)}`,
      `<?${'x'.repeat(size)}`,
      `<!--${'-'.repeat(size)}`,
      `<!${' '.repeat(size)}`,
      '<a>'.repeat(size / 3),
    ];
    for (const flood of floods) {
      const spent = processorMs(() => void newEventDocument.readXml(flood));
      expect(spent, flood.slice(0, 20)).toBeLessThan(500);
    }
  });
});
