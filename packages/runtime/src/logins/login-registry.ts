/**
 * The live logins of one account, in memory for every request and in the store for the next start.
 * Tokens are looked up by their hash; a hash reveals nothing about the token.
 */
import type { LoginRecord, Logins, StoreDamage } from '@parley/store';
import { hashToken, matchesHash, newToken } from '@parley/configuration/secrets/tokens';
import {
  isSignedOut,
  lastSignOut,
  NO_SIGN_OUTS,
  type SignOuts,
} from '@parley/configuration/records/sign-out-times';
import type { SteadyClock } from '../clock/steady-clock.js';

export interface NewLogin {
  readonly bearer: string;
  readonly cookie: string;
  readonly csrf: string;
  readonly record: LoginRecord;
}

/** How many tokens' hashes are remembered, so that a poll does not hash its bearer each time. */
const MAX_REMEMBERED = 10_000;

/** Logins that one user may have; one more ends the oldest. */
export const MAX_OF_USER = 500;

/** Logins after which the expired ones are cleared away. */
const SWEEP_EVERY = 200;

export class LoginRegistry {
  readonly #accountId: string;
  readonly #store: Logins;
  readonly #clock: SteadyClock;
  readonly #onEnded: (userId: number) => void;
  readonly #onDamaged: (damage: StoreDamage) => void;
  /** What was reported of damaged logins last: it stays, and every reading meets it. */
  #reported = '';
  readonly #byBearer = new Map<string, LoginRecord>();
  readonly #byCookie = new Map<string, LoginRecord>();
  /** The bearer hashes of each user. */
  readonly #ofUser = new Map<number, Set<string>>();
  readonly #hashes = new Map<string, string>();
  /** Of each reading under way: the bearer hashes this process has changed since it began. */
  readonly #readings = new Set<Set<string>>();
  /** Logins that are being ended, by bearer hash: they work until that is on disk. */
  readonly #ending = new Map<string, Promise<void>>();
  /** The sign-outs of each user that were carried out last. */
  readonly #signOuts = new Map<number, SignOuts>();
  #opened = 0;

  /**
   * Knows no login until `reload`.
   * @param onEnded called with whose login was ended, once that is on disk
   * @param onDamaged called when stored logins are not as they were written, and so are void
   */
  constructor(
    accountId: string,
    store: Logins,
    clock: SteadyClock,
    onEnded: (userId: number) => void = () => {},
    onDamaged: (damage: StoreDamage) => void = () => {},
  ) {
    this.#onDamaged = onDamaged;
    this.#accountId = accountId;
    this.#store = store;
    this.#clock = clock;
    this.#onEnded = onEnded;
  }

  /** Takes over what the store has: another process may have changed it. */
  async reload(): Promise<void> {
    const changed = new Set<string>();
    this.#readings.add(changed);
    try {
      const records = await this.#store.load(this.#accountId, this.#clock.surelyOver(), (damage) =>
        this.#reportDamage(damage),
      );
      // What was changed here meanwhile is newer than what was read.
      for (const record of [...this.#byBearer.values()]) {
        if (!changed.has(record.bearerHash)) this.#delete(record);
      }
      for (const record of records) {
        if (!changed.has(record.bearerHash)) this.#set(record);
        this.#clock.continueFrom(record.createdAt);
      }
    } finally {
      this.#readings.delete(changed);
    }
  }

  #reportDamage(damage: StoreDamage): void {
    if (damage.found === this.#reported) return;
    this.#reported = damage.found;
    this.#onDamaged(damage);
  }

