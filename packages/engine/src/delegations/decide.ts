/** Decisions about programs that work in an agent's session. */
import { requireNewId } from '../actor.js';
import type { AccountCommand } from '../commands.js';
import type { DecisionContext } from '../context.js';
import type { Decision } from '../decision.js';
import type { AccountEvent } from '../events.js';
import { MAX_DELEGATIONS } from './delegation.js';

type Command<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>;

export function delegate(
  context: DecisionContext,
  { sessionId, name, tokenHash, rights, approval, expiresIn }: Command<'session.delegate'>,
): Decision<{ delegationId: string }> {
  const id = requireNewId(context);
  const session = context.state.sessions.get(sessionId);
  if (session === undefined) return { rejected: 'unknown-session', sessionId };
  if ((session.delegations ?? []).length >= MAX_DELEGATIONS) {
    return { rejected: 'too-many-delegations', sessionId };
  }
  const until = expiresIn === undefined ? {} : { until: context.now + expiresIn * 1000 };
  const delegation = { id, name, tokenHash, rights, approval, ...until };
  return {
    events: [{ type: 'session.delegated', sessionId, delegation }],
    reply: { delegationId: id },
  };
}

export function endDelegation(
  { state }: DecisionContext,
  { sessionId, delegationId }: Command<'session.endDelegation'>,
): Decision<Record<never, never>> {
  const session = state.sessions.get(sessionId);
  if (session === undefined) return { rejected: 'unknown-session', sessionId };
  if (session.delegations?.some(({ id }) => id === delegationId) !== true) {
    return { rejected: 'unknown-delegation', delegationId };
  }
  return { events: [{ type: 'session.delegationEnded', sessionId, delegationId }], reply: {} };
}

/** The event by which a delegation ends whose time is over; none when it ended before. */
export function delegationOver(
  { state, now }: DecisionContext,
  sessionId: string,
  delegationId: string,
): AccountEvent[] {
  const own = state.sessions.get(sessionId)?.delegations?.find(({ id }) => id === delegationId);
  if (own?.until === undefined || now < own.until) return [];
  return [{ type: 'session.delegationEnded', sessionId, delegationId }];
}
