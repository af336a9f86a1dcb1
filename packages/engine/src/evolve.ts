/**
 * Folding facts into the state: live and on reload alike. Nothing here decides anything, reads a
 * clock or looks at the configuration.
 */
import { evolveChats, setOpenDeadline } from './chats/evolve.js';
import { ringKey } from './chats/people.js';
import { agentOffer } from './chats/service.js';
import { evolveCollaboration } from './collaboration/evolve.js';
import { setAnswerDue } from './escalation/answer-limit.js';
import { evolveEscalation } from './escalation/evolve.js';
import { moveDeadlines } from './move-deadlines.js';
import { EVENT_MEANING } from './event-meaning.js';
import type { AccountEvent } from './events.js';
import { evolveOutbox } from './mail/outbox.js';
import { evolveParticipants, setParticipantsDeadline } from './participants/identify.js';
import { setBusyDeadline } from './routing/queues.js';
import { evolveSessions } from './sessions/evolve.js';
import type { AccountState } from './state.js';
import { evolveDelegations, setDelegationDeadlines } from './delegations/evolve.js';
import { evolveSuggestions, setSuggestionDeadlines } from './suggestions/evolve.js';
import { evolveVisits, setVisitsDeadline } from './visits/visits.js';

/**
 * Folds one event into the state, in place.
 * @param at When it happened, epoch ms.
 * @throws Error when the event does not fit the state: the journal is damaged or an invariant broken.
 */
export function evolve(state: AccountState, event: AccountEvent, at: number): void {
  state.freeze?.before(event);
  state.seq += 1;
  // Where the clock was set, times are moved along before anything has had its day.
  if (event.type !== 'clock.moved') state.memory.forgetRetries(state.retries.expire(at));
  if (EVENT_MEANING[event.type]?.changesRoster) state.rosterSeq = state.seq;
  switch (event.type) {
    case 'session.opened':
    case 'session.cookieRenewed':
    case 'session.availability':
    case 'session.ended':
      evolveSessions(state, event, at);
      return;
    case 'chat.requested':
    case 'chat.busy':
    case 'chat.held':
    case 'chat.rang':
    case 'rings.extended':
    case 'chat.offerWithdrawn':
    case 'chat.accepted':
    case 'chat.line':
    case 'chat.requeued':
    case 'chat.transferred':
    case 'chat.reassigned':
    case 'chat.ended':
    case 'chat.visitorNamed':
    case 'chat.read':
    case 'chats.forgotten':
    case 'chat.variables':
    case 'chat.surveyAnswered':
      evolveChats(state, event, at);
      return;
    case 'chat.invited':
    case 'chat.uninvited':
    case 'chat.joined':
    case 'chat.left':
    case 'chat.takenOver':
      evolveCollaboration(state, event, at);
      return;
    case 'session.delegated':
    case 'session.delegationEnded':
      evolveDelegations(state, event, at);
      return;
    case 'chat.suggested':
    case 'chat.suggestionClosed':
      evolveSuggestions(state, event, at);
      return;
    case 'chat.escalated':
    case 'answers.extended':
      evolveEscalation(state, event, at);
      return;
    case 'offline.surveyLeft':
      // Kept in the journal for the history; nothing live depends on it.
      return;
    case 'visit.seen':
    case 'visits.forgotten':
      evolveVisits(state, event, at);
      return;
    case 'participant.identified':
    case 'participants.forgotten':
      evolveParticipants(state, event, at);
      return;
    case 'transcript.requested':
    case 'transcript.sent':
    case 'transcript.failed':
      evolveOutbox(state, event, at);
      return;
    case 'request.answered': {
      const { type: _, ...answered } = event;
      const record = { ...answered, at };
      state.memory.addRetry(record);
      state.memory.forgetRetries(state.retries.add(record));
      return;
    }
    case 'clock.moved':
      moveDeadlines(state, event.by);
      return;
    default: {
      // What it holds is somebody's: an error names its type alone.
      const unknown: never = event;
      throw new Error(`unknown event ${(unknown as AccountEvent).type}`);
    }
  }
}

/**
 * Passes over entries of the journal that are given up for lost: nothing of them is in the state.
 * @param seq position to go on from; none before the state's own
 */
export function skipTo(state: AccountState, seq: number): void {
  if (seq > state.seq) state.seq = seq;
}

/** Sets the deadlines of a state that was read from a snapshot. */
export function rebuildDeadlines(state: AccountState): void {
  setVisitsDeadline(state);
  setParticipantsDeadline(state);
  for (const session of state.sessions.values()) setDelegationDeadlines(state, session);
  for (const chat of state.chats.values()) {
    const { phase } = chat;
    setSuggestionDeadlines(state, chat);
    for (const offer of chat.offers) state.deadlines.set(ringKey(chat.id, offer), offer.until);
    if (phase.name === 'waiting' && agentOffer(chat) === null)
      setBusyDeadline(state, chat, phase.waiting);
    if (chat.heldUntil !== undefined) setOpenDeadline(state, chat);
    setAnswerDue(state, chat, chat.answerBy);
    if (phase.name === 'ended') state.deadlines.set(`forget:${chat.id}`, phase.readableUntil);
  }
}
