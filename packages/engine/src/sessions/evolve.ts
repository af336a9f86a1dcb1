/** What agent sessions become by what happens to them. */
import { clearDelegationDeadlines } from '../delegations/evolve.js';
import { requireSession } from '../require.js';
import type { AccountState } from '../state.js';
import type { SessionEvent } from './events.js';
import type { AgentSession } from './session.js';

/**
 * Folds an event into the state, in place.
 * @param at when it happened, epoch ms
 * @throws Error when the event does not fit the state
 */
export function evolveSessions(state: AccountState, event: SessionEvent, at: number): void {
  switch (event.type) {
    case 'session.opened': {
      const before = event.takesOver === null ? undefined : state.sessions.get(event.takesOver);
      const session: AgentSession = {
        id: event.sessionId,
        userId: event.userId,
        openedAt: at,
        cookieHash: event.cookieHash,
        ...(event.signedOutAt === undefined ? {} : { signedOutAt: event.signedOutAt }),
        availability: event.supervises === true ? 'Away' : 'Online',
        availabilitySince: at,
        reasonId: null,
        idleSince: before?.idleSince ?? at,
        chatting: before?.chatting ?? [],
        ringing: before?.ringing ?? [],
        beside: before?.beside ?? [],
        ...(event.supervises === undefined ? {} : { supervises: event.supervises }),
        takenOver: event.takenOver,
        seq: state.seq,
      };
      if (before !== undefined) {
        clearDelegationDeadlines(state, before);
        state.sessions.delete(before.id);
      }
      state.sessions.set(session.id, session);
      state.sessionOfUser.set(session.userId, session);
      state.offlineSince.delete(session.userId);
      return;
    }
    case 'session.cookieRenewed':
      requireSession(state, event.sessionId).cookieHash = event.cookieHash;
      return;
    case 'session.availability': {
      const session = requireSession(state, event.sessionId);
      session.availability = event.availability;
      session.availabilitySince = at;
      session.reasonId = event.reasonId ?? null;
      session.seq = state.seq;
      return;
    }
    case 'session.ended': {
      const session = state.sessions.get(event.sessionId);
      if (session !== undefined) clearDelegationDeadlines(state, session);
      state.sessions.delete(event.sessionId);
      state.sessionOfUser.delete(event.userId);
      state.offlineSince.set(event.userId, at);
      return;
    }
    default:
      event satisfies never;
  }
}
