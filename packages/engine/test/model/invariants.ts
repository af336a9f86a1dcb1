/** What holds after every command, whatever went before. */
import {
  type AccountConfig,
  type AccountState,
  access,
  availableSlots,
  type Chat,
  feedState,
  readEntry,
  readFeed,
  serviceOf,
} from '@parley/engine';
import { requireThat, requireEqual } from './must.js';
import { routeNext } from './naive-routing.js';
import { looking } from './promises.js';
import * as reference from './reference.js';

export function checkState(state: AccountState, config: AccountConfig, now: number): void {
  looking('agents', () => checkAgents(state, config));
  looking('places', () => checkPlaces(state));
  looking('queues', () => checkQueues(state, config, now));
  looking('held chats', () => checkHeld(state, config, now));
  looking('stranded chats', () => checkNobodyStranded(state, config));
  for (const chat of state.chats.values()) {
    looking('feeds', () => checkFeed(chat));
    looking('shown feeds', () => checkShown(chat));
  }
  looking('answers', () => checkAnswers(state, config, now));
  looking('access', () => checkAccess(state, config));
  looking('slots', () => checkSlots(state, config, now));
  looking('visits', () => checkVisits(state, now));
  looking('deadlines', () => checkDeadlines(state, now));
}

function checkAgents(state: AccountState, config: AccountConfig): void {
  requireThat(state.sessions.size === state.sessionOfUser.size, 'one live session per user');
  for (const session of state.sessions.values()) {
    const name = `session ${session.id} of user ${session.userId}`;
    requireThat(
      state.sessionOfUser.get(session.userId) === session,
      `${name} is found by its user`,
    );
    requireThat(
      config.users.get(session.userId)?.enabled === true,
      `${name} is of an enabled user`,
    );
    requireThat(
      !state.offlineSince.has(session.userId),
      `${name} is live, so its user is not offline`,
    );
    if (session.availability === 'Away') {
      const asked = session.beside.filter(({ is }) => is === 'asked');
      requireEqual([session.ringing, asked], [[], []], `nothing rings at ${name}, who is Away`);
    }
    if (session.supervises === true) {
      requireThat(session.availability === 'Away', `${name} watches, and is Away`);
      requireThat(
        reference.supervised(config, session.userId) !== null,
        `${name} supervises somebody`,
      );
    }
    if (session.reasonId !== null) {
      const reason = config.statusReasons.get(session.reasonId);
      requireThat(reason?.state === session.availability, `${name} has a reason for its state`);
    }
  }
}

/** What a waiting chat waits for exists. */
function checkNobodyStranded(state: AccountState, config: AccountConfig): void {
  for (const { chat, waiting } of reference.waitingChats(state)) {
    const { forUserId } = waiting;
    requireThat(
      chat.skillId === null || config.skills.has(chat.skillId),
      `chat ${chat.id} waits for a skill that exists`,
    );
    if (forUserId === null) continue;
    const user = config.users.get(forUserId);
    requireThat(
      user?.enabled === true && user.roles.includes('agent') && user.maxChats !== 0,
      `chat ${chat.id} waits for an agent who can take it one day`,
    );
  }
}

