/** The accounts that there are. */

export interface Accounts {
  /** @throws StoreConflict 'name' when the account exists. */
  create(account: { readonly id: string; readonly createdAt: number }): Promise<void>;
  /** @throws StoreDamage when its record is not as it was written, or is gone. */
  get(accountId: string): Promise<{ readonly id: string; readonly createdAt: number } | null>;
  /** The ids of all, also of those whose own record is damaged. */
  list(): Promise<readonly string[]>;
}
