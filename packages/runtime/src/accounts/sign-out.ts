/**
 * Ends what a change of configuration made void: logins and agent sessions of users who are gone or
 * disabled, or whom an administrator signed out. The configuration alone says so, so it holds too
 * when another process changed it, or when this one stopped in between.
 */
import type { AccountConfiguration } from '@parley/configuration/records/records';
import type { AccountHost } from './account-host.js';
import type { LoginRegistry } from '../logins/login-registry.js';
import { bySystem } from './submission.js';

/** Looks at every user, as at the start; resolves when all that is void is ended. */
export async function signOutAll(
  setup: AccountConfiguration,
  logins: LoginRegistry,
  host: AccountHost,
): Promise<void> {
  const { users } = setup;
  await logins.endAllBut((userId) => users.get(userId)?.enabled === true);
  await signOut(setup, logins, host, users.keys());
}

/** Looks at users that were changed or deleted; resolves when all that is void is ended. */
export async function signOut(
  { users }: AccountConfiguration,
  logins: LoginRegistry,
  host: AccountHost,
  userIds: Iterable<number>,
): Promise<void> {
  for (const id of userIds) {
    const user = users.get(id);
    if (user?.enabled !== true) await logins.endAllOf(id);
    if (user === undefined) continue;
    await logins.signOut(id, user);
    const session = host.state.sessionOfUser.get(id);
    if (session === undefined) continue;
    // Also when the logins were ended long ago: the session's end may have failed. Clocks are set, so
    // only for sessions of before sign-outs were kept with them the time must do.
    const { signedOutAt: known, openedAt } = session;
    const isOver = known === undefined ? openedAt <= user.signedOutAt : known < user.signedOutAt;
    if (!isOver) continue;
    await host.execute<'user.logout'>(bySystem({ type: 'user.logout', userId: id }));
  }
}
