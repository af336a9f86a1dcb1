/**
 * The leases of the accounts that this process serves: taken before an account is loaded, renewed by a
 * heartbeat, released when it is put away. Who has lost one learns it by the next heartbeat, or by the next
 * append, which names the lease.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { type LeaseKey, type Leases, StoreConflict } from '@parley/store';
import type { Clock } from '../clock/clock.js';

/** How long others leave an account alone whose owner is silent, ms. */
export const LEASE_MS = 30_000;

/** Of the time of a lease, when it is renewed: two renewals may be late before anybody takes the account. */
const RENEWALS = 3;

/** How often leases are renewed, ms. */
export const RENEW_EVERY_MS = LEASE_MS / RENEWALS;

/** Accounts of owners that are gone, looked at in one heartbeat: the others in the next ones. */
const MAX_TAKEN_OVER = 50;

export interface AccountLeasesOptions {
  readonly leases: Leases;
  readonly clock: Pick<Clock, 'after'>;
  /** How long a lease is, ms; `LEASE_MS` by default. */
  readonly leaseMs?: number | undefined;
  /** Another process has an account's lease by now. */
  readonly onLost: (accountId: string, cause: StoreConflict) => void;
  /** The owner of an account is gone, and nobody has taken it yet. Never rejects. */
  readonly onOwnerGone: (accountId: string) => Promise<void>;
  readonly onError: (message: string, error: unknown) => void;
}

export class AccountLeases {
  /** No other process has this name, nor had one before. */
  readonly owner = `${hostname()}/${process.pid}/${randomBytes(9).toString('base64url')}`;
  readonly #options: AccountLeasesOptions;
  readonly #leaseMs: number;
  readonly #held = new Map<string, LeaseKey>();
  #cancel: () => void = () => {};
  #work: Promise<void> = Promise.resolve();
  #phase: 'open' | 'closed' = 'open';

  constructor(options: AccountLeasesOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
    this.#beatLater();
  }

  /**
   * The lease of an account, taken now unless this process has it.
   * @throws StoreConflict 'leased' when another process has it
   * @throws StoreFailure when the store refused
   */
  async take(accountId: string): Promise<LeaseKey> {
    const held = this.#held.get(accountId);
    if (held !== undefined) return held;
    const { owner, epoch } = await this.#options.leases.take(accountId, this.owner, this.#leaseMs);
    const taken = { owner, epoch };
    this.#held.set(accountId, taken);
    return taken;
  }

  /** Lets others take an account, which this process does not serve any more. Never rejects. */
  async release(accountId: string): Promise<void> {
    const held = this.#held.get(accountId);
    if (held === undefined) return;
    this.#held.delete(accountId);
    try {
      await this.#options.leases.release(accountId, held);
    } catch (error) {
      this.#options.onError(`the lease of account ${accountId} is left to run out`, error);
    }
  }

  /** Another process has it: there is nothing to release. */
  forget(accountId: string): void {
    this.#held.delete(accountId);
  }

  /** Stops the heartbeat and releases every lease. */
  async close(): Promise<void> {
    this.#phase = 'closed';
    this.#cancel();
    await this.#work;
    await Promise.all([...this.#held.keys()].map((accountId) => this.release(accountId)));
  }

  #beatLater(): void {
    this.#cancel = this.#options.clock.after(this.#leaseMs / RENEWALS, () => {
      this.#work = this.#beat().then(() => {
        if (this.#phase === 'open') this.#beatLater();
      });
    });
  }

  async #beat(): Promise<void> {
    const { leases, onOwnerGone, onError } = this.#options;
    try {
      if (this.#held.size > 0) await this.#renew();
      for (const { accountId } of await leases.expired(MAX_TAKEN_OVER)) {
        if (this.#phase === 'closed') return;
        await onOwnerGone(accountId);
      }
    } catch (error) {
      // Nobody else can write there now either; what ran out meanwhile can still be renewed.
      onError('leases could not be renewed', error);
    }
  }

  async #renew(): Promise<void> {
    const { leases, onLost } = this.#options;
    // What is taken or released meanwhile may not be in the answer as it is then.
    const before = [...this.#held];
    const renewed = await leases.renew(this.owner, this.#leaseMs);
    for (const [accountId, held] of before) {
      if (renewed.get(accountId) === held.epoch || this.#held.get(accountId) !== held) continue;
      this.#held.delete(accountId);
      const what = `Account ${accountId}: its lease was taken by another process. Load the account again when that one has released it.`;
      onLost(accountId, new StoreConflict('leased', what));
    }
  }
}
