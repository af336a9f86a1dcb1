/** What an account holds, counted anew from what is there, and that it stays within its room. */
import {
  type AccountEvent,
  type AccountState,
  BYTES_PER_CHAT,
  BYTES_PER_KEYED_ENTRY,
  BYTES_PER_MAIL,
  BYTES_PER_RETRY,
  BYTES_PER_VISIT,
  type Memory,
  type MemoryRoom,
  networkOf,
  recount,
} from '@parley/engine';
import { requireThat, requireEqual } from './must.js';
import * as reference from './reference.js';

type Use = 'live' | 'idle';

/** Nothing that is weighed here is ever changed: it is replaced. */
const weights = new WeakMap<object, number>();

function weight(value: unknown): number {
  if (typeof value !== 'object' || value === null) return weigh(value);
  const known = weights.get(value) ?? weigh(value);
  weights.set(value, known);
  return known;
}

/** What a value weighs, the slow way: as JSON, and some bytes for each text and each container. */
function weigh(value: unknown): number {
  let beside = 0;
  const text = JSON.stringify(value, (_key, inside) => {
    if (typeof inside === 'string') beside += 24;
    else if (typeof inside === 'object' && inside !== null) beside += 40;
    return inside;
  });
  return Buffer.byteLength(text) + beside;
}

function total(values: readonly unknown[]): number {
  return values.reduce<number>((sum, value) => sum + weight(value), 0);
}

/** Bytes by network and use: `192.0.2.1 idle`. */
function expected(state: AccountState): Map<string, number> {
  const bytes = new Map<string, number>();
  const add = (ip: string | null | undefined, use: Use, more: number) => {
    const key = `${ip ? networkOf(ip) : ''} ${use}`;
    bytes.set(key, (bytes.get(key) ?? 0) + more);
  };
  for (const { visitor, visitorName, variables, surveys, participant, feed, phase, ...chat } of [
    ...state.chats.values(),
  ]) {
    const words = [visitor, visitorName, variables, surveys, participant];
    const suggested = chat.suggestions === undefined ? 0 : weight(chat.suggestions.list);
    const own = words.reduce<number>((all, each) => all + weight(each), suggested);
    const use = phase.name === 'ended' ? 'idle' : 'live';
    const keyed = feed.filter(({ retry }) => retry !== undefined).length;
    add(visitor.ip, use, BYTES_PER_CHAT + own + total(feed) + BYTES_PER_KEYED_ENTRY * keyed);
  }
  const idle = new Set(reference.idleVisits(state));
  for (const visit of state.visits.values()) {
    const { facts, pages, attributes } = visit;
    const own = weight(facts) + total(pages) + total(attributes);
    add(facts.ip, idle.has(visit) ? 'idle' : 'live', BYTES_PER_VISIT + own);
  }
  for (const { email, subject, ip } of state.outbox.values()) {
    add(ip, 'live', BYTES_PER_MAIL + weight(email) + weight(subject));
  }
  for (const record of state.retries.records.values()) {
    const { share } = record;
    const sharer = share === undefined ? 'requests of users' : `requests of share ${share}`;
    add(sharer, 'live', BYTES_PER_RETRY + weight(record));
  }
  return bytes;
}

function counted(memory: Memory): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const { key, bytes: held } of memory.sharers) {
    if (key.endsWith('/48')) continue;
    for (const use of ['live', 'idle'] as const) {
      if (held[use] > 0) bytes.set(`${key} ${use}`, held[use]);
    }
  }
  return bytes;
}

/** A text of each, in order: what differs is shown as it is. */
const list = (bytes: ReadonlyMap<string, number>) =>
  [...bytes]
    .map(([key, held]) => `${key} ${held}`)
    .sort()
    .join(', ');

export function checkMemory({ memory, ...state }: AccountState, room: MemoryRoom): void {
  const [counts, real] = [list(counted(memory)), list(expected({ memory, ...state }))];
  requireThat(counts === real, `bytes are ${real}, and counted as ${counts}`);
  requireThat(
    memory.bytes.idle <= room.idle,
    `${memory.bytes.idle} bytes are idle, not ${room.idle}`,
  );
}

/** What a snapshot does not hold is made from it as it was. */
export function checkRecount(state: AccountState): void {
  const { memory } = state;
  const anew = recount(state);
  const all = (each: Memory) => ({
    bytes: each.bytes,
    networks: list(counted(each)),
    idle: [...each.idleVisits()],
    next: [0, 1e9].map((share) => each.victim(share, state.visits)),
  });
  requireEqual(all(anew), all(memory), 'memory made anew is the same');
}

/** What is of a live chat is never forgotten, whatever there is room for. */
export function checkForgotten(state: AccountState, event: AccountEvent): void {
  if (event.type === 'chats.forgotten') {
    for (const chatId of event.chatIds) {
      requireThat(state.chats.get(chatId)?.phase.name === 'ended', `${chatId} is over`);
    }
  }
  if (event.type !== 'visits.forgotten') return;
  const idle = reference.idleVisits(state).map(({ sessionId }) => sessionId);
  // A visitor who has too many loses one that only their visitor id ties to a chat.
  const sessions = [...state.chats.values()].flatMap(({ phase, visitor }) =>
    phase.name === 'ended' ? [] : visitor.sharkSessionId,
  );
  for (const sessionId of event.sessionIds) {
    requireThat(idle.includes(sessionId), `visit ${sessionId} is of no live chat`);
    requireThat(!sessions.includes(sessionId), `visit ${sessionId} is named by no live chat`);
  }
}
