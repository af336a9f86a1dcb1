/**
 * A crowd: whatever one command causes, and whatever one question needs, is bounded, however many chats
 * wait and visits are idle. What cannot be done at once is done a little at a time. Lookups are
 * counted, since times would say more of the machine.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AccountCommand,
  type AccountConfig,
  type AccountEvent,
  type AccountState,
  type CommandType,
  type Envelope,
  estimatedWait,
  evolve,
  execute,
  initialState,
  isAvailable,
  Heartbeats,
  MAX_RINGING,
  type OpeningHours,
  SYSTEM,
  UNLIMITED,
} from '@parley/engine';
import { accountConfig, agent, AMY, BEN, NOTHING_KNOWN, SALES } from './account.js';

/** Chats that wait, and idle visits. */
const CROWD = 3_000;

/** Chats and visits that are looked up by one command or question, at most. */
const MAX_LOOKUPS = 2_500;
/** However much there is to do, it is done after so many. */
const MAX_TICKS = 1_000;
/** Events of one command, at most. */
const MAX_EVENTS = 500;

const NOW = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;

let state: AccountState;
let config: AccountConfig;
let now: number;

const ip = (n: number) => `10.0.${n >> 8}.${n & 255}`;

function crowd(facts: { readonly forUserId?: number; readonly maxWait?: number } = {}): void {
  const { forUserId = null, maxWait = 10 * 3_600 } = facts;
  for (let n = 0; n < CROWD; n += 1) {
    const event: AccountEvent = {
      type: 'chat.requested',
      chatId: `c${n}`,
      skillId: forUserId === null ? SALES : null,
      forUserId,
      visitor: { ...NOTHING_KNOWN, ip: ip(n), visitorId: `v${n}` },
      timeout: 600,
      maxWait,
      feed: [{ id: 0, at: NOW, type: 'state', state: 'waiting' }],
    };
    evolve(state, event, NOW);
    evolve(
      state,
      { type: 'visit.seen', sessionId: `s${n}`, visitorId: `w${n}`, facts: { ip: ip(n) } },
      NOW,
    );
  }
}

/** Chats and visits that were looked up so far. */
let looked = 0;

function countLookups<T>(map: Map<string, T>): void {
  map.get = (id) => {
    looked += 1;
    return Map.prototype.get.call(map, id) as T | undefined;
  };
}

/** From whoever it is; an agent's session is `a` and the user's id, a new chat is `new`. */
function enveloped(command: AccountCommand): Envelope {
  const newId = command.type === 'session.open' ? `a${command.userId}` : 'new';
  return { command, actor: SYSTEM, now, newId };
}

/** Carries out a command; looks up few things, and brings few. */
function run(command: AccountCommand): readonly AccountEvent[] {
  const before = looked;
  const { events } = execute<CommandType>(state, config, enveloped(command));
  const lookups = looked - before;
  expect(lookups, `lookups of ${command.type}`).toBeLessThanOrEqual(MAX_LOOKUPS);
  expect(events.length, `events of ${command.type}`).toBeLessThanOrEqual(MAX_EVENTS);
  return events;
}

/** Goes on until there is nothing left to do; gives all that it brought. */
function finish(): AccountEvent[] {
  const all: AccountEvent[] = [];
  for (let ticks = 0; ticks < MAX_TICKS; ticks += 1) {
    const due = state.deadlines.next();
    if (state.unfinished.size === 0 && (due === null || due > now)) return all;
    all.push(...run({ type: 'tick', due: [] }));
  }
  throw new Error(`there is more to do after ${MAX_TICKS} ticks`);
}

const open = (userId: number): AccountCommand => ({
  type: 'session.open',
  userId,
  cookieHash: null,
});

const request: AccountCommand = {
  type: 'chat.request',
  skillId: SALES,
  forUserId: null,
  maxWait: null,
  timeout: null,
  visitor: NOTHING_KNOWN,
  preChatLines: [],
};

function configure(facts: Partial<AccountConfig>): void {
  config = { ...config, ...facts };
}

const count = (events: readonly AccountEvent[], type: AccountEvent['type']) =>
  events.filter((event) => event.type === type).length;

