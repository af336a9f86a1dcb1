/**
 * Looks at requests that came through a proxy, and says in the log what is wrong with it: once for
 * each fault, since all its requests have the same.
 */
import type { IncomingMessage } from 'node:http';
import type { HttpContext } from './context.js';
import { contradicts, isForwarded } from './forwarded.js';
import { isEncrypted } from './origin.js';
import { plainAddress } from './network.js';

type Fault = 'untrusted' | 'no-scheme' | 'own-address' | 'both';

const FAULTS = 4;

export class ProxyCheck {
  readonly #server: Pick<HttpContext, 'proxies' | 'publicDomain' | 'log'>;
  readonly #warned = new Set<Fault>();

  constructor(server: Pick<HttpContext, 'proxies' | 'publicDomain' | 'log'>) {
    this.#server = server;
  }

  /** Looks at a request; most show no proxy. */
  look(raw: IncomingMessage): void {
    if (this.#warned.size === FAULTS || !isForwarded(raw.headers)) return;
    const { proxies, publicDomain } = this.#server;
    const proxy = plainAddress(raw.socket.remoteAddress ?? '');
    const links = publicDomain === null ? ', and links are made as if it were not there' : '';
    if (!proxies.trusts(raw)) {
      this.#warn(
        'untrusted',
        proxy,
        `a request came through a proxy that is not trusted: all its visitors count as one address${links}. If it is yours, start with --trusted-proxies ${proxy}`,
      );
      return;
    }
    if (contradicts(raw.headers)) {
      this.#warn(
        'both',
        proxy,
        'the proxy sends Forwarded and X-Forwarded-For, which name different clients: X-Forwarded-For counts. Let the proxy drop the one that it does not write',
      );
    }
    if (publicDomain !== null) return;
    const { scheme, host } = proxies.client(raw);
    if (scheme === null && !isEncrypted(raw)) {
      this.#warn(
        'no-scheme',
        proxy,
        'the proxy does not send the scheme, so links begin with http://: let it send X-Forwarded-Proto, or set --public-domain',
      );
    }
    if (host === '' && isOwn(raw)) {
      this.#warn(
        'own-address',
        proxy,
        `the proxy asks for ${raw.headers.host}, the server's own address, so links lead there: let it pass Host on or send X-Forwarded-Host, or set --public-domain`,
      );
    }
  }

  #warn(fault: Fault, proxy: string, message: string): void {
    if (this.#warned.has(fault)) return;
    this.#warned.add(fault);
    this.#server.log.warn({ proxy, fault }, message);
  }
}

/** Whether `Host` is where the server listens, as proxies write it that do not pass it on. */
function isOwn({ headers, socket }: IncomingMessage): boolean {
  const address = plainAddress(socket.localAddress ?? '');
  const names = [address, `[${address}]`, 'localhost'];
  return names.some((name) => headers.host === `${name}:${socket.localPort}`);
}
