/**
 * What proxies say of a request that they pass on: `X-Forwarded-*` as it is sent in the field, and
 * the standard's `Forwarded` (RFC 7239). Nothing here decides whom to believe: see origin.ts.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { plainAddress } from './network.js';

/** What a chain of proxies says, each list from the client's end to ours. */
export interface ForwardedLists {
  /** Addresses in canonical form; `unknown` for what is none. */
  readonly addresses: readonly string[];
  readonly schemes: readonly string[];
  readonly hosts: readonly string[];
  /** Ports as they stand there. */
  readonly ports: readonly string[];
}

/** Stands for a hop whose address is not given: RFC 7239 has `unknown` and names that hide it. */
export const UNKNOWN = 'unknown';

/** Any of these shows that a request was passed on. */
const SIGNS = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'forwarded',
  'x-real-ip',
] as const;

/** Whether a proxy, or somebody who plays one, left its mark. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return SIGNS.some((name) => headers[name] !== undefined);
}

/**
 * What the headers say. `Forwarded` counts only where none of `X-Forwarded-For`, `-Host` and
 * `-Proto` is there: a proxy that writes those passes on a `Forwarded` of its client's making.
 */
export function forwardedOf(headers: IncomingHttpHeaders): ForwardedLists {
  const addresses = listOf(headers, 'x-forwarded-for');
  const hosts = listOf(headers, 'x-forwarded-host');
  const schemes = listOf(headers, 'x-forwarded-proto');
  const ports = listOf(headers, 'x-forwarded-port');
  const standard = headers['forwarded'];
  if (standard !== undefined && addresses.length + hosts.length + schemes.length === 0) {
    return { ...standardOf(standard), ports };
  }
  const known = addresses.length > 0 ? addresses : listOf(headers, 'x-real-ip');
  return {
    addresses: known.map(addressIn),
    hosts,
    schemes: (schemes.length > 0 ? schemes : otherSchemes(headers)).map(schemeIn),
    ports,
  };
}

/** Whether `Forwarded` and `X-Forwarded-For` both name a client, and not the same. */
export function contradicts(headers: IncomingHttpHeaders): boolean {
  const standard = headers['forwarded'];
  const last = listOf(headers, 'x-forwarded-for').at(-1);
  if (standard === undefined || last === undefined) return false;
  return standardOf(standard).addresses.at(-1) !== addressIn(last);
}

/** How a scheme is given by proxies that do not say `X-Forwarded-Proto`. */
function otherSchemes(headers: IncomingHttpHeaders): readonly string[] {
  const named = [
    ...listOf(headers, 'x-forwarded-scheme'),
    ...listOf(headers, 'x-forwarded-protocol'),
    ...listOf(headers, 'cloudfront-forwarded-proto'),
  ];
  if (named.length > 0) return named.slice(0, 1);
  const on = [...listOf(headers, 'x-forwarded-ssl'), ...listOf(headers, 'front-end-https')];
  return on.some((value) => value.toLowerCase() === 'on') ? ['https'] : [];
}

/** `wss`, as some say of a connection that may become a socket, is https. */
function schemeIn(text: string): string {
  const scheme = text.toLowerCase();
  if (scheme === 'wss' || scheme === 'ssl') return 'https';
  return scheme === 'ws' ? 'http' : scheme;
}

/**
 * The address in one entry: bare, in brackets, quoted, with a port or a zone.
 * @returns `unknown` for what is none
 */
export function addressIn(entry: string): string {
  const bare = entry.trim().replace(/^"(.*)"$/, '$1');
  const [, bracketed, dotted] =
    /^(?:\[([^\]]*)\]|([\d.]+))(?::[\w.-]{1,32})?$/.exec(bare) ?? ([] as const);
  const address = (bracketed ?? dotted ?? bare).split('%', 1)[0] ?? '';
  return isIP(address) === 0 ? UNKNOWN : plainAddress(address);
}

/** The entries of a header that is a list; Node joins those of several lines. */
function listOf(headers: IncomingHttpHeaders, name: string): string[] {
  const value = headers[name];
  if (value === undefined) return [];
  return String(value)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** `name=value`, the value a token or quoted. */
const PAIR = /([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*))/y;
const BLANKS = /[ \t]*/y;

const NOBODY = { addresses: [], schemes: [], hosts: [] } as const;

/** A header of RFC 7239; one that is malformed names nobody, whoever is to blame for it. */
function standardOf(header: string): Omit<ForwardedLists, 'ports'> {
  const hops: Record<string, string>[] = [{}];
  let index = endOf(BLANKS, header, 0);
  while (index < header.length) {
    PAIR.lastIndex = index;
    const [pair = '', name = '', quoted, token = ''] = PAIR.exec(header) ?? [];
    const hop = hops.at(-1);
    if (hop !== undefined && pair !== '') {
      hop[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? token;
    }
    index = endOf(BLANKS, header, index + pair.length);
    const separator = header[index];
    if (separator === ',') hops.push({});
    else if (separator !== ';' && separator !== undefined) return NOBODY;
    index = endOf(BLANKS, header, index + 1);
  }
  const named = hops.filter((hop) => Object.keys(hop).length > 0);
  return {
    addresses: named.map((hop) => addressIn(hop['for'] ?? '')),
    schemes: named.map((hop) => schemeIn(hop['proto'] ?? '')),
    hosts: named.map((hop) => hop['host'] ?? ''),
  };
}

/** Where the pattern, put at an index, ends. */
function endOf(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return index + (pattern.exec(text)?.[0].length ?? 0);
}
