/** Sign-outs in a change of configuration: they come after every login that they are to end. */
import type { Store } from '@parley/store';
import type { Draft } from './draft.js';

/**
 * Gives the sign-outs of a draft times after those of the logins of their users that do not say which
 * sign-out they knew of, for they are of before that was kept. One that was opened while the clock was
 * ahead has a time to come, and whoever finds both at a start, or beside this process, has only their
 * times to go by.
 */
export async function signOutAfterLogins(
  { store, accountId }: { readonly store: Store; readonly accountId: string },
  draft: Draft,
): Promise<void> {
  const signedOut = draft.changed('user').flatMap((user) => {
    const before = draft.before.records.user.get(user.id);
    const fields = SIGN_OUTS.filter((name) => before !== undefined && before[name] !== user[name]);
    return fields.map((name) => ({ id: user.id, name, at: user[name] }));
  });
  if (signedOut.length === 0) return;
  const logins = await store.logins.load(accountId, 0);
  for (const { id, name, at } of signedOut) {
    const last = logins.findLast(
      ({ userId, signedOutAt }) => userId === id && signedOutAt === undefined,
    );
    if (last !== undefined && last.createdAt >= at) {
      draft.update('user', id, { [name]: last.createdAt + 1 });
    }
  }
}

const SIGN_OUTS = ['signedOutAt', 'loginsEndedAt'] as const;