/** Each chat is where its phase, its participants and its offers say, and nowhere else. */
function checkPlaces(state: AccountState): void {
  const places = new Map<string, string[]>();
  const put = (chatId: string, place: string) => {
    places.set(chatId, [...(places.get(chatId) ?? []), place]);
  };
  for (const [key, queue] of state.queues) {
    requireThat(queue.length > 0, `queue ${key} is not kept empty`);
    for (const chatId of queue) put(chatId, 'waiting');
  }
  for (const { userId, chatting, ringing } of state.sessions.values()) {
    for (const chatId of chatting) put(chatId, `chatting ${userId}`);
    for (const chatId of ringing) put(chatId, `ringing ${userId}`);
  }
  for (const chat of state.chats.values()) {
    const { id } = chat;
    checkPeople(chat);
    const service = serviceOf(chat);
    const place = 'userId' in service ? `${service.name} ${service.userId}` : service.name;
    requireEqual(places.get(id) ?? ['ended'], [place], `chat ${id} is in one place`);
    places.delete(id);
  }
  requireEqual([...places.keys()], [], 'every chat that is somewhere exists');
  const beside = [...state.sessions.values()].flatMap((session) =>
    session.beside.map(({ chatId, role, is }) => `${chatId} ${role} ${session.userId} ${is}`),
  );
  const expected = [...state.chats.values()]
    .filter(({ phase }) => phase.name !== 'ended')
    .flatMap(({ id, participants, offers }) =>
      [
        ...participants.flatMap((one) => (one.role === 'agent' ? [] : [{ ...one, is: 'in' }])),
        ...offers.flatMap((one) => (one.role === 'agent' ? [] : [{ ...one, is: 'asked' }])),
      ].map(({ role, userId, is }) => `${id} ${role} ${userId} ${is}`),
    );
  requireEqual(beside.sort(), expected.sort(), 'who is beside an agent has it in their session');
}

/** At most one agent; nobody twice; whoever is asked is not in it; what is over asks nobody. */
function checkPeople({ id, phase, participants, offers }: Chat): void {
  const agents = participants.filter(({ role }) => role === 'agent');
  requireThat(agents.length <= 1, `chat ${id} has one agent at most`);
  requireThat(
    phase.name !== 'active' || agents.length === 1,
    `chat ${id} is active with its agent`,
  );
  requireThat(phase.name !== 'waiting' || agents.length === 0, `chat ${id} waits without an agent`);
  requireThat(phase.name !== 'ended' || offers.length === 0, `chat ${id} is over and asks nobody`);
  // Who is beside the agent may be asked to be it.
  const invited = offers.filter(({ role }) => role !== 'agent');
  const people = [...participants, ...invited].map(({ userId }) => userId);
  requireThat(new Set(people).size === people.length, `each is in chat ${id}, or invited, once`);
  const channels = [
    ...participants.flatMap(({ channel = '' }) => (channel === '' ? [] : channel)),
    ...invited.map(({ invitation }) => invitation?.channel),
  ];
  requireThat(new Set(channels).size === channels.length, `each channel of chat ${id} is of one`);
  const asked = offers.filter(({ role }) => role === 'agent');
  requireThat(asked.length <= 1, `chat ${id} asks one to be its agent at most`);
  requireThat(
    asked.length === 0 || phase.name === 'waiting',
    `chat ${id} asks for an agent as it waits`,
  );
}

function checkQueues(state: AccountState, config: AccountConfig, now: number): void {
  const inOrder = (queues: ReadonlyMap<string, readonly string[]>) =>
    [...queues].sort(([a], [b]) => (a < b ? -1 : 1));
  requireEqual(inOrder(state.queues), inOrder(reference.queues(state)), 'queues are in order');
  const waiting = reference.waitingChats(state);
  requireThat(
    state.transferredWaiting ===
      waiting.filter((entry) => entry.waiting.transferredBy !== null).length,
    'chats given away that wait are counted',
  );
  requireEqual(routeNext(state, config, now), null, 'routing is settled');
  requireEqual(
    reference.nextRing(state, config, now),
    null,
    'nothing waits while someone is free for it',
  );
  for (const { chat, waiting: how } of waiting) {
    const overdue = !chat.busyAnnounced && now >= how.since + chat.maxWait * 1000;
    const someone = reference.mayTake(state, config, chat, how).length > 0;
    requireThat(!overdue || someone, `chat ${chat.id} is over its time, and nobody announced it`);
  }
}

