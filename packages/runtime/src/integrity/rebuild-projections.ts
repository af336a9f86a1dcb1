/** Makes the projections of accounts anew from their journals. */
import type { Store } from '@parley/store';

/** How far it is. */
export interface RebuildProgress {
  readonly accountId: string;
  /** Of the projection. */
  readonly name: string;
  /** Journal entries of the account. */
  readonly done: number;
  readonly of: number;
  /** Accounts that are done, and all of them. */
  readonly accounts: { readonly done: number; readonly of: number };
}

/** What was made anew. */
export interface Rebuilt {
  readonly accounts: number;
  /** Of the projections. */
  readonly names: readonly string[];
}

/**
 * Makes them of one account anew, or of all when none is named.
 * The accounts may be served meanwhile; what is found by a projection is refused (`rebuilding`) until
 * it is whole again.
 * @throws StoreConflict 'rebuilding' when somebody else began the same meanwhile
 * @throws StoreDamage where a journal is not as it was written
 */
export async function rebuildProjections(
  { projections, accounts }: Pick<Store, 'projections' | 'accounts'>,
  account: string | undefined,
  onProgress: (progress: RebuildProgress) => void,
): Promise<Rebuilt> {
  const accountIds = account === undefined ? await accounts.list() : [account];
  for (const [index, accountId] of accountIds.entries()) {
    for (const name of projections.names) {
      await projections.rebuild(accountId, name, (done, of) =>
        onProgress({ accountId, name, done, of, accounts: { done: index, of: accountIds.length } }),
      );
    }
  }
  return { accounts: accountIds.length, names: projections.names };
}
