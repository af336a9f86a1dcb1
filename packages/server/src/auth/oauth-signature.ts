/** The signature of OAuth 1.0a (RFC 5849, 3.4), from what was signed and the secrets of both sides. */
import { createHmac } from 'node:crypto';
import type { SigningSecrets } from '@parley/configuration/secrets/app-key-secrets';

/** Signature methods, and the hash of each. */
export const SIGNATURE_METHODS = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256' } as const;
export type SignatureMethod = keyof typeof SIGNATURE_METHODS;

/** What is signed of a request. */
export interface SignedParts {
  readonly method: string;
  /** Scheme and host in lower case, no default port, path as sent, no query. */
  readonly url: string;
  /** Those of header, query and form, decoded, in any order; some may have the same name. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** The signature in base64. */
export function oauthSignature(
  parts: SignedParts,
  { secret, tokenSecret }: SigningSecrets,
  method: SignatureMethod,
): string {
  const key = `${encode(secret)}&${encode(tokenSecret)}`;
  return createHmac(SIGNATURE_METHODS[method], key).update(baseString(parts)).digest('base64');
}

/** The text that is signed. */
export function baseString({ method, url, parameters }: SignedParts): string {
  const pairs = parameters.map(([name, value]) => [encode(name), encode(value)] as const);
  // Sorted encoded, by name and then by value; encoded texts are ASCII, so "<" compares bytes.
  pairs.sort(([a, x], [b, y]) => order(a, b) || order(x, y));
  const joined = pairs.map((pair) => pair.join('=')).join('&');
  return [method.toUpperCase(), url, joined].map(encode).join('&');
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