function checkFeed(chat: Chat): void {
  const { id, feed } = chat;
  let ended = 0;
  let busy = 0;
  let last: string | undefined;
  let before = 0;
  for (const [index, entry] of feed.entries()) {
    requireThat(entry.id === index, `chat ${id}: event ${entry.id} stands at ${index}`);
    requireThat(entry.at >= before, `chat ${id}: event ${index} is older than the one before`);
    before = entry.at;
    if (entry.type === 'state') {
      requireThat(ended === 0, `chat ${id}: ${entry.state} after its end`);
      last = entry.state;
      if (entry.state === 'ended') ended += 1;
    } else if (entry.type === 'collaboration') {
      requireThat(ended === 0, `chat ${id}: somebody ${entry.action} after its end`);
    } else {
      const note = entry.subType === 'ONLY_TO_REP' && entry.source === 'agent';
      requireThat(ended === 0 || note, `chat ${id}: line ${index} after its end`);
      if (entry.systemMessageId === 2) busy += 1;
    }
  }
  requireThat(last === feedState(chat), `chat ${id} is ${feedState(chat)}, its feed says ${last}`);
  requireThat(
    (ended === 1) === (chat.phase.name === 'ended'),
    `chat ${id} ends once, when it ends`,
  );
  const announced = chat.busyAnnounced || chat.phase.name === 'ended';
  requireThat(busy <= (announced ? 1 : 0), `chat ${id} is announced once that all are busy`);
  requireThat(busy === 1 || !chat.busyAnnounced, `chat ${id} counts as announced, and was not`);
  const { agent = null, visitor = null } = chat.read ?? {};
  requireThat(
    agent === null || agent < feed.length,
    `chat ${id} was read as far as it goes at most`,
  );
  requireThat(
    visitor === null || readEntry(chat, 'visitor', visitor) !== null,
    `chat ${id} was read by its visitor up to what they see`,
  );
}

/** A visitor is shown every state and every line that is for them. */
function checkShown(chat: Chat): void {
  const { id, feed } = chat;
  for (const collaboration of [true, false]) {
    const shown = readFeed(chat, 'visitor', 0, undefined, collaboration).entries;
    const expected = feed.filter((entry) => {
      if (entry.type === 'collaboration') return collaboration && entry.role === 'assistant';
      return entry.type === 'state' || entry.subType === 'REGULAR';
    });
    requireEqual(shown, expected, `chat ${id} shows its visitor what is for them, and all of it`);
  }
}

function checkAccess(state: AccountState, config: AccountConfig): void {
  for (const session of state.sessions.values()) {
    const { userId } = session;
    for (const chat of state.chats.values()) {
      const { id, participants, phase } = chat;
      const role = participants.find((one) => one.userId === userId)?.role;
      const found = access(state, config, { by: 'session', sessionId: session.id }, id);
      const mine = reference.supervises(config, userId, chat);
      if (role === 'supervisor' && phase.name !== 'ended') {
        requireThat(mine, `chat ${id} is watched by user ${userId}, who supervises it`);
      }
      const theirs = role !== undefined && (role !== 'supervisor' || mine);
      requireThat((found !== null) === theirs, `chat ${id} is open to user ${userId}: ${role}`);
      requireThat(found === null || found.role === role, `user ${userId} is ${role} in ${id}`);
      const heard = role === 'agent' || role === 'assistant';
      requireThat(
        found === null || found.speaks === heard,
        `user ${userId} is heard in ${id}: ${heard}`,
      );
      const watches = access(state, config, { by: 'supervisor', userId }, id) !== null;
      requireThat(watches === mine, `chat ${id} can be watched by user ${userId}: ${mine}`);
    }
  }
}

/** Whoever waits for the answer of a program waits no longer than the skill allows. */
function checkAnswers(state: AccountState, config: AccountConfig, now: number): void {
  for (const { id, phase, participants, feed, answerBy } of state.chats.values()) {
    const agent = participants.find(({ role }) => role === 'agent');
    const isProgram = config.users.get(agent?.userId ?? 0)?.kind === 'bot';
    const last = feed.findLast(
      (entry) => entry.type === 'line' && entry.subType === 'REGULAR' && entry.source !== 'system',
    );
    const asks = last?.type === 'line' && last.source === 'visitor';
    const expected = phase.name === 'active' && isProgram && asks;
    requireThat((answerBy !== undefined) === expected, `chat ${id} has an answer due: ${expected}`);
    requireThat(answerBy === undefined || answerBy > now, `chat ${id} is answered in time`);
    requireThat(
      answerBy === undefined || answerBy <= now + 60_000,
      `chat ${id} waits for an answer for a minute at most`,
    );
  }
}

