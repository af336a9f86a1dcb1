/** What a value should be, in a form that people can read. */
import { isDeepStrictEqual } from 'node:util';

/** A test with words for what it wants. */
export class Wanted {
  readonly words: string;
  readonly fits: (value: unknown) => boolean;

  constructor(words: string, fits: (value: unknown) => boolean) {
    this.words = words;
    this.fits = fits;
  }
}

/** A value to be equal to, a pattern to match, or a test. */
export type Expected = Wanted | RegExp | string | number | boolean | null | object;

export function fits(value: unknown, expected: Expected): boolean {
  if (expected instanceof Wanted) return expected.fits(value);
  if (expected instanceof RegExp) return typeof value === 'string' && expected.test(value);
  return isDeepStrictEqual(value, expected);
}

/** The expectation in words. */
export function wordsOf(expected: Expected): string {
  if (expected instanceof Wanted) return expected.words;
  if (expected instanceof RegExp) return `a text like ${expected.source}`;
  return show(expected);
}

const MAX_SHOWN = 400;

/** A value in words, not too many. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

export const aText = new Wanted('a text that is not empty', (value) => {
  return typeof value === 'string' && value !== '';
});
export const aNumber = new Wanted('a number', (value) => typeof value === 'number');
export const aWholeNumber = new Wanted('a whole number', Number.isInteger);
export const aList = new Wanted('a list', Array.isArray);
export const aBoolean = new Wanted('true or false', (value) => typeof value === 'boolean');
export const anObject = new Wanted(
  'an object',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
export const nothing = new Wanted('nothing', (value) => value === undefined);

/** A text with this in it, whatever the case of its letters. */
export function containing(part: string): Wanted {
  return new Wanted(`a text with ${JSON.stringify(part)} in it`, (value) => {
    return typeof value === 'string' && value.toLowerCase().includes(part.toLowerCase());
  });
}

/** A text that begins like this. */
export function beginning(start: string): Wanted {
  return new Wanted(`a text that begins with ${JSON.stringify(start)}`, (value) => {
    return typeof value === 'string' && value.startsWith(start);
  });
}

/** A number from one bound to the other. */
export function between(min: number, max: number): Wanted {
  return new Wanted(`a number from ${min} to ${max}`, (value) => {
    return typeof value === 'number' && value >= min && value <= max;
  });
}

/** One of several. */
export function oneOf(...allowed: readonly (string | number | boolean)[]): Wanted {
  return new Wanted(`one of ${allowed.map((each) => show(each)).join(', ')}`, (value) =>
    allowed.some((each) => each === value),
  );
}

/** Anything but this. */
export function not(unwanted: string | number): Wanted {
  return new Wanted(`anything but ${show(unwanted)}`, (value) => value !== unwanted);
}

/** Event and info times: ISO 8601 with milliseconds and offset. */
export const anInstant = new Wanted(
  'a time like 2017-02-27T06:24:15.424-05:00',
  (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
);
