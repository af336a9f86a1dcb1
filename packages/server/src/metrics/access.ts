/** Who may read the metrics: whoever has the token or, where there is none, this machine. */
import type { IncomingMessage } from 'node:http';
import { WireError } from '@parley/protocol';
import { matchesHash } from '@parley/configuration/secrets/tokens';
import { isLoopback } from '../defaults.js';
import { isForwarded } from '../http/forwarded.js';
import { plainAddress } from '../http/network.js';
import { StartError } from '../start-error.js';

/** Long enough not to be guessed, and short enough for a header. */
const TOKEN = /^[\x21-\x7e]{16,512}$/;

/** @throws StartError for a text that cannot be a token; it is not repeated. */
export function checkMetricsToken(token: string): string {
  if (TOKEN.test(token)) return token;
  throw new StartError(
    'The metrics token cannot be used: 16 to 512 visible ASCII characters without spaces, such as "openssl rand -hex 32" prints.',
  );
}

/** Beside those of `isForwarded`, what shows that a request was passed on. */
const PASSED_ON = ['via', 'x-forwarded-server', 'cf-connecting-ip', 'true-client-ip'];

/**
 * @param tokenHash of the operator's token; null where there is none
 * @throws WireError 401 without the token; 404, as for what is not there, from elsewhere
 */
export function requireMayReadMetrics(raw: IncomingMessage, tokenHash: string | null): void {
  if (tokenHash !== null) {
    const given = /^Bearer ([\x21-\x7e]+)$/i.exec(raw.headers.authorization ?? '')?.[1];
    if (given !== undefined && matchesHash(given, tokenHash)) return;
    throw new WireError(
      'unauthorized',
      'The metrics need the token that the server was started with (--metrics-token-file): send it as a bearer.',
      { 'www-authenticate': 'Bearer' },
    );
  }
  if (isFromHere(raw)) return;
  throw new WireError('notFound', NOT_HERE);
}

const NOT_HERE =
  'There is nothing at /metrics for requests from elsewhere: ask on the server’s own machine and by its loopback address, or start the server with --metrics-token-file and send the token as a bearer.';

/**
 * Whether the request was made on this machine. A proxy here may pass on what strangers ask: then it
 * leaves its mark, or passes on the host that they asked for.
 */
function isFromHere({ headers, socket }: IncomingMessage): boolean {
  if (!isLoopback(plainAddress(socket.remoteAddress ?? ''))) return false;
  if (isForwarded(headers) || PASSED_ON.some((name) => headers[name] !== undefined)) return false;
  const host = (headers.host ?? '').replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1');
  return isLoopback(host.toLowerCase());
}
