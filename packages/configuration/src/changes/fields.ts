/** What single fields of the configuration must be; messages name the field, the value and the rule. */
import {
  CONFIG_NAME_MAX,
  keptName,
  nameProblem,
  quoted,
  readLink,
  WireError,
} from '@parley/protocol';
import { isWildcard } from '../origin-list.js';

/** @throws WireError always. */
export function refuse(message: string): never {
  throw new WireError('invalidField', message);
}

/**
 * A name as it is kept: composed, without spaces around it.
 * @throws WireError unless it is one visible line of at most 100 characters.
 */
export function nameOf(field: string, value: string | undefined): string {
  if (value === undefined) return refuse(`${field} is required.`);
  const name = keptName(value);
  if (name === '') return refuse(`${field} must not be empty.`);
  return visibleLine(field, name, CONFIG_NAME_MAX);
}

/**
 * One line of text, or none.
 * @throws WireError for characters that are not seen, or too many.
 */
export function printable(field: string, value: string, longest: number): string {
  const text = keptName(value);
  return text === '' ? text : visibleLine(field, text, longest);
}

function visibleLine(field: string, text: string, longest: number): string {
  const length = [...text].length;
  if (length > longest) {
    return refuse(`${field} must be at most ${longest} characters, got ${length}.`);
  }
  const problem = nameProblem(text);
  return problem === null ? text : refuse(`${field} ${quoted(text, 60)} ${problem}.`);
}

const ADDRESS = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,253}$/;

/** @throws WireError unless it is an e-mail address or empty. */
export function emailOf(field: string, value: string): string {
  const address = keptName(value);
  if (address === '' || (ADDRESS.test(address) && nameProblem(address) === null)) return address;
  return refuse(`${field} ${quoted(value)} is no e-mail address: write name@example.com.`);
}

/** @throws WireError unless it is a language tag such as `de-DE`, or empty where that may be. */
export function languageOf(field: string, value: string, empty: 'allowed' | 'refused'): string {
  const tag = value.trim();
  if (tag === '' && empty === 'allowed') return tag;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? refuse(`${field} is required.`);
  } catch {
    return refuse(`${field} "${value.slice(0, 40)}" is no language tag: write de or de-DE.`);
  }
}

/**
 * Origins as browsers send them, and `https://*.example.com` for the subdomains of a site.
 * @param any whether `*` may stand for every origin
 * @throws WireError naming one that is none.
 */
export function originsOf(
  field: string,
  values: readonly string[],
  any: 'allowed' | 'refused',
): readonly string[] {
  const origins = values.map((value) => {
    const text = value.trim();
    if (text === '*' && any === 'allowed') return text;
    // Where a wildcard may stand is looked at below.
    const address = readLink('page', text.replaceAll('*', 'any'));
    const parsed = address.ok && URL.canParse(text) ? new URL(text) : null;
    if (parsed === null || !/^https?:$/.test(parsed.protocol) || !isBare(parsed)) {
      return refuse(
        `${field} ${quoted(value)} is no origin: write scheme://host[:port] without a path${any === 'allowed' ? ', or *' : ''}.`,
      );
    }
    const { origin } = parsed;
    if (!origin.includes('*') || isWildcard(origin)) return origin;
    return refuse(
      `${field} ${quoted(value)}: * stands for the subdomains of one site only; write https://*.example.com, with the whole name of the site after it.`,
    );
  });
  return unique(origins);
}

function isBare({ pathname, search, hash, username }: URL): boolean {
  return pathname === '/' && search === '' && hash === '' && username === '';
}

/** A message about the fields of a single record, which is read as a list of one. */
export function aboutOne(message: string): string {
  return message.replaceAll(/(^|\s)\[0\]\./g, '$1');
}

/** The values without repetitions, in their order. */
export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Whether two lists name the same ids, in whatever order. */
export function sameIds(a: readonly number[], b: readonly number[]): boolean {
  const set = new Set(a);
  return set.size === new Set(b).size && b.every((id) => set.has(id));
}

/**
 * The fields of an object that are given at all: what is left out is not to be changed.
 */
export function omitUndefined<T extends object>(
  fields: T,
): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<{ [K in keyof T]: Exclude<T[K], undefined> }>;
}
