/** Scheme and host that the client used: links are made on them. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { WireError } from '@parley/protocol';

/** Addresses of proxies whose `X-Forwarded-*` are believed. */
export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #any: boolean;

  /** @param ranges Addresses or CIDR ranges, e.g. `10.0.0.0/8`, `::1`. */
  constructor(ranges: readonly string[]) {
    this.#any = ranges.length > 0;
    for (const range of ranges) {
      const [address = '', prefix] = range.split('/');
      const version = isIP(address);
      if (version === 0) {
        throw new Error(
          `trusted proxy "${range}" is not an address or range: write 10.0.0.0/8 or ::1`,
        );
      }
      const type = version === 4 ? 'ipv4' : 'ipv6';
      if (prefix === undefined) this.#list.addAddress(address, type);
      else this.#list.addSubnet(address, Number(prefix), type);
    }
  }

  trusts(raw: IncomingMessage): boolean {
    if (!this.#any) return false;
    return this.includes(raw.socket.remoteAddress ?? '');
  }

  /**
   * The client's address: the connection's, or, behind trusted proxies, the last one in
   * `X-Forwarded-For` that is not a trusted proxy itself.
   */
  clientAddress(raw: IncomingMessage): string {
    const direct = plainAddress(raw.socket.remoteAddress ?? '');
    if (!this.trusts(raw)) return direct;
    const chain = header(raw, 'x-forwarded-for')
      .split(',')
      .map((part) => plainAddress(part.trim()));
    for (const address of chain.reverse()) {
      if (isIP(address) === 0) break;
      if (!this.includes(address)) return address;
    }
    return direct;
  }

  /** Whether the address is one of them. */
  includes(address: string): boolean {
    const plain = plainAddress(address);
    const version = isIP(plain);
    return version !== 0 && this.#list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  }
}

/** IPv4 in IPv6 clothes, as IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

function header(raw: IncomingMessage, name: string): string {
  const value = raw.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

const HOST = /^(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** Hosts that were found to be good: clients use few, and looking closely costs more than that. */
const goodHosts = new Set<string>();
const MOST_GOOD_HOSTS = 1_000;

/** Whether links can be made on it: a name or an address, with a port that there can be. */
function isHost(host: string): boolean {
  if (goodHosts.has(host)) return true;
  // Not everything that looks like a host is one: 256.0.0.1, [:::], example.com:99999.
  if (!HOST.test(host) || !URL.canParse(`http://${host}`)) return false;
  if (goodHosts.size >= MOST_GOOD_HOSTS) goodHosts.clear();
  goodHosts.add(host);
  return true;
}

/**
 * `https://host:port` as the client used it.
 * @throws WireError when `Host` is missing or could not be a host: it would end up in links.
 */
export function originOf(raw: IncomingMessage, proxies: TrustedProxies): string {
  const trusted = proxies.trusts(raw);
  const forwardedHost = trusted ? lastOf(header(raw, 'x-forwarded-host')) : '';
  const forwardedProto = trusted ? lastOf(header(raw, 'x-forwarded-proto')) : '';
  const host = forwardedHost || (raw.headers.host ?? '');
  if (!isHost(host)) {
    throw new WireError('invalidField', `Host "${host.slice(0, 80)}" is not a host name.`);
  }
  const encrypted = 'encrypted' in raw.socket && raw.socket.encrypted === true;
  const scheme =
    forwardedProto === 'https' || forwardedProto === 'http'
      ? forwardedProto
      : encrypted
        ? 'https'
        : 'http';
  return `${scheme}://${host}`;
}

function lastOf(list: string): string {
  return list.slice(list.lastIndexOf(',') + 1).trim();
}
