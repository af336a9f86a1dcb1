/** What sessions become by what is delegated in them. */
import { requireSession } from '../require.js';
import type { AccountState } from '../state.js';
import type { AgentSession } from '../sessions/session.js';
import { delegationKey } from './delegation.js';
import type { DelegationEvent } from './events.js';

/**
 * Folds an event into the state, in place.
 * @param at when it happened, epoch ms
 * @throws Error when the event does not fit the state
 */
export function evolveDelegations(state: AccountState, event: DelegationEvent, at: number): void {
  const session = requireSession(state, event.sessionId);
  const before = session.delegations ?? [];
  session.seq = state.seq;
  switch (event.type) {
    case 'session.delegated':
      session.delegations = [...before, { ...event.delegation, since: at }];
      setDelegationDeadlines(state, session);
      return;
    case 'session.delegationEnded':
      state.deadlines.clear(delegationKey(session.id, event.delegationId));
      session.delegations = before.filter(({ id }) => id !== event.delegationId);
      return;
    default:
      event satisfies never;
  }
}

/** Sets when the delegations of a session end by themselves. */
export function setDelegationDeadlines(state: AccountState, session: AgentSession): void {
  for (const { id, until } of session.delegations ?? []) {
    if (until !== undefined) state.deadlines.set(delegationKey(session.id, id), until);
  }
}

/** They end with their session. */
export function clearDelegationDeadlines(state: AccountState, session: AgentSession): void {
  for (const { id } of session.delegations ?? []) {
    state.deadlines.clear(delegationKey(session.id, id));
  }
}

/** Moves the times along when the clock was set, by so many ms; their deadlines have moved already. */
export function moveDelegations(session: AgentSession, by: number): void {
  if (session.delegations === undefined) return;
  session.delegations = session.delegations.map((each) =>
    each.until === undefined ? each : { ...each, until: each.until + by },
  );
}
