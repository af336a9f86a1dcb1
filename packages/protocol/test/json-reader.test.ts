import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../src/index.js';
import { Numeral } from '../src/values.js';
import { processorMs } from './support/processor-time.js';

function refused(text: string): string {
  const result = parseJson(text);
  if (result.ok) throw new Error(`${text} was read`);
  return result.message;
}

describe('JSON bodies', () => {
  it('[WIRE19] what is JSON is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const read = parseJson(text);
        if (/__proto__|constructor|prototype/.test(text)) return;
        expect(read).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it('[WIRE19] an empty text is no body, and a byte order mark is skipped', () => {
    expect(parseJson('')).toEqual({ ok: true, value: undefined });
    expect(parseJson(' \r\n')).toEqual({ ok: true, value: undefined });
    expect(parseJson('\ufeff{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
  });

  it.each([
    ['{"a":1,}', 'line 1, column 8: expected key, found }'],
    ['{"a":\n  tru}', 'line 2, column 3: expected value, found "t"'],
    ['[1,\n 2\n 3]', 'line 3, column 2: expected , or ], found a literal'],
    ['{"a" 1}', 'line 1, column 6: expected :, found a literal'],
    ['{a:1}', 'line 1, column 2: expected key or }, found "a"'],
    ['{"a":1', 'line 1, column 7: expected , or }, found the end of the text'],
    ['["x', 'line 1, column 2: expected value or ], found a string that is not closed'],
    ['["\\x"]', 'line 1, column 2: expected value or ], found a string that is not closed'],
    ['{} {}', 'line 1, column 4: expected nothing more, found {'],
    ['01', 'line 1, column 1: expected value, found "0"'],
    ["{'a':1}", 'line 1, column 2: expected key or }, found "\'"'],
    ['[1,]', 'line 1, column 4: expected value, found ]'],
  ])('[WIRE19] %j is refused with its place', (text, message) => {
    expect(refused(text)).toContain(`The JSON is malformed at ${message}`);
  });

  it('[WIRE19] whatever is no JSON is refused, and only that', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, noise) => {
        const place = at % (json.length + 1);
        const text = json.slice(0, place) + noise + json.slice(place + noise.length);
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = text.replace(/^\ufeff/, '').trim() === '';
        }
        const read = parseJson(text);
        expect(read.ok).toBe(valid);
        if (!read.ok) expect(read.message).toMatch(/line \d+, column \d+: expected .+, found .+/s);
      }),
    );
  });

  it('[WIRE19] nesting deeper than 64 is refused', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(64)).ok).toBe(true);
    expect(refused(nested(65))).toBe('The JSON nests deeper than 64 levels.');
    expect(refused('['.repeat(60_000))).toContain('malformed');
    expect(refused(nested(30_000))).toContain('deeper');
  });

  it('[WIRE11] prototype keys are stripped, however they are written', () => {
    const text =
      '{"\\u005f_proto__":{"x":1},"a":[{"__proto__":1,"constructor":2,"prototype":3,"b":4}]}';
    expect(parseJson(text)).toEqual({ ok: true, value: { a: [{ b: 4 }] } });
  });

  it('[WIRE19] a long malformed body is refused quickly', () => {
    const spent = processorMs(() => {
      expect(refused(`[${'"a",'.repeat(16_000)}x]`)).toContain('column 64002');
      expect(refused(`{"a":"${'\\"'.repeat(32_000)}`)).toContain('not closed');
    });
    expect(spent).toBeLessThan(500);
  });

  /** The value with numbers in place of what keeps their digits. */
  const plain = (value: unknown): unknown => {
    if (value instanceof Numeral) return value.value;
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
  };

  it('[WIRE23] numbers keep their digits, and are the numbers that JSON.parse reads', () => {
    const numeral = fc.oneof(
      fc.constantFrom('19.90', '-0', '1e3', '1E-7', '12345678901234567890', '0.10', '1e400', '7'),
      fc.bigInt().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toFixed(2)),
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: 'small' },
        numeral,
        fc.string().map((text) => JSON.stringify(`, ${text} : 1.50`)),
        fc.constantFrom('true', 'null', '{ }', '[\n]'),
        fc.array(tie('json')).map((parts) => `[ ${parts.join(' ,\t')}]`),
        fc
          // Keys of prototypes are left out: see below.
          .array(
            fc.tuple(
              fc.string().map((key) => `k${key}`),
              tie('json'),
            ),
          )
          .map(
            (parts) =>
              `{${parts.map(([key, part]) => `${JSON.stringify(key)} : ${part}`).join(',')}}`,
          ),
      ),
    }));
    fc.assert(
      fc.property(json, (text) => {
        const read = parseJson(String(text));
        if (!read.ok) throw new Error(read.message);
        expect(plain(read.value)).toEqual(JSON.parse(String(text)));
      }),
    );
  });

  it.each(['19.90', '-0', '1e3', '12345678901234567890', '0.10', '-1.0E+2', '1e400'])(
    '[WIRE23] %s is reported as it was written',
    (text) => {
      const read = parseJson(`{"a":${text}}`);
      expect(read).toEqual({ ok: true, value: { a: new Numeral(text, Number(text)) } });
    },
  );

  it('[WIRE23] keys of prototypes are left out beside such numbers too', () => {
    const read = parseJson(
      '{"__proto__":{"x":1.50},"constructor":1,"a":{"prototype":2.0,"b":1.0}}',
    );
    expect(read).toEqual({ ok: true, value: { a: { b: new Numeral('1.0', 1) } } });
    expect(Object.getPrototypeOf((read as { value: object }).value)).toBe(Object.prototype);
  });
});
