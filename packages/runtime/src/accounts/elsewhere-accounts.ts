/** Which accounts other processes serve, and when it is worth asking for their leases again. */
import type { Clock } from '../clock/clock.js';
import { AccountElsewhere, isLeased } from './account-elsewhere.js';
import { LEASE_MS } from './account-leases.js';

/** An account that cannot be served. */
export interface UnavailableAccount {
  readonly account: string;
  /** In a clause: `journal entry 17 is missing`. */
  readonly because: string;
}

interface Elsewhere {
  readonly error: AccountElsewhere;
  /** From when on, by what `elapsed` shows; infinite where there is no lease that could end. */
  notBefore: number;
}

export class ElsewhereAccounts {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #accounts = new Map<string, Elsewhere>();

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#accounts.size;
  }

  /** Each, and why it is not served here. */
  unavailable(): readonly UnavailableAccount[] {
    const because = 'another process serves it';
    return [...this.#accounts.keys()].map((account) => ({ account, because }));
  }

  has(accountId: string): boolean {
    return this.#accounts.has(accountId);
  }

  /** Whether it is left alone until the next start: the other one writes it without a lease. */
  isForGood(accountId: string): boolean {
    return this.#accounts.get(accountId)?.notBefore === Infinity;
  }

  /** @throws AccountElsewhere for an account whose lease is not to be asked for yet */
  refuse(accountId: string): void {
    const elsewhere = this.#accounts.get(accountId);
    if (elsewhere !== undefined && this.#clock.elapsed() < elsewhere.notBefore) {
      throw elsewhere.error;
    }
  }

  /**
   * Another process serves the account, as was found now.
   * @returns what those who ask for it are answered, and whether that is new
   */
  add(accountId: string, cause: unknown): { readonly error: AccountElsewhere; isNew: boolean } {
    const notBefore = isLeased(cause) ? this.#clock.elapsed() + LEASE_MS : Infinity;
    const known = this.#accounts.get(accountId);
    if (known !== undefined) {
      known.notBefore = notBefore;
      return { error: known.error, isNew: false };
    }
    const error = new AccountElsewhere(accountId, { cause });
    this.#accounts.set(accountId, { error, notBefore });
    return { error, isNew: true };
  }

  /** It is served here. */
  delete(accountId: string): void {
    this.#accounts.delete(accountId);
  }
}
