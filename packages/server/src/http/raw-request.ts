/**
 * What is settled before routing: the method override, the suffix, and the doubled `??`
 * (wire.md, "URLs").
 */
import type { IncomingMessage } from 'node:http';

export interface RawFacts {
  /** The method as the client sent it, before any override. */
  readonly method: string;
  /** Suffix of the path; it overrides `Accept`. */
  readonly suffix: 'json' | 'xml' | undefined;
  /** `Content-Type` as the client sent it. */
  readonly contentType: string | undefined;
}

const facts = Symbol('parley.rawFacts');

interface Marked {
  [facts]?: RawFacts;
}

const NONE: RawFacts = { method: 'GET', suffix: undefined, contentType: undefined };

/** The facts that `rewrite` noted on the request. */
export function rawFacts(raw: IncomingMessage): RawFacts {
  return (raw as Marked)[facts] ?? NONE;
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
 * The URL to route by. Notes what it changes on the request, carries out `X-HTTP-Method-Override`,
 * and hides the content type from the HTTP library: bodies are read by what they are, so that a
 * missing or wrong type with a JSON body works.
 */
export function rewrite(raw: IncomingMessage): string {
  const { headers, method = 'GET' } = raw;
  const override = headers['x-http-method-override'];
  if (raw.method === 'POST' && typeof override === 'string') {
    const wanted = override.toUpperCase();
    if (wanted === 'PUT' || wanted === 'DELETE') raw.method = wanted;
  }
  const contentType = headers['content-type'];
  if (contentType !== undefined) headers['content-type'] = undefined;

  const url = ownPart(raw);
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const suffix = suffixOf(path);
  if (suffix !== undefined || contentType !== undefined || method !== NONE.method) {
    (raw as Marked)[facts] = { method, suffix, contentType };
  }
  if (suffix === undefined && !url.startsWith('??', mark)) return url;
  const query = mark < 0 ? '' : url.slice(mark).replace(/^\?+/, '?');
  return path.slice(0, suffix === undefined ? undefined : -suffix.length - 1) + query;
}
