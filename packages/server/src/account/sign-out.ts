/**
 * Ends what a change of configuration made void: logins and agent sessions of users who are gone or
 * disabled, or whom an administrator signed out. The configuration alone says so, so it holds too
 * when another process changed it, or when this one stopped in between.
 */
import type { AccountSetup } from '../config/records.js';
import type { AccountHost } from './account-host.js';
import type { LoginBook } from './logins.js';
import { bySystem } from './submission.js';

/** Resolves when all that is void is ended. */
export async function signOut(
  { users }: AccountSetup,
  logins: LoginBook,
  host: AccountHost,
): Promise<void> {
  await logins.endAllBut((userId) => users.get(userId)?.enabled === true);
  for (const { id, signedOutAt } of users.values()) {
    const until = await logins.signOut(id, signedOutAt);
    const session = host.state.sessionOfUser.get(id);
    if (until === null || session === undefined) continue;
    const { signedOutAt: before, openedAt } = session;
    // Clocks are set: only for sessions of before sign-outs were kept with them the time must do.
    if (before === undefined ? openedAt > until : before >= signedOutAt) continue;
    await host.execute<'user.logout'>(bySystem({ type: 'user.logout', userId: id }));
  }
}
