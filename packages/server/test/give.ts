/** Commands for an account that no request brings, for tests that would need very many of them. */
import type { CommandType, Replies } from '@parley/engine';
import type { AccountHost } from '@parley/runtime/accounts/account-host';
import type { Submission } from '@parley/runtime/accounts/submission';

/** Gives a command as a visitor does or, when it is of an agent session, as its user. */
export function give<T extends CommandType>(
  host: AccountHost,
  command: Submission<T>['command'],
  newId?: string,
): Promise<Replies[T]> {
  const sessionId =
    'from' in command && command.from.party === 'agent' ? command.from.sessionId : null;
  const session = sessionId === null ? undefined : host.state.sessions.get(sessionId);
  return host.execute<T>({
    command,
    actor: session === undefined ? { by: 'visitor' } : { by: 'user', userId: session.userId },
    ...(newId === undefined ? {} : { newId }),
  });
}
