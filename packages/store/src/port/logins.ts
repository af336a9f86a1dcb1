/** Who is logged in. */
import type { StoreDamage } from '../damage.js';

/** A live login. Tokens are stored as SHA-256 (lower-case hex) only. */
export interface LoginRecord {
  readonly bearerHash: string;
  readonly cookieHash: string;
  readonly csrfHash: string;
  readonly userId: number;
  readonly createdAt: number;
  /** Epoch ms after which it is void. */
  readonly expiresAt: number;
  /** How long a refresh extends it, ms. */
  readonly ttl: number;
  /**
   * The user's last sign-out that was known when the credentials were found good, epoch ms; 0 for
   * none. A later one ends the login. Logins of before this was kept have none: their time must do.
   */
  readonly signedOutAt?: number;
}

export interface Logins {
  /**
   * All logins of an account that have not expired at `now`.
   * @param onDamaged called, once, when there are some that are not as they were written: they are void
   */
  load(
    accountId: string,
    now: number,
    onDamaged?: (damage: StoreDamage) => void,
  ): Promise<readonly LoginRecord[]>;
  /** Keeps a login; one with the same bearer is replaced (a refresh). */
  put(accountId: string, login: LoginRecord): Promise<void>;
  /** Ends one login; true when there was one. */
  delete(accountId: string, bearerHash: string): Promise<boolean>;
  /** Ends all logins of a user. */
  deleteOfUser(accountId: string, userId: number): Promise<void>;
  /** Removes the expired. */
  purge(accountId: string, now: number): Promise<void>;
}
