/** The queues of waiting chats: each chat stands at its place, next first. */
import type { Chat, Waiting } from '../chats/chat.js';
import { requireChat, requireService } from '../require.js';
import type { AccountState } from '../state.js';
import { queueKey } from './queue-key.js';

/** Puts a chat into its queue, at its place. */
export function enqueue(state: AccountState, chat: Chat, waiting: Waiting): void {
  chat.phase = { name: 'waiting', waiting };
  chat.seq = state.seq;
  if (waiting.transferredBy !== null) state.transferredWaiting += 1;
  const key = queueKey(chat, waiting);
  const queue = state.queues.get(key);
  if (queue === undefined) state.queues.set(key, [chat.id]);
  else queue.splice(placeIn(state, queue, chat, waiting), 0, chat.id);
  setBusyDeadline(state, chat, waiting);
}

/**
 * Where the chat belongs in its queue: chats that an agent has served before are in front, and
 * among equals the longest-waiting. So a chat that comes back from an agent is ahead of all that
 * came after it, and does not overtake one that came back earlier.
 */
function placeIn(
  state: AccountState,
  queue: readonly string[],
  chat: Chat,
  waiting: Waiting,
): number {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = requireChat(state, queue[middle] ?? '');
    if (goesBefore(chat, waiting, other, requireService(other, 'waiting').waiting)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where the chat stands in its queue; -1 when it does not. A long queue is not looked through. */
export function indexIn(
  state: AccountState,
  queue: readonly string[],
  chat: Chat,
  waiting: Waiting,
): number {
  const index = placeIn(state, queue, chat, waiting) - 1;
  return queue[index] === chat.id ? index : queue.indexOf(chat.id);
}

function goesBefore(a: Chat, aWaits: Waiting, b: Chat, bWaits: Waiting): boolean {
  const aServed = a.acceptedAt !== null;
  if (aServed !== (b.acceptedAt !== null)) return aServed;
  if (aWaits.since !== bWaits.since) return aWaits.since < bWaits.since;
  return a.requestedSeq < b.requestedSeq;
}

/** When the visitor is to read that everybody is busy. */
export function setBusyDeadline(state: AccountState, chat: Chat, waiting: Waiting): void {
  if (!chat.busyAnnounced)
    state.deadlines.set(`busy:${chat.id}`, waiting.since + chat.maxWait * 1000);
}

/** Takes a waiting chat out of its queue. */
export function dequeue(state: AccountState, chat: Chat, waiting: Waiting): void {
  const key = queueKey(chat, waiting);
  const queue = state.queues.get(key);
  const index = queue === undefined ? -1 : indexIn(state, queue, chat, waiting);
  if (queue === undefined || index < 0) throw new Error(`chat ${chat.id} is not in queue ${key}`);
  if (queue.length === 1) state.queues.delete(key);
  // Taking the first one off does not move the others, and it is nearly always the first.
  else if (index === 0) queue.shift();
  else queue.splice(index, 1);
  state.late.delete(chat.id);
  if (waiting.transferredBy !== null) state.transferredWaiting -= 1;
  state.deadlines.clear(`busy:${chat.id}`);
}

/** Notes that a chat's time is over, and that somebody is there for it. */
export function noteLate(state: AccountState, chat: Chat, waiting: Waiting): void {
  const { transferredBy, forPeople } = waiting;
  const group = `${queueKey(chat, waiting)} ${chat.skillId} ${transferredBy} ${forPeople} ${chat.failed}`;
  state.late.add(chat.id, group);
}

/** All chats that wait, by id. As quick as copying can be: there may be very many. */
export function waitingChats(state: AccountState): readonly string[] {
  const [first = [], ...others] = state.queues.values();
  return first.concat(...others);
}
