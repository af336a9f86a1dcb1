/** What clients send by mistake or on purpose: values, texts and bytes that no document allows. */
import fc, { type Arbitrary } from 'fast-check';

const LONG = 'x'.repeat(20_000);

/** Texts that were somebody's undoing somewhere. */
const TEXTS = [
  ...['', ' ', '\0', '\ud800', '\udfff\ud800', '\u202e', '\ufeff', '\u2028', 'e\u0301'.repeat(50)],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'undefined'],
  ...['../../etc/passwd', '..\\..\\', '%00', '%2e%2e%2f', '%', '%zz', '/', '//', '\\', '.', '..'],
  ...["' OR 1=1 --", '"; DROP TABLE chat_index; --', '${7*7}', '{{7*7}}', '$(id)', '`id`'],
  ...['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', ']]>', '<!--', '&lt;', '&#0;'],
  ...['a\r\nSet-Cookie: a=b', 'a\nb', 'javascript:alert(1)', '{"a":1}', '[]', 'null', 'NaN'],
  ...['0', '-0', '-1', '1e400', '0x10', '9007199254740993', '99999999999999999999', '1.5', '١٢'],
  ...['2024-02-30T00:00:00Z', '0000-00-00', '+275760-09-13T00:00:00.001Z', 'a@b', 'a@b.c\n'],
  ...['(a+)+$', '*', '?', '#', ';', '=', '&', ',', '+', '\u{1f600}', 'Ünïcödé', LONG],
];

/** A text that is not expected anywhere. */
export const hostileTexts: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** JSON that is not expected anywhere. */
export const hostileValues: Arbitrary<unknown> = fc.oneof(
  hostileTexts,
  fc.constantFrom(...[null, true, 0, -1, 1.5, 2 ** 53, -(2 ** 31), 1e308, [], {}, [[]], [null]]),
  fc.constantFrom({ $: 'x' }, { '@type': {} }, { '#text': 'x' }, { '@': 1 }, { link: [{}] }),
  fc.jsonValue({ maxDepth: 2 }),
);

type Change = (parent: Container, key: string) => void;
type Container = Record<string, unknown>;

/** The body with one thing in it changed: mostly the smallest step from right to wrong. */
export function almost(bodies: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc
    .tuple(bodies, fc.nat(), fc.nat(6), hostileValues)
    .map(([body, at, how, value]) => changed(body, at, CHANGES(value)[how] ?? (() => {})));
}

const CHANGES = (value: unknown): readonly Change[] => [
  (parent, key) => set(parent, key, value),
  (parent, key) => set(parent, key, value),
  (parent, key) => Reflect.deleteProperty(parent, key),
  (parent, key) => set(parent, key, [parent[key]]),
  (parent, key) => set(parent, key, [parent[key], parent[key]]),
  (parent, key) => set(parent, `${key}X`, value),
  (parent, key) => set(parent, key, typeof parent[key] === 'string' ? `${parent[key]}${LONG}` : {}),
];

/** Sets what the key names, also when that is `__proto__`. */
function set(parent: Container, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true });
}

function changed(body: unknown, at: number, change: Change): unknown {
  const whole: Container = { body: structuredClone(body) };
  const places = placesOf(whole);
  const place = places[at % places.length];
  if (place !== undefined) change(...place);
  return whole['body'];
}

function placesOf(container: Container): [Container, string][] {
  return Object.entries(container).flatMap(([key, value]): [Container, string][] => [
    [container, key],
    ...(typeof value === 'object' && value !== null ? placesOf(value as Container) : []),
  ]);
}

const deep = (open: string, close: string, depth: number, inside = '') =>
  open.repeat(depth) + inside + close.repeat(depth);

const LAUGHS = Array.from(
  { length: 9 },
  (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
).join('');

/** Whole bodies that are no documents. */
const BODIES: readonly string[] = [
  ...['', ' \n', 'null', '0', '"text"', '[]', '{}', 'true', 'undefined', '{', '[', '"', '}', '<'],
  ...["{'a':1}", '{"a":1,}', '{"a":NaN}', '{"a":1}{"a":2}', '/* */{}', '{"a":\u00a01}'],
  ...['{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}', '{"a":1,"a":2}'],
  ...[deep('[', ']', 5_000), deep('{"a":', '}', 5_000, '1'), `[${'1,'.repeat(30_000)}1]`],
  ...[`"${'\\u0000'.repeat(5_000)}"`, '"\\ud800"', `{"${LONG}":1}`, `${'9'.repeat(5_000)}`],
  ...['\ufeff{}', 'x'.repeat(70_000), deep('[', '', 70_000)],
  ...['<a/>', '<a>', '</a>', '<a><b></a></b>', '<a/><b/>', '<?xml version="1.0"?>', '<a b=c/>'],
  '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
  '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
  `<!DOCTYPE a [<!ENTITY l0 "ha">${LAUGHS}]><a>&l9;</a>`,
  '<event type="line"><text>&x;&#x110000;&#0;</text></event>',
  '<event xmlns:a="urn:a" a:type="line"><text><![CDATA[ <b>x</b> ]]></text><!-- x --></event>',
  `<event>${deep('<a>', '</a>', 3_000)}</event>`,
  `<event>${'<a/>'.repeat(10_000)}</event>`,
  `<event ${Array.from({ length: 500 }, (_, index) => `a${index}="1"`).join(' ')}/>`,
  `<event>${'&#65;'.repeat(9_000)}</event>`,
  '<?xml version="1.0" encoding="UTF-16"?><event/>',
  '<?php system("id") ?><event/>',
  'a=b&grant_type=client_credentials&a=%zz',
];

/** Bytes that are no UTF-8 text. */
const BYTES: readonly Uint8Array[] = [
  new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]),
  new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
  new Uint8Array([0xed, 0xa0, 0x80]),
  new Uint8Array([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]),
];

/** Whole bodies that are no documents, as text or as bytes. */
export const hostileBodies: Arbitrary<string | Uint8Array> = fc.oneof(
  fc.constantFrom(...BODIES),
  fc.constantFrom(...BYTES),
  fc.json(),
  fc.uint8Array({ maxLength: 60 }),
);

/** A text with a piece lost, doubled, or something put in. */
export function torn(texts: Arbitrary<string>): Arbitrary<string> {
  return fc
    .tuple(texts, fc.nat(), fc.nat(12), fc.constantFrom(...PIECES, undefined))
    .map(([text, at, length, piece]) => {
      const start = text.length === 0 ? 0 : at % text.length;
      const gone = text.slice(start, start + length);
      const put = piece ?? gone + gone;
      return text.slice(0, start) + put + text.slice(start + length);
    });
}

const PIECES = [
  ...['', '', '"', '\\', '<', '>', '&', '&amp;', '&x;', '<!--', ']]>', '<![CDATA[', '{', ']', ':'],
  ...['\0', '\ud800', '<a>', '</a>', ' x="1"', '<!DOCTYPE a>', 'null', '[]', '\u{1f600}'],
];
