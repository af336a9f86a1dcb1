/**
 * Secrets that must be read again: the shared secrets of signed requests, without which no signature
 * can be checked. They lie in the database sealed (AES-256-GCM) with a key that is kept apart from
 * it, so that a copy of the database alone reveals nothing.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Bytes of the key. */
export const SECRET_KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export class SecretBox {
  /** Distinguishes keys, and says nothing else about them. */
  readonly keyId: string;
  /** Stands in for the secrets of keys there are not. */
  readonly #nobodys: string;
  readonly #sealing: Buffer;
  readonly #stamping: Buffer;

  /** @param key 32 random bytes. */
  constructor(key: Buffer) {
    if (key.length !== SECRET_KEY_BYTES) throw new Error(`a key of ${key.length} bytes`);
    // One key for one use: what is learnt of one of them reveals nothing about the others.
    this.keyId = derived(key, 'name').subarray(0, 4).toString('hex');
    this.#sealing = derived(key, 'sealing');
    this.#stamping = derived(key, 'stamping');
    this.#nobodys = this.seal('0'.repeat(64), 'nobody');
  }

  /**
   * A text that only this key opens, and only for the same place; another one each time.
   * @param place Where it is kept: in another place it is worth nothing.
   */
  seal(secret: string, place: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    const bytes = Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    return `${this.keyId}.${bytes.toString('base64url')}`;
  }

  /** Whether the text was sealed with this key. */
  fits(sealed: string): boolean {
    return sealed.startsWith(`${this.keyId}.`);
  }

  /** The secret again; null when it was sealed with another key or for another place, or is damaged. */
  open(sealed: string, place: string): string | null {
    if (!this.fits(sealed)) return null;
    const bytes = Buffer.from(sealed.slice(this.keyId.length + 1), 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
    const [nonce, tag, text] = [
      bytes.subarray(0, NONCE_BYTES),
      bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES),
      bytes.subarray(NONCE_BYTES + TAG_BYTES),
    ];
    const decipher = createDecipheriv('aes-256-gcm', this.#sealing, nonce, {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(place))
      .setAuthTag(tag);
    try {
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }

  /** The work of opening a secret, where there is none. */
  openNobodys(): void {
    this.open(this.#nobodys, 'nobody');
  }

  /** HMAC-SHA256: 32 bytes that only this key can make for the text. */
  stamp(text: string): Buffer {
    return createHmac('sha256', this.#stamping).update(text).digest();
  }
}

function derived(key: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `parley ${use}`, SECRET_KEY_BYTES));
}
