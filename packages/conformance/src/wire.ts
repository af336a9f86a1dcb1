/** Sends requests exactly as given, and gives back whatever is answered. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { Answer } from './answer.js';
import type { Ask } from './exchange.js';
import { Mismatch } from './outcome.js';

/** Longest time for one answer, ms. */
const MAX_ANSWER_MS = 15_000;

/** Times that a busy server (429) is asked again, and the longest `Retry-After` obeyed, seconds. */
const RETRIES = 3;
const MAX_RETRY = 60;

export class Wire {
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https: HttpsAgent;

  /** @param ca authority to trust besides the well-known ones, PEM */
  constructor(ca: string | undefined) {
    const trusted = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
    this.#https = new HttpsAgent({ keepAlive: true, ...trusted });
  }

  /**
   * Sends a request; every status is an answer. One that says to come back later is obeyed.
   * @throws Mismatch when there is no answer.
   */
  async send(ask: Ask): Promise<Answer> {
    for (let tries = 0; ; tries += 1) {
      const answer = await this.#sendOnce(ask);
      const wait = Number(answer.headers['retry-after']);
      const again = answer.status === 429 && tries < RETRIES && wait <= MAX_RETRY;
      if (!again) return answer;
      await pause(wait * 1000);
    }
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #sendOnce(ask: Ask, attempt: 'first' | 'second' = 'first'): Promise<Answer> {
    const { method, url, body } = ask;
    const secure = url.startsWith('https:');
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    // A URL object would tidy up what the suite sends on purpose, such as a doubled "??".
    const { hostname, port } = new URL(url);
    const path = url.slice(url.indexOf('/', url.indexOf('//') + 2));
    const options = {
      method,
      hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
      port,
      path,
      headers: { ...length, ...ask.headers },
      timeout: MAX_ANSWER_MS,
    };
    return new Promise((resolve, reject) => {
      const failed = (got: string) =>
        reject(new Mismatch(`${method} ${url}`, 'an answer', got, null));
      const request = secure
        ? httpsRequest({ ...options, agent: this.#https })
        : httpRequest({ ...options, agent: this.#http });
      request.on('timeout', () =>
        request.destroy(new Error(`nothing for ${MAX_ANSWER_MS / 1000} s`)),
      );
      request.on('error', (error) => {
        // The server may close a connection in the moment that it is used again.
        const stale = request.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
        if (stale && attempt === 'first') resolve(this.#sendOnce(ask, 'second'));
        else failed(reasonOf(error));
      });
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => failed(`an answer cut off (${reasonOf(error)})`));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve(new Answer(ask, response.statusCode ?? 0, response.headers, text));
        });
      });
      request.end(body);
    });
  }
}

/** What is most likely behind the errors of a connection, by their codes. */
const LIKELY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host could not be looked up',
  EPROTO: 'that port does not speak TLS, try http://',
  ECONNRESET: 'the connection was closed without an answer; a port for TLS needs https://',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  CERT_HAS_EXPIRED: 'its certificate is too old',
};

/** Codes of a certificate that nobody known vouches for. */
const UNTRUSTED = /^(?:SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(?:GET_ISSUER|VERIFY))/;

function reasonOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  if (UNTRUSTED.test(code)) {
    return `a certificate that is not trusted (${error.message}): name its authority with --ca`;
  }
  const likely = LIKELY[code];
  if (likely === undefined) return error.message || code || error.name;
  // What OpenSSL says names its own source files.
  const said = code === 'EPROTO' ? code : error.message || code;
  return `${said} (${likely})`;
}
