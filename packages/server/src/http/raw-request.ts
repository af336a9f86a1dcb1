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

/**
 * The URL to route by. Notes the suffix on the request, carries out `X-HTTP-Method-Override`, and
 * hides the content type from the HTTP library: bodies are read by what they are, so that a missing
 * or wrong type with a JSON body works.
 */
export function rewrite(raw: IncomingMessage): string {
  const { headers, method = 'GET' } = raw;
  const override = headers['x-http-method-override'];
  if (raw.method === 'POST' && typeof override === 'string') {
    const wanted = override.toUpperCase();
    if (wanted === 'PUT' || wanted === 'DELETE') raw.method = wanted;
  }
  const contentType = headers['content-type'];
  if (contentType !== undefined) headers['content-type'] = 'text/plain';

  const url = ownPart(raw);
  const mark = url.indexOf('?');
  let path = mark < 0 ? url : url.slice(0, mark);
  let query = mark < 0 ? '' : url.slice(mark);
  while (query.startsWith('??')) query = query.slice(1);
  let suffix: RawFacts['suffix'];
  if (path.startsWith('/api/') || path.startsWith('/csdr/')) {
    if (path.endsWith('.json')) suffix = 'json';
    else if (path.endsWith('.xml')) suffix = 'xml';
    if (suffix !== undefined) path = path.slice(0, -suffix.length - 1);
  }
  (raw as Marked)[facts] = { method, suffix, contentType };
  return path + query;
}
