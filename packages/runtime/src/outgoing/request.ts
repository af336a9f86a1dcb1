/**
 * Requests that the server makes of others: to addresses that may be reached, bounded in time and
 * size, without following where an answer points. The host's name is looked up once, and the
 * connection goes to what was found and checked: a name that means another address a moment later
 * (DNS rebinding) changes nothing.
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { type IncomingHttpHeaders, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { OutgoingAddresses } from '@parley/configuration/outgoing-addresses';

export interface OutgoingRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For all of it, name and connection included, ms. */
  readonly timeoutMs: number;
  /** Most bytes that the answer's body may have. */
  readonly maxBytes: number;
}

export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** No answer came; the message says why, and names the host alone: paths may hold secrets. */
export class OutgoingFailure extends Error {
  constructor(host: string, why: string, options?: { cause?: unknown }) {
    super(`${host} ${why}`, options);
    this.name = 'OutgoingFailure';
  }
}

/** All addresses of a name. */
export type Lookup = (
  name: string,
  options: { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export class Outgoing {
  /** What may be reached. */
  readonly addresses: OutgoingAddresses;
  readonly #lookup: Lookup;

  constructor(addresses: OutgoingAddresses, lookup: Lookup = systemLookup) {
    this.addresses = addresses;
    this.#lookup = lookup;
  }

  /**
   * Makes a request; every status is an answer, a redirection too.
   * @throws OutgoingFailure for a URL or an address that is not reached, and when no whole answer
   *   comes in time.
   */
  request({ url, ...request }: OutgoingRequest): Promise<OutgoingAnswer> {
    const target = URL.canParse(url) ? new URL(url) : null;
    if (target === null || !/^https?:$/.test(target.protocol)) {
      return Promise.reject(new OutgoingFailure('The address', 'is not an https URL'));
    }
    const host = target.host;
    if (target.username !== '' || target.password !== '') {
      return Promise.reject(new OutgoingFailure(host, 'is given with a user name in its URL'));
    }
    const name = target.hostname.replace(/^\[|\]$/g, '');
    const secure = target.protocol === 'https:';
    // An address is not looked up, so it is checked here.
    const refused = isIP(name) === 0 ? null : this.#refused(name, secure);
    if (refused !== null) return Promise.reject(new OutgoingFailure(host, refused));
    return this.#send(target, secure, request);
  }

  #send(
    target: URL,
    secure: boolean,
    { method, headers, body, timeoutMs, maxBytes }: Omit<OutgoingRequest, 'url'>,
  ): Promise<OutgoingAnswer> {
    const { host } = target;
    const options: RequestOptions = {
      method,
      headers: {
        ...headers,
        'accept-encoding': 'identity',
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      // A connection of its own: none that was made for another name is used again.
      agent: false,
      lookup: this.#checkedLookup(secure),
      signal: AbortSignal.timeout(timeoutMs),
    };
    return new Promise((resolve, reject) => {
      const fail = (why: string, cause?: unknown) =>
        reject(new OutgoingFailure(host, why, { cause }));
      const request = (secure ? httpsRequest : httpRequest)(target, options, (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > maxBytes) {
            fail(`answered more than ${maxBytes.toLocaleString('en')} bytes`);
            request.destroy();
          } else {
            chunks.push(chunk);
          }
        });
        response.on('error', (error) => fail(whyOf(error, timeoutMs), error));
        response.on('end', () => {
          const { statusCode = 0, headers: answered } = response;
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: statusCode, headers: answered, text });
        });
      });
      request.on('error', (error) => fail(whyOf(error, timeoutMs), error));
      request.end(body);
    });
  }

  /** Gives the connection the addresses of a name that may be reached, and an error when none may. */
  #checkedLookup(secure: boolean): LookupFunction {
    return (name, options, done) => {
      this.#lookup(name, { all: true }, (error, found) => {
        if (error !== null) return done(error, []);
        const refusals = found.map(({ address }) => this.#refused(address, secure));
        const reachable = found.filter((_, index) => refusals[index] === null);
        const [first] = reachable;
        if (first === undefined) return done(new Refused(refusals[0] ?? 'has no address'), []);
        if (options.all) return done(null, reachable);
        return done(null, first.address, first.family);
      });
    };
  }

  /** Unencrypted only where the operator allows the very address. */
  #refused(address: string, secure: boolean): string | null {
    if (!secure && !this.addresses.allows(address)) return 'is not reached without https';
    const why = this.addresses.refuses(address, 'public');
    return why === null
      ? null
      : `is not reached: it is ${why}. The operator can allow it with --outgoing-allow`;
  }
}

class Refused extends Error {}

function whyOf(error: Error & { code?: string }, timeoutMs: number): string {
  if (error instanceof Refused) return error.message;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return `did not answer within ${timeoutMs / 1000} s`;
  }
  return `could not be asked (${error.code ?? 'no connection'})`;
}