describe('[MEM8] with a crowd that waits', () => {
  beforeEach(() => {
    state = initialState();
    countLookups(state.chats);
    countLookups(state.visits);
    now = NOW + 1_000;
    config = accountConfig({ users: [agent(AMY, { maxChats: 3 }), agent(BEN, { maxChats: -1 })] });
  });

  it('a request, a line, an end and a report take what they take without it', () => {
    crowd();
    run(request);
    run({
      type: 'chat.addLine',
      chatId: 'c2000',
      from: { party: 'visitor' },
      text: 'hello',
      textType: 'plain',
      subType: 'REGULAR',
    });
    run({ type: 'chat.end', chatId: 'c2000', from: { party: 'visitor' } });
    run({ type: 'visit.see', sessionId: 's7', visitorId: 'w7' });
    run({ type: 'visit.see', sessionId: 'new', visitorId: 'new' });
    expect(finish()).toEqual([]);
  });

  it('agents come, accept, give away, turn Away and go', () => {
    crowd();
    run(open(AMY));
    const chatId = state.sessionOfUser.get(AMY)?.ringing[0] ?? '';
    run({ type: 'session.accept', sessionId: 'a1' });
    run(open(BEN));
    run({ type: 'session.setAvailability', sessionId: 'a2', availability: 'Away' });
    run({ type: 'chat.transfer', chatId, sessionId: 'a1', to: { userId: AMY }, text: null });
    run({ type: 'session.setAvailability', sessionId: 'a2', availability: 'Occupied' });
    run({ type: 'chat.transfer', chatId, sessionId: 'a1', to: { skillId: SALES }, text: null });
    run(request);
    run({ type: 'session.setAvailability', sessionId: 'a1', availability: 'Away' });
    run({ type: 'session.close', sessionId: 'a1', reason: 'lost' });
    finish();
  });

  it('an agent without a cap is rung with a hundred at once, and with the next one at each acceptance', () => {
    crowd();
    const events = run(open(BEN));
    expect(count(events, 'chat.rang')).toBe(MAX_RINGING);
    const accepted = run({ type: 'session.accept', sessionId: 'a2' });
    expect(accepted.map(({ type }) => type)).toEqual(['chat.accepted', 'chat.rang']);
    now += 21_000;
    const over = run({ type: 'tick', due: [] });
    expect([count(over, 'chat.offerWithdrawn'), count(over, 'session.availability')]).toEqual([
      100, 1,
    ]);
  });

  it('a bot that has very many chats gives them back a hundred at a time, and is gone then', () => {
    crowd();
    run(open(BEN));
    for (let n = 0; n < 1_000; n += 1) run({ type: 'session.accept', sessionId: 'a2' });
    run(open(AMY));
    const close: AccountCommand = { type: 'session.close', sessionId: 'a2', reason: 'lost' };
    let rounds = 0;
    for (let again = true; again; rounds += 1) {
      const outcome = execute<CommandType>(state, config, enveloped(close));
      again = 'again' in outcome;
      expect(outcome.events.length).toBeLessThanOrEqual(MAX_EVENTS);
      expect(state.sessions.has('a2')).toBe(again);
    }
    expect(rounds).toBe(10);
    const served = [...state.chats.values()].filter(({ acceptedAt }) => acceptedAt !== null);
    expect(served.map(({ phase }) => phase.name)).not.toContain('active');
  });

  it('a disabled user with very many chats is gone soon, also by a new configuration', () => {
    crowd();
    run(open(BEN));
    for (let n = 0; n < 1_000; n += 1) run({ type: 'session.accept', sessionId: 'a2' });
    const users = new Map(config.users).set(BEN, agent(BEN, { enabled: false }));
    configure({ users });
    run({ type: 'config.changed' });
    const events = finish();
    expect(state.sessions.size).toBe(0);
    expect(count(events, 'session.ended')).toBe(1);
  });

  it('a user who is enabled again before that is done keeps what is left', () => {
    crowd();
    run(open(BEN));
    for (let n = 0; n < 1_000; n += 1) run({ type: 'session.accept', sessionId: 'a2' });
    const { users } = config;
    configure({ users: new Map(users).set(BEN, agent(BEN, { enabled: false })) });
    run({ type: 'config.changed' });
    configure({ users });
    const ended = count(finish(), 'session.ended');
    expect([ended, ...state.sessions.keys()]).toEqual([0, 'a2']);
  });

  it('all are over their time at once, with nobody there: all read so, a few at a time', () => {
    crowd({ maxWait: 60 });
    now += HOUR;
    expect(count(run(request), 'chat.busy')).toBeLessThanOrEqual(200);
    finish();
    expect([...state.chats.values()].filter(({ busyAnnounced }) => busyAnnounced)).toHaveLength(
      CROWD,
    );
  });

  it('all are over their time, and read so when the last agent goes', () => {
    crowd({ maxWait: 60 });
    run(open(AMY));
    now += HOUR;
    run({ type: 'session.setAvailability', sessionId: 'a1', availability: 'Online' });
    finish();
    run(open(BEN));
    run({ type: 'session.close', sessionId: 'a2', reason: 'lost' });
    finish();
    expect([...state.chats.values()].filter(({ busyAnnounced }) => busyAnnounced)).toHaveLength(0);
    run({ type: 'session.close', sessionId: 'a1', reason: 'lost' });
    finish();
    const announced = [...state.chats.values()].filter(({ busyAnnounced }) => busyAnnounced);
    expect(announced.length).toBeGreaterThan(CROWD - 10);
  });

  it('late chats with somebody there cost nothing when others come and go', () => {
    crowd({ maxWait: 60 });
    const busy = agent(AMY, { maxChats: 0 });
    configure({ users: new Map(config.users).set(AMY, { ...busy, maxChats: 1 }) });
    run(open(AMY));
    run({ type: 'session.accept', sessionId: 'a1' });
    now += HOUR;
    finish();
    expect([...state.chats.values()].filter(({ busyAnnounced }) => busyAnnounced)).toHaveLength(0);
    run(open(BEN));
    const before = looked;
    run({ type: 'session.setAvailability', sessionId: 'a2', availability: 'Away' });
    expect(looked - before).toBeLessThan(MAX_LOOKUPS);
  });

  it('all wait for the account to open, and are given out when it does', () => {
    const closed: OpeningHours = { days: [{ weekday: 7, from: 0, to: 1 }], holidays: [] };
    const { settings } = config;
    configure({ settings: { ...settings, openingHours: closed } });
    crowd();
    for (let n = 0; n < CROWD; n += 1) {
      evolve(state, { type: 'chat.held', chatId: `c${n}`, until: NOW + 100 * HOUR }, NOW);
    }
    run(open(AMY));
    run(request);
    configure({ settings: { ...settings, openingHours: null } });
    run({ type: 'config.changed' });
    finish();
    expect([...state.chats.values()].filter(({ heldUntil }) => heldUntil)).toHaveLength(0);
    expect(state.sessionOfUser.get(AMY)?.ringing).toHaveLength(3);
  });

  it('all wait for an agent, or for a skill, that is gone then', () => {
    crowd({ forUserId: AMY });
    run(open(AMY));
    run({ ...request, skillId: null, forUserId: AMY } as AccountCommand);
    run({ type: 'session.accept', sessionId: 'a1' });
    const users = new Map(config.users).set(AMY, agent(AMY, { enabled: false }));
    configure({ users });
    run({ type: 'config.changed' });
    finish();
    const waiting = [...state.queues].map(([key, queue]) => [key, queue.length]);
    expect(waiting).toEqual([['any', CROWD]]);
  });

  it('all visits grow old at once, and all chats are forgotten at once', () => {
    crowd();
    for (let n = 0; n < CROWD; n += 1) {
      const chatId = `c${n}`;
      const ended = { by: 'visitor', reason: 'visitor', feed: [] } as const;
      evolve(state, { type: 'chat.ended', chatId, readableUntil: NOW + HOUR, ...ended }, NOW);
    }
    now += 7 * HOUR;
    run(request);
    finish();
    expect([state.chats.size, state.visits.size]).toEqual([1, 0]);
    expect(state.memory.bytes.idle).toBe(0);
    expect(state.deadlines.size).toBeLessThan(3);
  });

  it('questions about the queue look at its front', () => {
    crowd();
    run(open(AMY));
    for (let n = 0; n < 12; n += 1) {
      const [chatId = ''] = state.sessionOfUser.get(AMY)?.ringing ?? [];
      run({ type: 'session.accept', sessionId: 'a1' });
      run({ type: 'chat.end', chatId, from: { party: 'visitor' } });
    }
    run({ type: 'session.accept', sessionId: 'a1' });
    run({ type: 'session.accept', sessionId: 'a1' });
    run({ type: 'session.accept', sessionId: 'a1' });
    const users = Array.from({ length: 100 }, (_, n) => agent(n + 10, { maxChats: 5 }));
    configure({
      users: new Map([...config.users, ...users.map((user) => [user.id, user] as const)]),
    });
    for (const { id } of users) {
      run(open(id));
      for (let n = 0; n < 5; n += 1) run({ type: 'session.accept', sessionId: `a${id}` });
    }
    const before = looked;
    expect(estimatedWait(state, config, SALES, now)).toBeGreaterThan(0);
    isAvailable(state, config, { skillId: SALES }, 60, now + 5_000);
    // Two questions, each for a hundred agents.
    expect(looked - before).toBeLessThan(3 * MAX_LOOKUPS);
  });

  it('there is no more room for what is idle: it goes a few at a time', () => {
    crowd();
    const room = { ...UNLIMITED, idle: 400_000 };
    const events = execute<CommandType>(state, config, enveloped(request), room).events;
    expect(count(events, 'visits.forgotten')).toBeLessThanOrEqual(400);
    expect(state.memory.bytes.idle).toBeGreaterThan(room.idle);
    for (let n = 0; n < 20; n += 1) {
      execute<CommandType>(state, config, enveloped({ type: 'tick', due: [] }), room);
    }
    expect(state.memory.bytes.idle).toBeLessThanOrEqual(room.idle);
  });

  it('of many silent visitors as many are taken out at once as asked for', () => {
    const lines = new Heartbeats();
    for (let n = 0; n < 1_000; n += 1) lines.watch(`c${n}`, 1_000, 0);
    expect(lines.takeSilent(5_000, 50)).toHaveLength(50);
    expect(lines.next()).toBe(1_000);
    // So many are looked at in one go that nobody waits for it.
    for (let left = 950; left > 0; left -= 250) {
      expect(lines.takeSilent(5_000)).toHaveLength(Math.min(left, 250));
    }
    expect(lines.next()).toBeNull();
  });
});
