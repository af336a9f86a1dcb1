/** Who a request comes from, and the scheme and host that its client used: links are made on them. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import proxyAddress from '@fastify/proxy-addr';
import { WireError } from '@parley/protocol';
import { forwardedOf, isForwarded, UNKNOWN } from './forwarded.js';
import { networkOf, plainAddress } from './network.js';

/** What is known of a request's client. */
interface Client {
  /** In canonical form. */
  readonly address: string;
  /** `http` or `https`; null when no trusted proxy says. */
  readonly scheme: string | null;
  /** Empty when no trusted proxy says. */
  readonly host: string;
  /** Where the host has none; empty when no trusted proxy says. */
  readonly port: string;
}

const client = Symbol('parley.client');
const network = Symbol('parley.network');

interface Marked {
  [client]?: Client;
}

/** Addresses whose trust is remembered; beyond, all are asked anew. */
const MAX_REMEMBERED = 1_000;

/** Proxies whose forwarding headers are believed. */
export class TrustedProxies {
  readonly #trusts: ((address: string) => boolean) | null;
  readonly #remembered = new Map<string, boolean>();

  /**
   * @param ranges Addresses or CIDR ranges, e.g. `10.0.0.0/8`, `::1`.
   * @throws Error naming the range that is none.
   */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) compiled([range]);
    this.#trusts = ranges.length === 0 ? null : compiled(ranges);
  }

  /** Whether the connection comes from one of them. */
  trusts(raw: IncomingMessage): boolean {
    return this.#trusts !== null && this.includes(raw.socket.remoteAddress ?? '');
  }

  /**
   * The client's address: the connection's, or, behind trusted proxies, the last one that they name
   * of and that is not a trusted proxy itself.
   */
  clientAddress(raw: IncomingMessage): string {
    if (this.#trusts === null) return plainAddress(raw.socket.remoteAddress ?? '');
    return this.client(raw).address;
  }

  /** The network that the client's address is in: what limits count as one client. */
  network(raw: IncomingMessage): string {
    if (this.#trusts !== null) return networkOf(this.client(raw).address);
    const socket: Socket & { [network]?: string } = raw.socket;
    // Asked at each request, and the same for all of a connection.
    socket[network] ??= networkOf(socket.remoteAddress ?? '');
    return socket[network];
  }

  /** What trusted proxies say of the client; without them, what the connection does. */
  client(raw: IncomingMessage): Client {
    const known = (raw as Marked)[client];
    if (known !== undefined) return known;
    const found = this.#look(raw);
    (raw as Marked)[client] = found;
    return found;
  }

  /** Whether the address is one of them. */
  includes(address: string): boolean {
    if (this.#trusts === null) return false;
    const known = this.#remembered.get(address);
    if (known !== undefined) return known;
    const trusted = this.#trusts(plainAddress(address));
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(address, trusted);
    return trusted;
  }

  #look(raw: IncomingMessage): Client {
    const direct = plainAddress(raw.socket.remoteAddress ?? '');
    const { headers } = raw;
    if (!this.includes(direct) || !isForwarded(headers)) {
      return { address: direct, scheme: null, host: '', port: '' };
    }
    const lists = forwardedOf(headers);
    const chain = [direct, ...lists.addresses.toReversed()];
    // How many trusted proxies there are: the client came to the one that is so far from our end.
    let depth = 1;
    while (depth < chain.length - 1 && this.includes(chain[depth] ?? '')) depth += 1;
    const scheme = fromEnd(lists.schemes, depth);
    return {
      address: chain.slice(0, depth + 1).findLast((address) => address !== UNKNOWN) ?? direct,
      scheme: scheme === 'http' || scheme === 'https' ? scheme : null,
      host: fromEnd(lists.hosts, depth),
      port: fromEnd(lists.ports, depth),
    };
  }
}

/** The entry so many from the end; the first, when not every proxy made one. */
function fromEnd(list: readonly string[], depth: number): string {
  return list[Math.max(0, list.length - depth)] ?? '';
}

/** @throws Error naming the range that is none. */
function compiled(ranges: readonly string[]): (address: string) => boolean {
  try {
    const trust = proxyAddress.compile([...ranges]);
    return (address) => trust(address, 0);
  } catch {
    throw new Error(
      `trusted proxy "${ranges.join(',')}" is not an address or range: write 10.0.0.0/8 or ::1`,
    );
  }
}

const HOST = /^(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** Hosts that were found to be good: clients use few, and looking closely costs more than that. */
const goodHosts = new Set<string>();
const MAX_GOOD_HOSTS = 1_000;

/** Whether links can be made on it: a name or an address, with a port that there can be. */
function isHost(host: string): boolean {
  if (goodHosts.has(host)) return true;
  // Not everything that looks like a host is one: 256.0.0.1, [:::], example.com:99999.
  if (!HOST.test(host) || !URL.canParse(`http://${host}`)) return false;
  if (goodHosts.size >= MAX_GOOD_HOSTS) goodHosts.clear();
  goodHosts.add(host);
  return true;
}

/**
 * `https://host:port` as the client used it.
 * @throws WireError when `Host` is missing or could not be a host: it would end up in links.
 */
export function originOf(raw: IncomingMessage, proxies: TrustedProxies): string {
  const client = proxies.trusts(raw) ? proxies.client(raw) : null;
  const host = client?.host || (raw.headers.host ?? '');
  if (!isHost(host)) {
    throw new WireError('invalidField', `Host "${host.slice(0, 80)}" is not a host name.`);
  }
  const scheme = client?.scheme ?? (isEncrypted(raw) ? 'https' : 'http');
  return `${scheme}://${host}${client === null ? '' : portFor(host, client.port)}`;
}

export function isEncrypted(raw: IncomingMessage): boolean {
  return 'encrypted' in raw.socket && raw.socket.encrypted === true;
}

/** What a proxy's `X-Forwarded-Port` adds to a host that has no port. */
function portFor(host: string, port: string): string {
  // One of the standard ports is the scheme's own, or that of an inner proxy behind the one that
  // took the TLS off.
  if (port === '80' || port === '443' || /:\d+$/.test(host)) return '';
  const number = Number(port);
  return /^\d{1,5}$/.test(port) && number >= 1 && number <= 65_535 ? `:${number}` : '';
}
