/**
 * Where a request's credentials are. One that comes with a ticket, or within a WebSocket, brings none of
 * its own: those of the request count that the ticket was given to, or that opened the WebSocket, and
 * they are looked at anew each time.
 */
import type { AskedRequest } from './asked.js';

const proofs = new WeakMap<object, AskedRequest>();

/** The request that proves who sends this one. */
export function proofOf(request: AskedRequest): AskedRequest {
  return proofs.get(request.raw) ?? request;
}

/** From now on the credentials of another request are those of this one. */
export function provedBy(request: Pick<AskedRequest, 'raw'>, proof: AskedRequest): void {
  proofs.set(request.raw, proof);
}
