/** How a wrong credential is answered. */
import { WireError } from '@parley/protocol';
import type { AuthCall } from './context.js';
import type { RefusedReason } from './refusal-log.js';

/**
 * The error for a wrong credential: what is wrong with it, or, after too many, how long to wait.
 * @param reason what the log says, for the operator
 */
export function wrongCredential(
  call: AuthCall,
  error: WireError,
  reason: RefusedReason,
): WireError {
  const { server, request } = call;
  // It was right when the request came: nobody is guessing.
  if (call.turn.kind !== 'first') return error;
  server.refusals.note(call, 'credential.refused', reason);
  const address = server.proxies.clientAddress(request.raw);
  const wait = server.wrongCredentials.count(address, server.clock.elapsed());
  if (wait === 0) return error;
  const seconds = Math.ceil(wait / 1000);
  return new WireError(
    'tooManyRequests',
    `Too many wrong credentials came from this address; wait ${seconds} seconds, then send the right one.`,
    { 'retry-after': String(seconds) },
  );
}
