/** A client that signs its requests as clients in the field do, with a library of theirs. */
import { createHmac } from 'node:crypto';
import OAuth from 'oauth-1.0a';
import { DEMO_BOT_KEY } from '../src/index.js';
import type { Clock } from '@parley/runtime/clock/clock';
import { type CallOptions, call, type Reply } from './harness.js';

/** What a bot was given. */
export interface Keys {
  readonly appKey: string;
  readonly secret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

export const HASHES = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256' } as const;

export interface Signing {
  readonly method?: keyof typeof HASHES;
  /** Fields of the form that is sent. */
  readonly form?: Readonly<Record<string, string>>;
  /** Epoch seconds; the clock's by default. */
  readonly timestamp?: number;
  readonly nonce?: string;
  readonly realm?: string;
}

export class SigningClient {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #keys: Keys;

  constructor(clock: Pick<Clock, 'now'>, keys: Keys = DEMO_BOT_KEY) {
    this.#clock = clock;
    this.#keys = keys;
  }

  /** The `Authorization` header for a request. */
  sign(method: string, url: string, signing: Signing = {}): string {
    const { method: signatureMethod = 'HMAC-SHA1', form, timestamp, nonce, realm } = signing;
    const { appKey, secret, accessToken, accessTokenSecret } = this.#keys;
    const oauth = new OAuth({
      consumer: { key: appKey, secret },
      signature_method: signatureMethod,
      hash_function: (base, key) =>
        createHmac(HASHES[signatureMethod], key).update(base).digest('base64'),
      ...(realm === undefined ? {} : { realm }),
    });
    const seconds = timestamp ?? Math.floor(this.#clock.now() / 1000);
    oauth.getTimeStamp = () => seconds;
    if (nonce !== undefined) oauth.getNonce = () => nonce;
    const token = { key: accessToken, secret: accessTokenSecret };
    const signed = oauth.authorize({ method, url, ...(form && { data: { ...form } }) }, token);
    return oauth.toHeader(signed).Authorization;
  }

  /** A signed call. */
  call(method: string, url: string, options: CallOptions = {}, signing?: Signing): Promise<Reply> {
    const authorization = this.sign(method, url, signing);
    return call(method, url, { ...options, headers: { ...options.headers, authorization } });
  }
}
