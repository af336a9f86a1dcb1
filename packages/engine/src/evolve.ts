/**
 * Folding facts into the state: live and on reload alike. Nothing here decides anything, reads a
 * clock or looks at the configuration.
 */
import type { AccountEvent, FeedEntry } from './events.js';
import type { AccountState, AgentSession, Chat, Stage, Waiting } from './state.js';
import { queueKey } from './state.js';

/** How long a time-to-accept counts for the estimate (behaviour.md, "Estimates"), ms. */
export const WAIT_WINDOW_MS = 30 * 60_000;

/** Most samples kept per skill; beyond this the oldest go, the mean hardly moves. */
const MOST_SAMPLES = 500;

/**
 * Folds one event into the state, in place.
 * @param at When it happened, epoch ms.
 * @throws Error when the event does not fit the state: the journal is damaged or an invariant broken.
 */
export function evolve(state: AccountState, event: AccountEvent, at: number): void {
  state.seq += 1;
  if (event.type !== 'chat.line') state.rosterSeq = state.seq;
  switch (event.type) {
    case 'session.opened': {
      const before = event.takesOver === null ? undefined : state.sessions.get(event.takesOver);
      const session: AgentSession = {
        id: event.sessionId,
        userId: event.userId,
        openedAt: at,
        cookieHash: event.cookieHash,
        availability: 'Online',
        availabilitySince: at,
        idleSince: before?.idleSince ?? at,
        chatting: before?.chatting ?? [],
        ringing: before?.ringing ?? [],
        takenOver: event.takenOver,
        seq: state.seq,
      };
      if (before !== undefined) state.sessions.delete(before.id);
      state.sessions.set(session.id, session);
      state.sessionOfUser.set(session.userId, session);
      state.offlineSince.delete(session.userId);
      return;
    }
    case 'session.availability': {
      const session = mustSession(state, event.sessionId);
      session.availability = event.availability;
      session.availabilitySince = at;
      session.seq = state.seq;
      return;
    }
    case 'session.ended': {
      state.sessions.delete(event.sessionId);
      state.sessionOfUser.delete(event.userId);
      state.offlineSince.set(event.userId, at);
      return;
    }
    case 'chat.requested': {
      const chat: Chat = {
        id: event.chatId,
        requestedAt: at,
        requestedSeq: state.seq,
        timeout: event.timeout,
        maxWait: event.maxWait,
        visitor: event.visitor,
        visitorName: event.visitor.name,
        skillId: event.skillId,
        stage: { name: 'waiting', waiting: { since: at, forUserId: null, givenAwayBy: null } },
        busyTold: false,
        acceptedAt: null,
        feed: [],
        lastUpdate: at,
        seq: state.seq,
      };
      state.chats.set(chat.id, chat);
      addToFeed(state, chat, event.feed, at);
      enqueue(state, chat, { since: at, forUserId: event.forUserId, givenAwayBy: null });
      return;
    }
    case 'chat.busy': {
      const chat = mustChat(state, event.chatId);
      chat.busyTold = true;
      state.alarms.clear(`busy:${chat.id}`);
      addToFeed(state, chat, event.feed, at);
      return;
    }
    case 'chat.rang': {
      const chat = mustChat(state, event.chatId);
      const stage = mustStage(chat, 'waiting');
      dequeue(state, chat, stage.waiting);
      chat.stage = {
        name: 'ringing',
        userId: event.userId,
        since: at,
        until: event.until,
        why: event.why,
        waiting: stage.waiting,
      };
      chat.seq = state.seq;
      const session = mustSessionOfUser(state, event.userId);
      session.ringing.push(chat.id);
      session.idleSince = at;
      session.seq = state.seq;
      state.alarms.set(`ring:${chat.id}`, event.until);
      return;
    }
    case 'rings.extended': {
      for (const chatId of event.chatIds) {
        const chat = mustChat(state, chatId);
        const stage = mustStage(chat, 'ringing');
        chat.stage = { ...stage, until: event.until };
        chat.seq = state.seq;
        mustSessionOfUser(state, stage.userId).seq = state.seq;
        state.alarms.set(`ring:${chat.id}`, event.until);
      }
      return;
    }
    case 'chat.unrang': {
      const chat = mustChat(state, event.chatId);
      const stage = mustStage(chat, 'ringing');
      stopRinging(state, chat, stage.userId);
      // A transfer to one agent that was not answered falls back to the chat's skill; a chat whose
      // visitor named an agent keeps waiting for that agent.
      const { waiting } = stage;
      const forUserId = waiting.givenAwayBy === null ? waiting.forUserId : null;
      enqueue(state, chat, { ...waiting, forUserId });
      return;
    }
    case 'chat.accepted': {
      const chat = mustChat(state, event.chatId);
      stopRinging(state, chat, event.userId);
      chat.stage = { name: 'chatting', userId: event.userId, since: at };
      if (chat.acceptedAt === null) {
        chat.acceptedAt = at;
        addSample(state, chat, at);
      }
      const session = mustSessionOfUser(state, event.userId);
      session.chatting.push(chat.id);
      addToFeed(state, chat, event.feed, at);
      return;
    }
    case 'chat.line': {
      addToFeed(state, mustChat(state, event.chatId), event.feed, at);
      return;
    }
    case 'chat.requeued': {
      const chat = mustChat(state, event.chatId);
      leaveAgent(state, chat, at);
      addToFeed(state, chat, event.feed, at);
      enqueue(state, chat, { since: at, forUserId: null, givenAwayBy: null });
      return;
    }
    case 'chat.transferred': {
      const chat = mustChat(state, event.chatId);
      leaveAgent(state, chat, at);
      addToFeed(state, chat, event.feed, at);
      const waiting = { since: at, givenAwayBy: event.fromUserId };
      if ('skillId' in event.to) {
        chat.skillId = event.to.skillId;
        enqueue(state, chat, { ...waiting, forUserId: null });
      } else {
        enqueue(state, chat, { ...waiting, forUserId: event.to.userId });
      }
      return;
    }
    case 'chat.ended': {
      const chat = mustChat(state, event.chatId);
      const { stage } = chat;
      if (stage.name === 'waiting') dequeue(state, chat, stage.waiting);
      else if (stage.name === 'ringing') stopRinging(state, chat, stage.userId);
      else if (stage.name === 'chatting') leaveAgent(state, chat, at);
      addToFeed(state, chat, event.feed, at);
      chat.stage = {
        name: 'ended',
        lastUserId: agentOf(stage),
        at,
        by: event.by,
        readableUntil: event.readableUntil,
      };
      state.alarms.set(`forget:${chat.id}`, event.readableUntil);
      return;
    }
    case 'chat.visitorNamed': {
      const chat = mustChat(state, event.chatId);
      chat.visitorName = event.name;
      touch(state, chat, at);
      return;
    }
    case 'chats.forgotten': {
      for (const chatId of event.chatIds) {
        state.chats.delete(chatId);
        state.alarms.clear(`forget:${chatId}`);
      }
      return;
    }
    default: {
      const unknown: never = event;
      throw new Error(`unknown event ${JSON.stringify(unknown)}: written by a newer version?`);
    }
  }
}

