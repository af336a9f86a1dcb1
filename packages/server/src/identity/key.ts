/** The public keys that tokens of identity providers are checked with, as administrators give them. */
import { createPublicKey, type KeyObject } from 'node:crypto';

/** Signature algorithms that are accepted: no other, and never one that the token alone chooses. */
export const ALGORITHMS = ['RS256', 'ES256'] as const;

/** Fewest bits of an RSA key that still protects anything. */
const FEWEST_RSA_BITS = 2_048;

/**
 * A public key as PEM (SPKI).
 * @param text PEM of a key or a certificate, the base64 of a key without its frame, or a JWK
 * @throws Error saying what is wrong with it; it never repeats the text.
 */
export function publicKeyPem(text: string): string {
  if (/PRIVATE KEY/.test(text)) {
    throw new Error('it is a private key: give the public one, and consider this one known');
  }
  const key = keyOf(text.trim());
  algorithmOf(key);
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** The one algorithm that tokens signed with the key have. @throws Error for any other key. */
export function algorithmOf(key: KeyObject): (typeof ALGORITHMS)[number] {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') {
    if (modulusLength >= FEWEST_RSA_BITS) return 'RS256';
    throw new Error(
      `an RSA key of ${modulusLength} bits is too short: ${FEWEST_RSA_BITS} at least`,
    );
  }
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256';
  throw new Error('it must be an RSA key (RS256) or one of the curve P-256 (ES256)');
}

function keyOf(text: string): KeyObject {
  if (text.startsWith('{')) return keyOfJwk(text);
  try {
    if (text.startsWith('-----BEGIN')) return createPublicKey(text);
    // What the original's own form takes: the base64 of a key, and nothing around it.
    const der = Buffer.from(text, 'base64');
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    throw new Error('it cannot be read: give PEM, the base64 of a key, or a JWK');
  }
}

function keyOfJwk(text: string): KeyObject {
  let jwk: unknown;
  try {
    jwk = JSON.parse(text);
  } catch {
    throw new Error('it cannot be read: it begins like a JWK, and is no JSON');
  }
  if (typeof jwk !== 'object' || jwk === null || 'd' in jwk || 'k' in jwk) {
    throw new Error('it is no public key: give the public part of the JWK alone');
  }
  try {
    return createPublicKey({ key: jwk as Record<string, unknown>, format: 'jwk' });
  } catch {
    throw new Error('it cannot be read: the JWK is no key of kty RSA or EC');
  }
}
