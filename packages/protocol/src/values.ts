/** Reading values whose type is not known yet, without trusting their prototype. */

/** A number of JSON that JavaScript would write otherwise: where a text is asked for, its digits stay. */
export class Numeral {
  /** As it was written. */
  readonly source: string;
  readonly value: number;

  constructor(source: string, value: number) {
    this.source = source;
    this.value = value;
  }
}

/** A JSON object: neither null nor an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Numeral)
  );
}

/** The object's own value under a key; `undefined` for inherited ones such as `constructor`. */
export function own(record: object, key: string): unknown {
  return Object.hasOwn(record, key) ? Reflect.get(record, key) : undefined;
}

/** The fields that are known: documents leave out what is null or undefined. */
export function knownFields<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const known: { [K in keyof T]?: NonNullable<T[K]> } = {};
  for (const key of Object.keys(fields) as (keyof T)[]) {
    const value = fields[key];
    if (value !== null && value !== undefined) known[key] = value;
  }
  return known;
}

/** Keys that reach an object's prototype when something copies them carelessly. */
export const PROTOTYPE_KEYS: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
]);
