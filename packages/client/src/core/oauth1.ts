/** Requests signed by OAuth 1.0a (RFC 5849), with the Web Crypto of Node and browsers. */
import { newKey } from './keys.js';

/** How requests are signed (OAuth 1.0a). */
export type SignatureMethod = 'HMAC-SHA1' | 'HMAC-SHA256';

/** The four values that a client signs with. */
export interface SigningKeys {
  readonly appKey: string;
  readonly secret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

/**
 * The `Authorization` header of a signed request.
 * @param url with its query, as it will be sent
 * @param now epoch ms; within 5 minutes of the server's clock
 */
export async function oauthHeader(
  keys: SigningKeys,
  method: SignatureMethod,
  request: { readonly method: string; readonly url: string },
  now: number,
  nonce: string = newKey(),
): Promise<string> {
  const oauth: Record<string, string> = {
    oauth_consumer_key: keys.appKey,
    oauth_token: keys.accessToken,
    oauth_signature_method: method,
    oauth_timestamp: String(Math.floor(now / 1_000)),
    oauth_nonce: nonce,
    oauth_version: '1.0',
  };
  const url = new URL(request.url);
  // A body of JSON is not signed.
  const parameters = [...Object.entries(oauth), ...url.searchParams.entries()].map(
    ([name, value]) => [encode(name), encode(value)] as const,
  );
  parameters.sort(([a, x], [b, y]) => order(a, b) || order(x, y));
  const base = [
    request.method.toUpperCase(),
    url.origin + url.pathname,
    parameters.map((pair) => pair.join('=')).join('&'),
  ].map(encode);
  const key = `${encode(keys.secret)}&${encode(keys.accessTokenSecret)}`;
  const signature = await hmac(method, key, base.join('&'));
  const header = Object.entries({ ...oauth, oauth_signature: signature });
  return `OAuth ${header.map(([name, value]) => `${name}="${encode(value)}"`).join(', ')}`;
}

async function hmac(method: SignatureMethod, key: string, text: string): Promise<string> {
  const bytes = (of: string) => new TextEncoder().encode(of);
  const algorithm = { name: 'HMAC', hash: method === 'HMAC-SHA1' ? 'SHA-1' : 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', bytes(key), algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', imported, bytes(text));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Percent-encoding as RFC 5849, 3.6 has it: everything but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
