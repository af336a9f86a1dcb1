/** Deadlines when the clock is set: what was to come after some time still comes after that time. */
import { moveFormerAgents } from './former-agents.js';
import { setBusyAlarm } from './queues.js';
import type { AccountState, Chat, Waiting } from './state.js';
import { setVisitsAlarm } from './visits.js';

/**
 * Moves every deadline of the state along with the account's time. Opening hours stay where they
 * are: they are times of the day.
 * @param by how far the account's time went on (below 0: fell back) without its passing, ms
 */
export function moveDeadlines(state: AccountState, by: number): void {
  for (const chat of state.chats.values()) moveChat(state, chat, by);
  for (const visit of state.visits.values()) visit.lastSeen += by;
  setVisitsAlarm(state);
  for (const [id, mail] of state.outbox) {
    state.outbox.set(id, { ...mail, requestedAt: mail.requestedAt + by });
  }
}

function moveChat(state: AccountState, chat: Chat, by: number): void {
  moveFormerAgents(chat, by);
  const { stage } = chat;
  switch (stage.name) {
    case 'waiting': {
      const waiting = moved(stage.waiting, by);
      chat.stage = { ...stage, waiting };
      setBusyAlarm(state, chat, waiting);
      return;
    }
    case 'ringing': {
      const until = stage.until + by;
      chat.stage = { ...stage, until, waiting: moved(stage.waiting, by) };
      state.alarms.set(`ring:${chat.id}`, until);
      return;
    }
    case 'ended': {
      const readableUntil = stage.readableUntil + by;
      chat.stage = { ...stage, readableUntil };
      state.alarms.set(`forget:${chat.id}`, readableUntil);
      return;
    }
    case 'chatting':
      return;
    default:
      stage satisfies never;
  }
}

function moved(waiting: Waiting, by: number): Waiting {
  return { ...waiting, since: waiting.since + by };
}
