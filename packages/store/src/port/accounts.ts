/** The accounts that there are. */

/** An account that is at rest: nothing of it is under way. */
export interface Rest {
  /** The position that its journal ends at: from the next append on it is not at rest any more. */
  readonly seq: number;
  /** When something is due of its own accord, epoch ms; null when nothing ever is. */
  readonly dueAt: number | null;
}

/** Which accounts have to be loaded though nobody asks for them. */
export interface Standing {
  readonly accountId: string;
  /** `awake`: something may be under way. Otherwise when something is due, epoch ms. */
  readonly needs: 'awake' | { readonly dueAt: number };
}

export interface Accounts {
  /** @throws StoreConflict 'name' when the account exists. */
  create(account: { readonly id: string; readonly createdAt: number }): Promise<void>;
  /** @throws StoreDamage when its record is not as it was written, or is gone. */
  get(accountId: string): Promise<{ readonly id: string; readonly createdAt: number } | null>;
  /** The ids of all, also of those whose own record is damaged. */
  list(): Promise<readonly string[]>;
  /**
   * Records that an account is at rest. It holds until its journal goes on.
   * @throws RangeError when a number is none.
   */
  rest(accountId: string, rest: Rest): Promise<void>;
  /** The accounts that are not at rest, or have something that is due later. */
  standing(): Promise<readonly Standing[]>;
}
