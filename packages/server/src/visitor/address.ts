/** Where a visitor is: only a trusted app key may say so of somebody else. */
import { isIP } from 'node:net';
import { WireError } from '@parley/protocol';
import type { VisitorCall } from './authorize.js';

/**
 * The visitor's address: the one that was said, from a trusted app key, else the connection's.
 * @param said as the request has it; empty or left out for none
 * @param field where the request has it, for the message
 * @throws WireError 400 for what is no address.
 */
export function visitorAddress(call: VisitorCall, said: string | undefined, field: string): string {
  if (!said || !call.appKey.trusted) return call.server.proxies.clientAddress(call.request.raw);
  if (isIP(said) !== 0) return said;
  throw new WireError(
    'invalidField',
    `${field} must be an IPv4 or IPv6 address, got "${said.slice(0, 64)}".`,
  );
}
