/** Where a host is, for connections that are no HTTP requests: looked up once, checked, and connected to by address. */
import { lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import type { OutgoingAddresses, Reach } from '@parley/configuration/outgoing-addresses';
import { type Lookup, OutgoingFailure } from './request.js';

/**
 * The addresses of a host that may be connected to, in the order in which they should be tried.
 * Whoever connects must use these and not the name, which may mean another address a moment later.
 * @param host a name or an address
 * @throws OutgoingFailure when the name has no address, or none that may be connected to.
 */
export async function reachableAddresses(
  addresses: OutgoingAddresses,
  host: string,
  reach: Reach,
  lookup: Lookup = systemLookup,
): Promise<readonly string[]> {
  const found = isIP(host) === 0 ? await lookedUp(host, lookup) : [host];
  const refusals = found.map((address) => addresses.refuses(address, reach));
  const reachable = found.filter((_, index) => refusals[index] === null);
  if (reachable.length > 0) return reachable;
  throw new OutgoingFailure(
    host,
    `is not connected to: it is ${refusals[0] ?? 'without an address'}. The operator can allow it with --outgoing-allow`,
  );
}

function lookedUp(host: string, lookup: Lookup): Promise<string[]> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, found) => {
      if (error === null) resolve(found.map(({ address }) => address));
      else reject(new OutgoingFailure(host, `is not found (${error.code ?? 'no answer'})`));
    });
  });
}
