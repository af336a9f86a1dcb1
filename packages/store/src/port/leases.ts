/**
 * Leases: which process serves an account, and until when nobody else may. A lease keeps others from
 * loading an account; what keeps their writes out is its epoch, which every append may name.
 */

/** The longest time that a lease is taken or renewed for, ms. One that says longer is damaged. */
export const MAX_LEASE_MS = 60 * 60_000;

/** What an owner has to name to write as such. */
export interface LeaseKey {
  /** Who has it: a name that no other process has or had. */
  readonly owner: string;
  /** Greater each time that the account's lease is taken, by whomever. */
  readonly epoch: number;
}

export interface Lease extends LeaseKey {
  readonly accountId: string;
  /** Until when nobody else may take it, epoch ms, by the clock that all who share the data go by. */
  readonly until: number;
}

export interface Leases {
  /**
   * Takes the lease of an account that nobody has, or whose owner let it run out; its owner may take it
   * again. Of several who try at once, one gets it.
   * @param forMs how long nobody else may take it, from now on, ms: 0 to `MAX_LEASE_MS`
   * @throws StoreConflict 'leased' when another one has it, naming that one
   * @throws RangeError when `owner` is empty or `forMs` is no such number
   */
  take(accountId: string, owner: string, forMs: number): Promise<Lease>;
  /**
   * Renews all leases of an owner (its heartbeat), also those that ran out and that nobody took.
   * @returns the epochs of those that it still has, by account; whatever is not among them is lost
   * @throws RangeError as `take`
   */
  renew(owner: string, forMs: number): Promise<ReadonlyMap<string, number>>;
  /** Ends a lease, so that another one can take it at once; false when it was lost already. */
  release(accountId: string, lease: LeaseKey): Promise<boolean>;
  /** The lease of an account that is in force now; null when nobody has one. */
  of(accountId: string): Promise<Lease | null>;
  /**
   * Leases that ran out: their owners neither renewed nor released them. The longest gone first.
   * @throws RangeError when `limit` is not a whole number from 1
   */
  expired(limit: number): Promise<readonly Lease[]>;
}
