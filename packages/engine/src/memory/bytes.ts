/**
 * What a value weighs in memory, in bytes: its JSON as it is stored (UTF-8, as escaped), and what each
 * text, list and object costs beside. Characters would not do: one of them is stored as six bytes,
 * and `[{},{}]` costs far more than its seven.
 */

/** Header and alignment of a text, bytes. */
const PER_TEXT = 24;

/** Header and slots of an object or list, bytes. */
const PER_CONTAINER = 40;

/** What the value weighs, bytes. Plain data only: what JSON can hold. */
export function bytesOf(value: unknown): number {
  return weigh(value, PER_TEXT, PER_CONTAINER);
}

/** Bytes of the value's JSON in UTF-8, as `JSON.stringify` writes it. */
export function storedBytes(value: unknown): number {
  return weigh(value, 0, 0);
}

function weigh(value: unknown, perText: number, perContainer: number): number {
  switch (typeof value) {
    case 'string':
      return perText + textBytes(value);
    case 'number':
      return Number.isFinite(value) ? String(value).length : NULL_BYTES;
    case 'boolean':
      return value ? 4 : 5;
    case 'object':
      break;
    default:
      // What JSON has no word for stands as null in a list; in an object it is left out (below).
      return NULL_BYTES;
  }
  if (value === null) return NULL_BYTES;
  // Brackets and commas: one for each member and one more, two when there is none.
  if (Array.isArray(value)) {
    let bytes = perContainer + (value.length === 0 ? 2 : value.length + 1);
    for (const member of value) bytes += weigh(member, perText, perContainer);
    return bytes;
  }
  let bytes = perContainer + 1;
  let members = 0;
  // Plain data has no fields but its own; a list of them for each object would be the larger part of this.
  for (const key in value) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member === undefined) continue;
    members += 1;
    // The colon, and the comma or the bracket behind it.
    bytes += textBytes(key) + 2 + weigh(member, perText, perContainer);
  }
  return members === 0 ? bytes + 1 : bytes;
}

const NULL_BYTES = 4;

/** Bytes of a text as JSON, quotes included. */
function textBytes(text: string): number {
  let bytes = 2;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x20 && unit < 0x80) bytes += unit === QUOTE || unit === BACKSLASH ? 2 : 1;
    else if (unit < 0x20) bytes += SHORT_ESCAPES.has(unit) ? 2 : 6;
    else if (unit < 0x800) bytes += 2;
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 3;
    else if (isPair(unit, text.charCodeAt(index + 1))) {
      bytes += 4;
      index += 1;
    } else bytes += 6;
  }
  return bytes;
}

const QUOTE = 0x22;

const BACKSLASH = 0x5c;

/** Backspace, tab, line feed, form feed and carriage return have short escapes: `\n`. */
const SHORT_ESCAPES: ReadonlySet<number> = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);

/** Whether two halves make one character; a half alone is escaped. */
function isPair(high: number, low: number): boolean {
  return high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff;
}
