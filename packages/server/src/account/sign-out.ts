/**
 * Ends what a change of configuration made void: logins and agent sessions of users who are gone or
 * disabled, or whom an administrator signed out. The configuration alone says so, so it holds too
 * when another process changed it, or when this one stopped in between.
 */
import type { AccountSetup } from '../config/records.js';
import type { AccountHost } from './account-host.js';
import type { LoginBook } from './logins.js';

/** Resolves when they are ended; new logins of these users are not touched. */
export async function signOut(
  { users }: AccountSetup,
  logins: LoginBook,
  host: AccountHost,
): Promise<void> {
  const isVoid = (userId: number, openedAt: number) => {
    const user = users.get(userId);
    return user === undefined || !user.enabled || openedAt <= user.signedOutAt;
  };
  await logins.closeThose(({ userId, createdAt }) => isVoid(userId, createdAt));
  const sessions = [...host.state.sessions.values()];
  for (const { userId, openedAt } of sessions) {
    if (isVoid(userId, openedAt)) {
      await host.execute<'user.logout'>({ type: 'user.logout', userId });
    }
  }
}