function checkHeld(state: AccountState, config: AccountConfig, now: number): void {
  for (const { id, phase, acceptedAt, heldUntil } of state.chats.values()) {
    if (heldUntil === undefined) continue;
    requireThat(phase.name === 'waiting' && acceptedAt === null, `chat ${id} is held, and not new`);
    requireThat(!reference.isOpen(config, now), `chat ${id} is held while the account is open`);
    requireThat(heldUntil > now, `chat ${id} is held beyond its time`);
  }
}

function checkSlots(state: AccountState, config: AccountConfig, now: number): void {
  const skills = [null, ...config.skills.keys(), 99].map((skillId) => ({ skillId }));
  const users = [...config.users.keys(), 99].map((userId) => ({ userId }));
  for (const of of [...skills, ...users]) {
    const slots = availableSlots(state, config, of, now);
    requireEqual(slots, reference.slots(state, config, of, now), `slots of ${JSON.stringify(of)}`);
  }
}

function checkVisits(state: AccountState, now: number): void {
  const visits = [...state.visits.values()];
  const inOrder = visits.toSorted((a, b) => a.lastSeen - b.lastSeen);
  requireEqual(visits, inOrder, 'the longest silent visit stands first');
  const last = new Map(visits.map(({ visitorId, sessionId }) => [visitorId, sessionId]));
  requireEqual([...state.lastVisitOf].sort(), [...last].sort(), 'the last visit of each visitor');
  for (const { sessionId, lastSeen } of reference.idleVisits(state)) {
    requireThat(
      now < lastSeen + 6 * 3_600_000,
      `visit ${sessionId} is kept for 6 hours of silence`,
    );
  }
}

/** Nothing that is due is left, nothing is forgotten, and nothing comes for no reason. */
function checkDeadlines(state: AccountState, now: number): void {
  const expected = reference.deadlines(state, now);
  const next = expected.size === 0 ? null : Math.min(...expected.values());
  requireEqual(state.deadlines.next(), next, 'the next deadline');
  requireThat(
    state.deadlines.size === expected.size,
    `${state.deadlines.size} deadlines, not ${expected.size}`,
  );
}

/** What rings although routing would not give it any more: checked after a change of configuration. */
export function checkRings(state: AccountState, config: AccountConfig): void {
  for (const session of state.sessions.values()) {
    const user = config.users.get(session.userId);
    requireThat(user !== undefined, `session ${session.id} has a user`);
    const rings = session.ringing.flatMap((chatId) => state.chats.get(chatId) ?? []);
    const routed = rings.filter(({ offers }) =>
      offers.some(({ role, why }) => role === 'agent' && !isAimed(why.rule)),
    );
    const assisted = session.beside.filter(({ role }) => role === 'assistant');
    const over = session.chatting.length + assisted.length + routed.length - user.maxChats;
    requireThat(
      user.maxChats < 0 || over <= 0 || routed.length === 0,
      `user ${user.id} is rung above the cap of ${user.maxChats}`,
    );
    for (const { id, skillId, phase } of routed) {
      const named = phase.name === 'waiting' && phase.waiting.forUserId !== null;
      const fits = named || skillId === null || user.skillIds.includes(skillId);
      requireThat(fits, `chat ${id} rings at user ${user.id}, who does not hold skill ${skillId}`);
    }
  }
}

/** Whether somebody chose the agent, whatever their cap and skills. */
function isAimed(rule: string): boolean {
  return rule === 'transfer-to-agent' || rule === 'assigned';
}
