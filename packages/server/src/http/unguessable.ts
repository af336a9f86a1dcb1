/** Keys that stand for somebody who has nothing else to show: they must be unguessable. */
import { WireError } from '@parley/protocol';

/** Random bits that such a key carries at least. */
const MIN_BITS = 128;

/** Fewer different characters than this are no random text of that length. */
const MIN_DIFFERENT = 8;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Random bits that a key can carry at most, by the kinds of characters in it; a UUID has some that are
 * fixed.
 */
export function bitsIn(key: string): number {
  if (UUID.test(key)) return 122;
  if (new Set(key).size < MIN_DIFFERENT) return 0;
  return key.length * Math.log2(alphabetOf(key));
}

/** How many characters a key of such characters is drawn from, with the smallest usual alphabet. */
function alphabetOf(key: string): number {
  if (/^\d+$/.test(key)) return 10;
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(key)) return 16;
  if (/^(?:[0-9a-z]+|[0-9A-Z]+)$/.test(key)) return 36;
  if (/^[0-9A-Za-z]+$/.test(key)) return 62;
  if (/^[0-9A-Za-z+/=_-]+$/.test(key)) return 64;
  return 94;
}

/** @throws WireError 400 for a key that somebody else could guess. */
export function requireUnguessable(key: string): void {
  const bits = Math.floor(bitsIn(key));
  if (bits >= MIN_BITS) return;
  throw new WireError(
    'badIdempotencyKey',
    `The Idempotency-Key of a request that only its key distinguishes from other visitors' must carry ${MIN_BITS} random bits, this one has ${bits} at most: send 16 random bytes as 32 hex digits or 22 characters of base64url (a UUID has 122).`,
  );
}
