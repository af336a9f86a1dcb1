/** Decisions about programs that work in an agent's session. */
import { requireNewId } from '../actor.js';
import type { AccountCommand } from '../commands.js';
import type { DecisionContext } from '../context.js';
import type { Decision } from '../decision.js';
import { MAX_DELEGATIONS } from './delegation.js';

type Command<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>;

export function delegate(
  context: DecisionContext,
  { sessionId, name, tokenHash, rights, approval }: Command<'session.delegate'>,
): Decision<{ delegationId: string }> {
  const id = requireNewId(context);
  const session = context.state.sessions.get(sessionId);
  if (session === undefined) return { rejected: 'unknown-session', sessionId };
  if ((session.delegations ?? []).length >= MAX_DELEGATIONS) {
    return { rejected: 'too-many-delegations', sessionId };
  }
  const delegation = { id, name, tokenHash, rights, approval };
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
