/** What counts as one client: an IPv4 address, or in IPv6 the network of 64 bits around it. */
import { isIP, SocketAddress } from 'node:net';

export { networkOf } from '@parley/engine';

/**
 * An address in its one canonical form: IPv4 that is mapped into IPv6 as IPv4, IPv6 in lower case,
 * compressed, without zone. What is no address is given back as it is.
 * @param address as Node gives it, or as it stands in a header
 */
export function plainAddress(address: string): string {
  if (!address.includes(':')) return address;
  const zoneless = address.split('%', 1)[0] ?? '';
  if (isIP(zoneless) !== 6) return address;
  const { address: canonical } = new SocketAddress({ address: zoneless, family: 'ipv6' });
  const mapped = canonical.startsWith('::ffff:') ? canonical.slice(7) : '';
  return isIP(mapped) === 4 ? mapped : canonical;
}
