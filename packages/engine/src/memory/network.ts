/**
 * Who counts as one stranger: in IPv4 an address; in IPv6 a network of 64 bits, since whoever has one
 * address has a whole network of them. Networks of 64 bits come by the thousand too: those that share
 * their first 48 bits are one site, whose networks share what one IPv4 address may have.
 */

/** Groups of 16 bits. */
const NETWORK_GROUPS = 4;

const SITE_GROUPS = 3;

/**
 * What an address counts as: `192.0.2.7`, or `2001:db8:0:1::/64`.
 * @param address as it stands in a header or on a socket; what is no address counts as it is
 */
export function networkOf(address: string): string {
  return pathOf(address).at(-1) ?? address;
}

/**
 * The sharers that an address belongs to, the largest first: of IPv6 the site, then the network in it.
 * @param address null for one that is not known: all of those are one
 */
export function pathOf(address: string | null): readonly string[] {
  if (address === null) return UNKNOWN;
  if (!address.includes(':')) return [address];
  const groups = groupsOf(address);
  if (groups === null) return [address];
  const mapped = mappedIPv4(groups);
  if (mapped !== null) return [mapped];
  const text = (count: number) => groups.slice(0, count).map((group) => group.toString(16));
  return [`${text(SITE_GROUPS).join(':')}::/48`, `${text(NETWORK_GROUPS).join(':')}::/64`];
}

const UNKNOWN = [''] as const;

const GROUP = /^[0-9a-f]{1,4}$/i;

const BYTE = /^\d{1,3}$/;

/** The eight groups of an IPv6 address; null for what is none. */
function groupsOf(address: string): readonly number[] | null {
  const [plain = ''] = address.split('%', 1);
  const [head = '', tail, ...more] = plain.split('::');
  if (more.length > 0) return null;
  const before = numbersOf(head);
  const after = numbersOf(tail ?? '');
  if (before === null || after === null) return null;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...before, ...Array<number>(missing).fill(0), ...after];
}

/** The groups of a part of an address; an end such as `192.0.2.1` is two of them. */
function numbersOf(part: string): readonly number[] | null {
  if (part === '') return [];
  const numbers: number[] = [];
  for (const text of part.split(':')) {
    if (GROUP.test(text)) numbers.push(Number.parseInt(text, 16));
    else {
      const bytes = text.split('.');
      const [a = 0, b = 0, c = 0, d = 0] = bytes.map(Number);
      if (bytes.length !== 4 || !bytes.every((byte) => BYTE.test(byte))) return null;
      numbers.push(256 * a + b, 256 * c + d);
    }
  }
  return numbers;
}

/** The IPv4 address that is mapped into IPv6; null when there is none. */
function mappedIPv4(groups: readonly number[]): string | null {
  const [high = 0, low = 0] = groups.slice(6);
  if (groups[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0)) return null;
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
