/** What counts as one client: an IPv4 address, or in IPv6 the network of 64 bits around it. */
import { isIP, SocketAddress } from 'node:net';

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

/**
 * What limits count as one client (SPEC: AUTH21): whoever has an IPv6 address has its whole /64.
 * @param address as Node gives it, or as it stands in a header
 * @returns the IPv4 address, or the network as `2001:db8:0:1::/64`; what is no address as it is
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  // A dotted end stands for two groups.
  const given = before.length + after.length + (plain.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? [] : Array<string>(8 - given).fill('0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}