  /**
   * A new login; resolves when it is on disk. The tokens are given only here. It is void already when
   * its user was signed out meanwhile.
   * @param signedOutAt the user's last sign-out that was known when the credentials were found good
   */
  async open(userId: number, ttl: number, signedOutAt: number): Promise<NewLogin> {
    const now = this.#clock.now();
    const bearer = newToken();
    const cookie = newToken();
    const csrf = newToken();
    const record: LoginRecord = {
      bearerHash: hashToken(bearer),
      cookieHash: hashToken(cookie),
      csrfHash: hashToken(csrf),
      userId,
      createdAt: now,
      expiresAt: now + ttl,
      ttl,
      signedOutAt,
    };
    await this.#store.put(this.#accountId, record);
    // The user's logins may have been ended while this one was written.
    if (this.#isSignedOut(record)) await this.#end(record);
    else this.#remember(record);
    await this.#endOldestOf(userId);
    this.#opened += 1;
    if (this.#opened % SWEEP_EVERY === 0) await this.#sweep();
    return { bearer, cookie, csrf, record };
  }

  /** The live login of a bearer token, or null. */
  byBearer(bearer: string): LoginRecord | null {
    return this.#alive(this.#byBearer.get(this.#hashOf(bearer)));
  }

  /** The live login of a login cookie, or null. */
  byCookie(cookie: string): LoginRecord | null {
    return this.#alive(this.#byCookie.get(hashToken(cookie)));
  }

  /** Whether the csrf value belongs to the login. */
  csrfFits(record: LoginRecord, csrf: string): boolean {
    return matchesHash(csrf, record.csrfHash);
  }

  /**
   * Pushes the end of the login out by its time to live; bearer, cookie and csrf token stay what
   * they are: clients in the field read the cookie once, at login.
   * @returns false when the login was ended meanwhile: a logout stays in force
   */
  async renew(record: LoginRecord): Promise<boolean> {
    // Its end may fail, and it must not be written again behind it.
    await this.#ending.get(record.bearerHash)?.catch(() => {});
    if (!this.#byBearer.has(record.bearerHash)) return false;
    const renewed = { ...record, expiresAt: this.#clock.now() + record.ttl };
    await this.#store.put(this.#accountId, renewed);
    if (!this.#byBearer.has(record.bearerHash)) return false;
    this.#remember(renewed);
    return true;
  }

  /** Whether the cookie value is the login's. */
  cookieFits(record: LoginRecord, cookie: string): boolean {
    return matchesHash(cookie, record.cookieHash);
  }

  /**
   * Ends a login. It works until that is on disk: whoever was answered that it is gone never finds it
   * working again, though the power fails.
   * @throws StoreFailure when the disk refused: then the login goes on, so that it can be ended again.
   */
  close(record: LoginRecord): Promise<void> {
    const { bearerHash } = record;
    const ending =
      this.#ending.get(bearerHash) ??
      this.#close(record).finally(() => this.#ending.delete(bearerHash));
    this.#ending.set(bearerHash, ending);
    return ending;
  }

  async #close(record: LoginRecord): Promise<void> {
    await this.#remove(record);
    this.#forget(record);
    this.#onEnded(record.userId);
  }

  /**
   * Ends a login that the configuration, which is on disk, has made void: at once, and for good even
   * if the disk refuses.
   * @throws StoreFailure when the disk refused: then nobody may be served before it was tried again.
   */
  async #end(record: LoginRecord): Promise<void> {
    this.#forget(record);
    await this.#remove(record);
    this.#onEnded(record.userId);
  }

  async #remove(record: LoginRecord): Promise<void> {
    await this.#store.delete(this.#accountId, record.bearerHash);
  }

  /**
   * Carries out what the configuration says of a user's sign-outs: ends the logins that are of before
   * them.
   * @throws StoreFailure when the disk refused: the next call tries again.
   */
  async signOut(userId: number, signOuts: SignOuts): Promise<void> {
    const known = this.#signOuts.get(userId) ?? NO_SIGN_OUTS;
    // An account that is just loaded may have read its configuration before the last one.
    const isNewest = lastSignOut(signOuts) >= lastSignOut(known);
    // At once: what is being opened must know.
    if (isNewest) this.#signOuts.set(userId, signOuts);
    await this.#endAll(this.#recordsOf(userId).filter((record) => this.#isSignedOut(record)));
  }

  #isSignedOut(record: LoginRecord): boolean {
    return isSignedOut(record, this.#signOuts.get(record.userId) ?? NO_SIGN_OUTS);
  }

  /** Ends the logins of users who may have none. */
  async endAllBut(mayHave: (userId: number) => boolean): Promise<void> {
    await this.#endAll([...this.#byBearer.values()].filter(({ userId }) => !mayHave(userId)));
  }

  /** Ends the logins of a user who may have none. */
  async endAllOf(userId: number): Promise<void> {
    await this.#endAll(this.#recordsOf(userId));
  }

  async #endAll(ending: readonly LoginRecord[]): Promise<void> {
    await Promise.all(ending.map((record) => this.#end(record)));
  }

  #recordsOf(userId: number): LoginRecord[] {
    const hashes = [...(this.#ofUser.get(userId) ?? [])];
    return hashes.flatMap((hash) => this.#byBearer.get(hash) ?? []);
  }

  async #endOldestOf(userId: number): Promise<void> {
    const own = this.#recordsOf(userId);
    if (own.length <= MAX_OF_USER) return;
    const [oldest] = own.sort((a, b) => a.createdAt - b.createdAt);
    if (oldest !== undefined) await this.close(oldest);
  }

  async #sweep(): Promise<void> {
    for (const record of [...this.#byBearer.values()]) {
      if (this.#alive(record) === null) this.#forget(record);
    }
    await this.#store.purge(this.#accountId, this.#clock.surelyOver());
  }

  /** The login, unless its time has passed: not by the date, for clocks are set. */
  #alive(record: LoginRecord | undefined): LoginRecord | null {
    if (record === undefined) return null;
    const { expiresAt, ttl } = record;
    return this.#clock.passedSince(expiresAt - ttl) < ttl ? record : null;
  }

  #remember(record: LoginRecord): void {
    this.#note(record);
    this.#set(record);
  }

  #forget(record: LoginRecord): void {
    this.#note(record);
    this.#delete(record);
  }

  #note({ bearerHash }: LoginRecord): void {
    for (const changed of this.#readings) changed.add(bearerHash);
  }

  #set(record: LoginRecord): void {
    this.#byBearer.set(record.bearerHash, record);
    this.#byCookie.set(record.cookieHash, record);
    const own = this.#ofUser.get(record.userId) ?? new Set();
    this.#ofUser.set(record.userId, own.add(record.bearerHash));
  }

  #delete(record: LoginRecord): void {
    this.#byBearer.delete(record.bearerHash);
    this.#byCookie.delete(record.cookieHash);
    const own = this.#ofUser.get(record.userId);
    own?.delete(record.bearerHash);
    if (own?.size === 0) this.#ofUser.delete(record.userId);
  }

  #hashOf(bearer: string): string {
    const known = this.#hashes.get(bearer);
    if (known !== undefined) return known;
    const hash = hashToken(bearer);
    // Only tokens that are good are worth remembering; the map starts anew when it is full.
    if (this.#byBearer.has(hash)) {
      if (this.#hashes.size >= MAX_REMEMBERED) this.#hashes.clear();
      this.#hashes.set(bearer, hash);
    }
    return hash;
  }
}
