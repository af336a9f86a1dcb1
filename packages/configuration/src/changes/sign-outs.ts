/** Sign-outs in a change of configuration: they come after every login that they are to end. */
import type { Store } from '@parley/store';
import type { Draft } from './draft.js';

/**
 * Gives the sign-outs of a draft times after those of all logins of their users. A login that was
 * opened while the clock was ahead has a time to come, and whoever finds both at a start, or beside
 * this process, has only their times to go by.
 */
export async function signOutAfterLogins(
  { store, accountId }: { readonly store: Store; readonly accountId: string },
  draft: Draft,
): Promise<void> {
  const signedOut = draft.changed('user').filter(({ id, signedOutAt }) => {
    const before = draft.before.records.user.get(id);
    return before !== undefined && before.signedOutAt !== signedOutAt;
  });
  if (signedOut.length === 0) return;
  const logins = await store.logins.load(accountId, 0);
  for (const { id, signedOutAt } of signedOut) {
    const last = logins.findLast(({ userId }) => userId === id)?.createdAt ?? 0;
    if (last >= signedOutAt) draft.update('user', id, { signedOutAt: last + 1 });
  }
}
