/** Deadlines when the clock is set: what was to come after some time still comes after that time. */
import type { Chat } from './chats/chat.js';
import { moveDelegations } from './delegations/evolve.js';
import { moveFormerAgents } from './chats/former-agents.js';
import { moveParticipants } from './participants/identify.js';
import { setBusyDeadline } from './routing/queues.js';
import type { AccountState } from './state.js';
import { moveSuggestions } from './suggestions/evolve.js';
import { setVisitsDeadline } from './visits/visits.js';

/**
 * Moves every deadline of the state along with the account's time. Opening hours stay where they
 * are: they are times of the day.
 * @param by how far the account's time went on (below 0: fell back) without its passing, ms
 */
export function moveDeadlines(state: AccountState, by: number): void {
  // At once: one by one, those of thousands of chats would hold everybody up.
  state.deadlines.move(by);
  for (const chat of state.chats.values()) moveChat(state, chat, by);
  for (const session of state.sessions.values()) {
    if (session.delegations !== undefined) moveDelegations(session, by);
  }
  for (const visit of state.visits.values()) visit.lastSeen += by;
  setVisitsDeadline(state);
  moveParticipants(state, by);
  state.retries.move(by);
  for (const [id, mail] of state.outbox) {
    state.outbox.set(id, { ...mail, requestedAt: mail.requestedAt + by });
  }
}

/** The chat's own deadlines have moved with all others. */
function moveChat(state: AccountState, chat: Chat, by: number): void {
  if (chat.formerAgents.length > 0) moveFormerAgents(chat, by);
  moveSuggestions(chat, by);
  if (chat.offers.length > 0) {
    chat.offers = chat.offers.map((offer) => ({ ...offer, until: offer.until + by }));
  }
  if (chat.answerBy !== undefined) chat.answerBy += by;
  const { phase } = chat;
  switch (phase.name) {
    case 'waiting': {
      const { waiting: before } = phase;
      const waiting = { ...before, since: before.since + by };
      chat.phase = { ...phase, waiting };
      // Its time was over, and is not any more.
      if (state.late.has(chat.id)) setBusyDeadline(state, chat, waiting);
      return;
    }
    case 'ended':
      chat.phase = { ...phase, readableUntil: phase.readableUntil + by };
      return;
    case 'active':
      return;
    default:
      phase satisfies never;
  }
}
