import fc, { type Arbitrary } from 'fast-check';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import { isAddressKey } from '../../src/links.js';
import { keptName, nameProblem } from '../../src/names.js';
import type { TextForm } from '../../src/text-forms.js';
import { formatTime } from '../../src/time.js';

interface Keywords {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly items?: TSchema;
  readonly anyOf?: readonly TSchema[];
  readonly 'x-wire'?: {
    readonly numberOrText?: true;
    readonly form?: TextForm;
    readonly noneAsNull?: true;
  };
}

/** Characters to draw texts from: everything JSON can carry, or only what XML 1.0 can. */
export type Alphabet = 'json' | 'xml';

const ZONES = ['America/New_York', 'Europe/Athens', 'Asia/Kathmandu', 'UTC'];

const xmlChar = fc.oneof(
  fc.constantFrom('<', '>', '&', '"', "'", ' ', '\t', '\n', '\r', ']]>', '&amp;', '&#65;', '😀'),
  fc.integer({ min: 0x20, max: 0xd7ff }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x10000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
);

function texts(alphabet: Alphabet, minLength: number): Arbitrary<string> {
  return fc.string({ unit: alphabet === 'xml' ? xmlChar : 'binary', minLength, maxLength: 12 });
}

/** Canonical values of a schema. */
export function valuesOf(schema: TSchema, alphabet: Alphabet): Arbitrary<unknown> {
  return fromKeywords(schema, alphabet).filter((value) => Value.Check(schema, value));
}

function fromKeywords(schema: TSchema, alphabet: Alphabet): Arbitrary<unknown> {
  const keywords = schema as Keywords;
  if (keywords.const !== undefined) return fc.constant(keywords.const);
  if (keywords.enum !== undefined) return fc.constantFrom(...keywords.enum);
  if (keywords['x-wire']?.numberOrText) {
    // XML cannot distinguish the text "7" from the number 7.
    return fc.oneof(
      fc.integer(),
      texts(alphabet, 0).map((text) => `v${text}`),
    );
  }
  if (keywords.anyOf !== undefined) {
    return fc.oneof(...keywords.anyOf.map((each) => fromKeywords(each, alphabet)));
  }
  const form = keywords['x-wire']?.form;
  if (form !== undefined) return FORMED[form];
  switch (keywords.type) {
    case 'string':
      if (keywords.format === 'date-time') return instants();
      if (keywords.pattern !== undefined) {
        return keywords.pattern.includes('@') ? fc.constant('ann@example.com') : fc.constant('Hi');
      }
      return texts(alphabet, keywords.minLength ?? 0);
    case 'integer':
      return (
        fc
          .integer({
            min: keywords.minimum ?? -(2 ** 31),
            max: Math.min(keywords.maximum ?? 2 ** 31 - 1, 2 ** 31 - 1),
          })
          // What stands for none is written as null, and read as if it were absent.
          .filter((value) => value !== 0 || keywords['x-wire']?.noneAsNull !== true)
      );
    case 'number':
      return fc.integer({ min: 0, max: 20_000 }).map((hundredths) => hundredths / 100);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(fromKeywords(keywords.items!, alphabet), { maxLength: 3 });
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(keywords.properties ?? {}).map(([name, each]) => [
            name,
            fromKeywords(each, alphabet),
          ]),
        ),
        { requiredKeys: [...(keywords.required ?? [])], noNullPrototype: true },
      );
    case undefined:
      return freeJson(alphabet);
    default:
      throw new Error(`No values for type ${keywords.type}`);
  }
}

/** Texts of a form, as they are kept. */
const webAddress = fc.constantFrom(
  '',
  'https://example.com/a?b=c#d',
  'http://müller.example:8080/ö',
);

const FORMED: Readonly<Record<TextForm, Arbitrary<string>>> = {
  link: fc.oneof(webAddress, fc.constantFrom('mailto:ann@example.com', 'tel:+49301234')),
  page: webAddress,
  picture: webAddress,
  endpoint: fc.constant('https://example.com/token'),
  'own-address': fc.constantFrom('https://example.com/a?b=c&d', 'example.com:8443'),
  origin: fc.constantFrom('*', 'https://example.com', 'http://localhost:3000'),
  'mail-address': fc.constant('ann@example.com'),
  name: fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .map(keptName)
    .filter((name) => nameProblem(name) === null),
};

function instants(): Arbitrary<string> {
  return fc
    .tuple(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.constantFrom(...ZONES))
    .map(([ms, zone]) => formatTime(ms, zone));
}

function freeJson(alphabet: Alphabet): Arbitrary<unknown> {
  const scalar = fc.oneof(texts(alphabet, 0), fc.integer(), fc.boolean(), fc.constant(null));
  const key = fc
    .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 })
    .filter((name) => !isAddressKey(name));
  return fc.oneof(
    fc.dictionary(key, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), { maxKeys: 4 }),
    fc.array(scalar, { maxLength: 3 }),
  );
}
