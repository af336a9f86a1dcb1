/**
 * Which addresses the server connects to because the configuration, or somebody outside, names them:
 * the one check for token endpoints, key sets, webhooks and mail servers. Without it whoever may name
 * a host could ask the networks around the server, and what hosts give their own machines of secrets.
 */
import ipaddr from 'ipaddr.js';

/**
 * How far a use may reach by itself. `public`: the internet alone. `private`: the operator's own
 * networks too, as for mail servers, but neither links nor metadata services.
 */
export type Reach = 'public' | 'private';

/** What hosting providers answer their machines' questions at; some are in ranges of other uses. */
const METADATA: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
]);

/** Ranges that a use of reach `private` may have. */
const OWN_NETWORKS: ReadonlySet<string> = new Set([
  'loopback',
  'private',
  'uniqueLocal',
  'carrierGradeNat',
]);

/** All that is given out of IPv6 to the internet. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

type Range = ReturnType<typeof ipaddr.parseCIDR>;

export class OutgoingAddresses {
  readonly #allowed: readonly Range[];

  /**
   * @param allowed addresses and ranges that the operator lets be reached whatever they are, such as
   *   `10.1.0.0/16` or `::1`
   * @throws RangeError naming the one that is none.
   */
  constructor(allowed: readonly string[]) {
    this.#allowed = allowed.map(rangeOf);
  }

  /** Whether the operator lets it be reached by name. */
  allows(address: string): boolean {
    const parsed = parse(address);
    return parsed !== null && this.#allowed.some((range) => isIn(parsed, range));
  }

  /** Why the address is not connected to, in words that fit after "is"; null when it is. */
  refuses(address: string, reach: Reach): string | null {
    const parsed = parse(address);
    if (parsed === null) return 'not an IP address';
    if (this.#allowed.some((range) => isIn(parsed, range))) return null;
    if (METADATA.has(parsed.toString())) return 'the address of a metadata service';
    const range = parsed.range();
    if (range === 'unicast') {
      const global = parsed.kind() === 'ipv4' || isIn(parsed, GLOBAL_UNICAST);
      return global ? null : 'not an address of the internet';
    }
    if (!OWN_NETWORKS.has(range)) return 'an address for special use';
    return reach === 'private' ? null : 'an address of a private network';
  }
}

/** IPv4 that is mapped into IPv6 counts as IPv4. */
function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const zoneless = address.split('%', 1)[0] ?? '';
  return ipaddr.IPv4.isValidFourPartDecimal(zoneless) || ipaddr.IPv6.isValid(zoneless)
    ? ipaddr.process(zoneless)
    : null;
}

function rangeOf(text: string): Range {
  try {
    const [address, bits] = ipaddr.parseCIDR(text.includes('/') ? text : withAllBits(text));
    return [address, bits] as Range;
  } catch {
    throw new RangeError(`"${text}" is neither an address nor a range such as 10.1.0.0/16`);
  }
}

function withAllBits(address: string): string {
  return `${address}/${ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128}`;
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
