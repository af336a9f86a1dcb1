/** Reading documents in JSON as the Chat Agent API has it, and following their links. */
import type { Rel } from '@parley/protocol/relations';
import { UnexpectedAnswerError, WRONG_SERVER } from './errors.js';

/** The received document, without the `@` of attributes: any field may be missing. */
export type Doc = { readonly [key: string]: unknown };

/** The name of a relation: those of the protocol, or any other. */
export type Relation = Rel | (string & {});

/** Takes the `@` from the keys; what is in `json` (structured content) stays as it is. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inside]) => [
    key[0] === '@' ? key.slice(1) : key,
    key === 'json' ? inside : plain(inside),
  ]);
  return Object.fromEntries(entries);
}

/** The object under a key; an empty one when there is none. */
export function docOf(value: unknown, key?: string): Doc {
  const found = key === undefined ? value : (value as Doc | null | undefined)?.[key];
  return typeof found === 'object' && found !== null ? (found as Doc) : {};
}

/** A list: a list of one may stand there as that one, and an empty one may be missing. */
export function listOf(value: unknown): readonly Doc[] {
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? value : [value as Doc];
}

/** Where the link of a relation leads; undefined when there is none. */
export function findLink(document: unknown, rel: Relation): string | undefined {
  const { href } = listOf(docOf(document)['link']).find((link) => link['rel'] === rel) ?? {};
  return typeof href === 'string' ? href : undefined;
}

/** @throws UnexpectedAnswerError when there is no such link. */
export function linkOf(document: unknown, rel: Relation): string {
  const href = findLink(document, rel);
  if (href !== undefined) return href;
  throw new UnexpectedAnswerError(`The server gave no link "${rel}".`, WRONG_SERVER);
}

/** Links carry no version: it goes behind `?`, or behind a query that is there already. */
export function withQuery(href: string, query: string): string {
  return query === '' ? href : `${href}${href.includes('?') ? '&' : '?'}${query}`;
}

/** `a=1&b=2`, encoded, of what is not undefined. */
export function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) query.set(key, String(value));
  }
  return String(query);
}
