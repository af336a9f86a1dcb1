/** Keys that are used once. */

/** 128 random bits as 32 hex digits: an `Idempotency-Key` that nobody can guess. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