/** Sets the alarms of a state that was read from a snapshot. */
export function rebuildAlarms(state: AccountState): void {
  for (const chat of state.chats.values()) {
    if (chat.stage.name === 'ringing') state.alarms.set(`ring:${chat.id}`, chat.stage.until);
    if (chat.stage.name === 'waiting') setBusyAlarm(state, chat, chat.stage.waiting);
    if (chat.stage.name === 'ended') {
      state.alarms.set(`forget:${chat.id}`, chat.stage.readableUntil);
    }
  }
}

function agentOf(stage: Stage): number | null {
  return stage.name === 'chatting' ? stage.userId : null;
}

function addToFeed(state: AccountState, chat: Chat, feed: readonly FeedEntry[], at: number): void {
  for (const entry of feed) {
    if (entry.id !== chat.feed.length) {
      throw new Error(`chat ${chat.id}: event ${entry.id} after ${chat.feed.length - 1}`);
    }
    chat.feed.push(entry);
  }
  touch(state, chat, at);
}

function touch(state: AccountState, chat: Chat, at: number): void {
  chat.lastUpdate = at;
  chat.seq = state.seq;
}

function enqueue(state: AccountState, chat: Chat, waiting: Waiting): void {
  chat.stage = { name: 'waiting', waiting };
  chat.seq = state.seq;
  if (waiting.givenAwayBy !== null) state.givenAwayWaiting += 1;
  const key = queueKey(chat.skillId, waiting);
  const queue = state.queues.get(key);
  if (queue === undefined) state.queues.set(key, [chat.id]);
  else queue.splice(placeIn(state, queue, chat, waiting), 0, chat.id);
  setBusyAlarm(state, chat, waiting);
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
    const other = mustChat(state, queue[middle] ?? '');
    if (goesBefore(chat, waiting, other, mustStage(other, 'waiting').waiting)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function goesBefore(a: Chat, aWaits: Waiting, b: Chat, bWaits: Waiting): boolean {
  const aServed = a.acceptedAt !== null;
  if (aServed !== (b.acceptedAt !== null)) return aServed;
  if (aWaits.since !== bWaits.since) return aWaits.since < bWaits.since;
  return a.requestedSeq < b.requestedSeq;
}

function setBusyAlarm(state: AccountState, chat: Chat, waiting: Waiting): void {
  if (!chat.busyTold) state.alarms.set(`busy:${chat.id}`, waiting.since + chat.maxWait * 1000);
}

function dequeue(state: AccountState, chat: Chat, waiting: Waiting): void {
  const key = queueKey(chat.skillId, waiting);
  const queue = state.queues.get(key);
  const index = queue?.indexOf(chat.id) ?? -1;
  if (queue === undefined || index < 0) throw new Error(`chat ${chat.id} is not in queue ${key}`);
  if (queue.length === 1) state.queues.delete(key);
  else queue.splice(index, 1);
  if (waiting.givenAwayBy !== null) state.givenAwayWaiting -= 1;
  state.alarms.clear(`busy:${chat.id}`);
}

function stopRinging(state: AccountState, chat: Chat, userId: number): void {
  state.alarms.clear(`ring:${chat.id}`);
  const session = mustSessionOfUser(state, userId);
  remove(session.ringing, chat.id);
  session.seq = state.seq;
}

function leaveAgent(state: AccountState, chat: Chat, at: number): void {
  const session = mustSessionOfUser(state, mustStage(chat, 'chatting').userId);
  remove(session.chatting, chat.id);
  session.idleSince = at;
  session.seq = state.seq;
}

function addSample(state: AccountState, chat: Chat, at: number): void {
  const key = chat.skillId === null ? '' : String(chat.skillId);
  let samples = state.waits.get(key);
  if (samples === undefined) {
    samples = [];
    state.waits.set(key, samples);
  }
  samples.push({ at, waitedMs: at - chat.requestedAt });
  while (samples.length > MOST_SAMPLES || (samples[0]?.at ?? at) < at - WAIT_WINDOW_MS) {
    samples.shift();
  }
}

function remove(list: string[], id: string): void {
  const index = list.indexOf(id);
  if (index < 0) throw new Error(`${id} is not in the list it should be in`);
  list.splice(index, 1);
}

function mustSession(state: AccountState, id: string): AgentSession {
  const session = state.sessions.get(id);
  if (session === undefined) throw new Error(`no agent session ${id}`);
  return session;
}

function mustSessionOfUser(state: AccountState, userId: number): AgentSession {
  const session = state.sessionOfUser.get(userId);
  if (session === undefined) throw new Error(`user ${userId} has no agent session`);
  return session;
}

function mustChat(state: AccountState, id: string): Chat {
  const chat = state.chats.get(id);
  if (chat === undefined) throw new Error(`no chat ${id}`);
  return chat;
}

function mustStage<N extends Stage['name']>(chat: Chat, name: N): Extract<Stage, { name: N }> {
  const { stage } = chat;
  if (stage.name !== name) throw new Error(`chat ${chat.id} is ${stage.name}, not ${name}`);
  return stage as Extract<Stage, { name: N }>;
}
