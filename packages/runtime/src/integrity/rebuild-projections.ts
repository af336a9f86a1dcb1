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

/**
 * The accounts may be served meanwhile; what is found by a projection is refused (`rebuilding`) until
 * it is whole again.
 * @throws StoreConflict 'rebuilding' when somebody else began the same meanwhile
 * @throws StoreDamage where a journal is not as it was written
 */
export async function rebuildProjections(
  { projections }: Pick<Store, 'projections'>,
  accountIds: readonly string[],
  onProgress: (progress: RebuildProgress) => void,
): Promise<void> {
  for (const [index, accountId] of accountIds.entries()) {
    for (const name of projections.names) {
      await projections.rebuild(accountId, name, (done, of) =>
        onProgress({ accountId, name, done, of, accounts: { done: index, of: accountIds.length } }),
      );
    }
  }
}
