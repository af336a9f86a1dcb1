/** Signs a request: OAuth 1.0a (RFC 5849) with an app key and an access token. */
import { createHmac, randomBytes } from 'node:crypto';
import type { BotKey } from './target.js';

export type SignatureMethod = 'HMAC-SHA1' | 'HMAC-SHA256';

export interface Signing {
  readonly method: string;
  readonly url: string;
  readonly key: BotKey;
  readonly hash?: SignatureMethod;
  /** Epoch seconds; now by default. */
  readonly timestamp?: number;
  readonly nonce?: string;
}

/** The `Authorization` header of a request whose body is no form. */
export function signature(signing: Signing): string {
  const { key, hash = 'HMAC-SHA1' } = signing;
  const own: Readonly<Record<string, string>> = {
    oauth_consumer_key: key.appKey,
    oauth_token: key.accessToken,
    oauth_signature_method: hash,
    oauth_timestamp: String(signing.timestamp ?? Math.floor(Date.now() / 1000)),
    oauth_nonce: signing.nonce ?? randomBytes(16).toString('hex'),
    oauth_version: '1.0',
  };
  const secrets = `${encode(key.secret)}&${encode(key.accessTokenSecret)}`;
  const signed = createHmac(hash === 'HMAC-SHA1' ? 'sha1' : 'sha256', secrets)
    .update(baseString(signing, own))
    .digest('base64');
  const fields = Object.entries({ ...own, oauth_signature: signed });
  return `OAuth ${fields.map(([name, value]) => `${name}="${encode(value)}"`).join(', ')}`;
}

/** RFC 5849, 3.4.1. */
function baseString({ method, url }: Signing, own: Readonly<Record<string, string>>): string {
  const { origin, pathname, searchParams } = new URL(url);
  const parameters = [...searchParams, ...Object.entries(own)]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return [method, encode(origin + pathname), encode(parameters)].join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Percent-encoding as RFC 5849, 3.6 wants it. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
