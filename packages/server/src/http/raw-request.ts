/**
 * What is settled before routing: the canonical path, the method override, the suffix, and the one
 * query (rules URL…).
 */
import type { IncomingMessage } from 'node:http';
import { canonicalTarget } from './target.js';
import type { Flaw } from './well-formed.js';

export interface RawFacts {
  /** The method as the client sent it, before any override. */
  readonly method: string;
  /** Path and query as the client sent them; undefined when nothing was changed. */
  readonly target: string | undefined;
  /** Suffix of the path; it overrides `Accept`. */
  readonly suffix: 'json' | 'xml' | undefined;
  /** `Content-Type` as the client sent it. */
  readonly contentType: string | undefined;
  /** Names of query parameters whose values are not properly encoded. */
  readonly unreadable: readonly string[];
}

const facts = Symbol('parley.rawFacts');

interface Marked {
  [facts]?: RawFacts;
}

const NONE: RawFacts = {
  method: 'GET',
  target: undefined,
  suffix: undefined,
  contentType: undefined,
  unreadable: [],
};

/** The facts that `settle` noted on the request. */
export function rawFacts(raw: IncomingMessage): RawFacts {
  return (raw as Marked)[facts] ?? NONE;
}

/** Path and query as the client sent them, before any rewriting of ours. */
export function sentTarget(raw: IncomingMessage): string {
  return rawFacts(raw).target ?? raw.url ?? '/';
}

/** A target with scheme and host, as proxies are sent it. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;

/** Path and query of the request. A host in the target counts more than `Host` (RFC 9112, 3.2.2). */
function ownPart({ url = '/', headers }: IncomingMessage): string {
  if (url.startsWith('/')) return url;
  const absolute = ABSOLUTE.exec(url);
  if (absolute === null) return url;
  headers.host = absolute[1] ?? '';
  const rest = url.slice(absolute[0].length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** The suffix of a path of the API. */
function suffixOf(path: string): RawFacts['suffix'] {
  if (!path.startsWith('/api/') && !path.startsWith('/csdr/')) return undefined;
  return path.endsWith('.json') ? 'json' : path.endsWith('.xml') ? 'xml' : undefined;
}

/**
 * Makes the request's URL the one to route by. Notes what it changes on the request, carries out
 * `X-HTTP-Method-Override`, and hides the content type from the HTTP library: bodies are read by
 * what they are, so that a missing or wrong type with a JSON body works.
 * @returns what is wrong with the target; null for nothing
 */
export function settle(raw: IncomingMessage): Flaw | null {
  const { headers, method = 'GET' } = raw;
  const override = headers['x-http-method-override'];
  if (raw.method === 'POST' && typeof override === 'string') {
    const wanted = override.toUpperCase();
    if (wanted === 'PUT' || wanted === 'DELETE') raw.method = wanted;
  }
  const contentType = headers['content-type'];
  if (contentType !== undefined) headers['content-type'] = undefined;

  const sent = ownPart(raw);
  const target = canonicalTarget(sent);
  if (!target.ok) return { code: 'invalidField', message: target.message };
  const { path, query, unreadable } = target;
  const suffix = suffixOf(path);
  raw.url = path.slice(0, suffix === undefined ? undefined : -suffix.length - 1) + query;
  const ordinary = raw.url === sent && contentType === undefined && method === NONE.method;
  if (!ordinary || unreadable.length > 0) {
    (raw as Marked)[facts] = { method, target: sent, suffix, contentType, unreadable };
  }
  return null;
}
