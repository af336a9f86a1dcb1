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

/** What is wrong with the request as a whole; null for almost all of them. */
export function flawOf(raw: IncomingMessage): Flaw | null {
  const { method = 'GET' } = raw;
  if (!METHODS.has(method)) {
    const message = `The method ${method} is not possible anywhere here: use one of ${ALLOWED}.`;
    return { code: 'methodNotAllowed', message, headers: { allow: ALLOWED } };
  }
  const hosts = hostsOf(raw);
  if (hosts > 1) {
    return {
      code: 'invalidField',
      message: `The request has ${hosts} Host headers: send one.`,
    };
  }
  // RFC 9112, 3.2: since HTTP/1.1 there must be one.
  if (hosts === 0 && raw.httpVersion !== '1.0') {
    return {
      code: 'invalidField',
      message: 'The request has no Host header: send the host that it is for.',
    };
  }
  return null;
}

/** Node itself keeps the first `Host` and says nothing of the others. */
function hostsOf({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}
