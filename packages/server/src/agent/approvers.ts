/** Who decides about what a program wants to do. */
import { type AgentSession, supervisionOf } from '@parley/engine';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import type { Approval } from '@parley/runtime/accounts/approvals';

type Asked = Pick<Approval, 'sessionId' | 'userId' | 'delegationId'>;

/**
 * Whether a user decides: the agent in whose session the program works; about a program with a session of
 * its own people who supervise it, administrators and managers of its group.
 */
export function mayDecide({ host }: LiveAccount, asked: Asked, userId: number): boolean {
  if (asked.delegationId !== null) return asked.userId === userId;
  if (asked.userId === userId || host.config.users.get(userId)?.kind !== 'human') return false;
  const supervised = supervisionOf(host.config, userId);
  return supervised === 'everybody' || supervised?.userIds.has(asked.userId) === true;
}

/** The sessions in which somebody who decides is there. */
export function approversOf(account: LiveAccount, asked: Asked): readonly AgentSession[] {
  const { sessions } = account.host.state;
  if (asked.delegationId !== null) {
    const own = sessions.get(asked.sessionId);
    return own === undefined ? [] : [own];
  }
  return [...sessions.values()].filter(({ userId }) => mayDecide(account, asked, userId));
}
