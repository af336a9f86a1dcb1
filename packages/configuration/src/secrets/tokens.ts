/** Secrets: how they are made, kept and compared. */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** A new secret: 32 random bytes as 64 hex digits. */
export function newToken(): string {
  return randomBytes(32).toString('hex');
}

/** A new app key or access token: 16 random bytes as 32 hex digits. It names; it is no secret. */
export function newKey(): string {
  return randomBytes(16).toString('hex');
}

/** What is kept of a secret: its SHA-256 in lower-case hex. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compared with when there is no hash, so that an unknown key takes as long as a wrong secret. */
export const HASH_OF_NO_SECRET = '0'.repeat(64);

/** Whether a secret is the one whose hash is kept, in constant time. */
export function matchesHash(token: string, hash: string): boolean {
  const given = Buffer.from(hashToken(token));
  const kept = Buffer.from(hash);
  return given.length === kept.length && timingSafeEqual(given, kept);
}

/** Decimal digits that cannot be guessed; the first is not 0. */
export function randomDigits(count: number): string {
  let digits = String(randomInt(1, 10));
  while (digits.length < count) digits += String(randomInt(0, 1_000_000)).padStart(6, '0');
  return digits.slice(0, count);
}

/** A new chat id: `H` digits `-` 32 hex `K` digits. */
export function newChatId(): string {
  return `H${randomDigits(19)}-${randomBytes(16).toString('hex')}K${randomDigits(10)}`;
}
