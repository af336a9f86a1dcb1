/** Whatever an event changes, one of its topics wakes those who watch that. */
import { type AccountEvent, type AccountState, loadOf, type Topic, topicsOf } from '@parley/engine';
import { requireThat } from './must.js';

/** What can be watched, as it is seen at a moment. */
interface Seen {
  readonly sessions: ReadonlyMap<string, string>;
  readonly chats: ReadonlyMap<string, string>;
  /** The chats that ring for each user. */
  readonly ringing: ReadonlyMap<number, readonly string[]>;
  readonly roster: string;
  readonly queue: string;
  readonly outbox: string;
}

function look(state: AccountState): Seen {
  const sessions = [...state.sessions.values()];
  return {
    sessions: new Map(
      sessions.map(({ id, availability, reasonId, delegations = [] }) => [
        id,
        [availability, reasonId, ...delegations.map((each) => each.id)].join(),
      ]),
    ),
    chats: new Map(
      [...state.chats.values()].map(({ id, phase, participants, offers, ...chat }) => [
        id,
        [
          phase.name,
          ...[...participants, ...offers].map(({ userId, role }) => `${role} ${userId}`),
          chat.seq,
          chat.feed.length,
          chat.skillId,
          chat.heldUntil,
        ].join(),
      ]),
    ),
    ringing: new Map(
      sessions.map(({ userId, ringing, beside }) => [
        userId,
        [...ringing, ...beside.filter(({ is }) => is === 'asked').map(({ chatId }) => chatId)],
      ]),
    ),
    roster: JSON.stringify(sessions.map((each) => [each.userId, each.availability, loadOf(each)])),
    queue: JSON.stringify([...state.queues].filter(([, ids]) => ids.length > 0).sort()),
    outbox: [...state.outbox.keys()].join(),
  };
}

function changed<K, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>): K[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => String(before.get(key)) !== String(after.get(key)));
}

/** Looks at the state before an event; what it returns is to be called when that was folded in. */
export function checkTopics(state: AccountState, event: AccountEvent): () => void {
  const before = look(state);
  return () => {
    const after = look(state);
    const topics = new Set<Topic>(topicsOf(event));
    const wakes = (topic: Topic, what: string) =>
      requireThat(topics.has(topic), `${event.type} changes ${what} and does not wake ${topic}`);
    for (const id of changed(before.sessions, after.sessions)) wakes(`session:${id}`, 'a session');
    for (const id of changed(before.chats, after.chats)) wakes(`chat:${id}`, 'a chat');
    for (const userId of changed(before.ringing, after.ringing)) {
      // Who is rung watches the chats that ring as well.
      const watched = (before.ringing.get(userId) ?? []).map((id): Topic => `chat:${id}`);
      if (!watched.some((topic) => topics.has(topic))) wakes(`agent:${userId}`, 'what rings');
    }
    if (before.roster !== after.roster) wakes('roster', 'who is there');
    if (before.queue !== after.queue) wakes('queue', 'a queue');
    if (before.outbox !== after.outbox) wakes('outbox', 'the outbox');
  };
}
