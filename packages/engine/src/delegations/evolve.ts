/** What sessions become by what is delegated in them. */
import { requireSession } from '../require.js';
import type { AccountState } from '../state.js';
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
      return;
    case 'session.delegationEnded':
      session.delegations = before.filter(({ id }) => id !== event.delegationId);
      return;
    default:
      event satisfies never;
  }
}
