/** What the path and the query of a call name. */
import { WireError } from '@parley/protocol';
import type { Call } from './call.js';
import { rawFacts } from './raw-request.js';

/** A part of the path. */
export function pathParam(call: Pick<Call, 'request'>, name: string): string {
  return (call.request.params as Readonly<Record<string, string>>)[name] ?? '';
}

/** A query parameter; the first one when it is given several times. */
export function queryParam(call: Call, name: string): string | undefined {
  return queryParams(call, name)[0];
}

/**
 * Every value of a query parameter.
 * @throws WireError 400 when one of them is not properly encoded.
 */
export function queryParams(call: Call, name: string): readonly string[] {
  if (rawFacts(call.request.raw).unreadable.includes(name)) throw unreadableParameter(name);
  const value = (call.request.query as Readonly<Record<string, string | string[]>>)[name];
  if (value === undefined) return NO_VALUES;
  return typeof value === 'string' ? [value] : value;
}

/**
 * A whole number in the query.
 * @throws WireError 400 naming the parameter and its bounds.
 */
export function queryInteger(
  call: Call,
  name: string,
  bounds: { readonly min: number; readonly max: number },
): number | undefined {
  const text = queryParam(call, name);
  if (text === undefined || NO_NUMBER.has(text)) return undefined;
  const value = Number(text);
  if (!/^-?\d{1,15}$/.test(text) || value < bounds.min || value > bounds.max) {
    throw new WireError(
      'invalidQuery',
      `Query parameter ${name} must be a whole number from ${bounds.min} to ${bounds.max}, got "${text.slice(0, 40)}".`,
    );
  }
  return value;
}

/**
 * One of some words in the query.
 * @throws WireError 400 naming the parameter and the words.
 */
export function queryOneOf<const W extends string>(
  call: Call,
  name: string,
  words: readonly W[],
): W | undefined {
  const text = queryParam(call, name);
  if (text === undefined || text === '') return undefined;
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new WireError(
    'invalidQuery',
    `Query parameter ${name} must be one of ${words.join(', ')}, got "${text.slice(0, 40)}".`,
  );
}

/** A number that was left blank, as pages that join their values into an address send it. */
const NO_NUMBER: ReadonlySet<string> = new Set(['', 'null', 'undefined']);

const NO_VALUES: readonly string[] = [];

function unreadableParameter(name: string): WireError {
  return new WireError(
    'invalidQuery',
    `Query parameter ${name} is not properly encoded: send UTF-8, and % as %25.`,
  );
}
