/** Where clients find an account's services: `host[:port]`, to which they prefix `https://`. */
import { SERVICES, type Service } from '@parley/protocol';
import type { Call } from '../http/call.js';
import type { DomainContext } from './context.js';

/** Where one service of an account is. */
export interface BaseUri {
  readonly account: string;
  /** `host[:port]`, never with a scheme. */
  readonly baseURI: string;
  readonly service: Service;
}

/**
 * The host that the account's clients are sent to: the configured public domain, else the host the
 * client used. One that came by plain HTTP is given the TLS port, because it will use `https://`.
 */
export function baseUriFor(call: Pick<Call<DomainContext>, 'server' | 'origin'>): string {
  const { publicDomain, httpsPort } = call.server;
  if (publicDomain !== null) return publicDomain;
  const [scheme = '', host = ''] = call.origin.split('://');
  const port = httpsPort();
  if (scheme === 'https' || port === null) return host;
  const name = host.replace(/:\d+$/, '');
  return port === 443 ? name : `${name}:${port}`;
}

/** Every service of an account, in the order of the service list. */
export function baseUrisOf(
  call: Pick<Call<DomainContext>, 'server' | 'origin'>,
  account: string,
): BaseUri[] {
  const baseURI = baseUriFor(call);
  return SERVICES.map((service) => ({ account, baseURI, service }));
}
