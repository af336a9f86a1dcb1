/** Deadlines when the clock is set: what was to come after some time still comes after that time. */
import type { Chat, Waiting } from './chats/chat.js';
import { moveFormerAgents } from './chats/former-agents.js';
import { agentOffer } from './chats/service.js';
import { moveParticipants } from './participants/identify.js';
import { setBusyDeadline } from './routing/queues.js';
import type { AccountState } from './state.js';
import { setVisitsDeadline } from './visits/visits.js';

/**
 * Moves every deadline of the state along with the account's time. Opening hours stay where they
 * are: they are times of the day.
 * @param by how far the account's time went on (below 0: fell back) without its passing, ms
 */
export function moveDeadlines(state: AccountState, by: number): void {
  for (const chat of state.chats.values()) moveChat(state, chat, by);
  for (const visit of state.visits.values()) visit.lastSeen += by;
  setVisitsDeadline(state);
  moveParticipants(state, by);
  state.retries.move(by);
  for (const [id, mail] of state.outbox) {
    state.outbox.set(id, { ...mail, requestedAt: mail.requestedAt + by });
  }
}

function moveChat(state: AccountState, chat: Chat, by: number): void {
  moveFormerAgents(chat, by);
  chat.offers = chat.offers.map((offer) => ({ ...offer, until: offer.until + by }));
  const ringing = agentOffer(chat);
  if (ringing !== null) state.deadlines.set(`ring:${chat.id}`, ringing.until);
  const { phase } = chat;
  switch (phase.name) {
    case 'waiting': {
      const waiting = moved(phase.waiting, by);
      chat.phase = { ...phase, waiting };
      if (ringing === null) setBusyDeadline(state, chat, waiting);
      return;
    }
    case 'ended': {
      const readableUntil = phase.readableUntil + by;
      chat.phase = { ...phase, readableUntil };
      state.deadlines.set(`forget:${chat.id}`, readableUntil);
      return;
    }
    case 'active':
      return;
    default:
      phase satisfies never;
  }
}

function moved(waiting: Waiting, by: number): Waiting {
  return { ...waiting, since: waiting.since + by };
}
