/**
 * What makes a request ambiguous, so that a proxy before us may have read it otherwise than we
 * would, or asks for what there is nowhere here. It is refused before anything else is looked at.
 */
import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '@parley/protocol';

/** Why a request is refused. */
export interface Flaw {
  readonly code: ErrorCode;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The methods that some resource or other has, or refuses in words of its own. */
const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
]);

const ALLOWED = 'GET, HEAD, POST, PUT, DELETE, OPTIONS';

/** Header fields that a request may have: far more than clients and proxies send. */
export const MAX_HEADER_FIELDS = 200;

/** Where a request ends is not sure any more: nothing that follows is read as another one. */
const CLOSE = { connection: 'close' } as const;

/** What is wrong with the request as a whole; null for almost all of them. */
export function flawOf(raw: IncomingMessage): Flaw | null {
  const { method = 'GET', httpVersion, rawHeaders } = raw;
  const framing = framingFlaw(raw);
  if (framing !== null) return framing;
  if (!METHODS.has(method)) {
    const message = `The method ${method} is not possible anywhere here: use one of ${ALLOWED}.`;
    return { code: 'methodNotAllowed', message, headers: { allow: ALLOWED } };
  }
  if (rawHeaders.length > MAX_HEADER_FIELDS * 2) {
    return {
      code: 'headersTooLarge',
      message: `The request has ${rawHeaders.length / 2} header fields: send at most ${MAX_HEADER_FIELDS}.`,
      headers: CLOSE,
    };
  }
  const hosts = hostsOf(rawHeaders);
  if (hosts > 1) {
    return {
      code: 'invalidField',
      message: `The request has ${hosts} Host headers: send one.`,
      headers: CLOSE,
    };
  }
  // RFC 9112, 3.2: since HTTP/1.1 there must be one.
  if (hosts === 0 && httpVersion !== '1.0') {
    return {
      code: 'invalidField',
      message: 'The request has no Host header: send the host that it is for.',
    };
  }
  return null;
}

/** What makes it unsure where the request ends (RFC 9112, 6.1). */
function framingFlaw({ httpVersion, headers }: IncomingMessage): Flaw | null {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    return {
      code: 'malformedBody',
      message: `HTTP/${httpVersion} is not spoken here: use HTTP/1.1.`,
      headers: CLOSE,
    };
  }
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return null;
  if (httpVersion === '1.0') {
    return {
      code: 'malformedBody',
      message: 'HTTP/1.0 has no Transfer-Encoding: send Content-Length, or use HTTP/1.1.',
      headers: CLOSE,
    };
  }
  if (coding.trim().toLowerCase() === 'chunked') return null;
  return {
    code: 'unsupportedCoding',
    message: `Transfer-Encoding "${coding.slice(0, 80)}" is not understood here: send chunked alone, or Content-Length.`,
    headers: CLOSE,
  };
}

/** Node itself keeps the first `Host` and says nothing of the others. */
function hostsOf(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}
