import { describe, expect, it } from 'vitest';
import { serviceOf } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { VISITOR, World } from './world.js';

const ENDINGS = [
  ['logout', (world: World) => world.do<'user.logout'>({ type: 'user.logout', userId: AMY })],
  ['deletion', (world: World) => world.close(AMY, 'deleted')],
  ['loss', (world: World) => world.close(AMY, 'lost')],
  ['the user being disabled', (world: World) => world.reconfigure(AMY, { enabled: false })],
] as const;

describe('agent sessions', () => {
  it('[SESS1] start Online, without chats', () => {
    const world = new World();
    world.open(AMY);
    expect(world.session(AMY)).toMatchObject({
      userId: AMY,
      availability: 'Online',
      availabilitySince: world.now,
      openedAt: world.now,
      chatting: [],
      ringing: [],
      takenOver: [],
    });
  });

  it('[SESS2] are not for who is unknown or disabled', () => {
    const world = new World({ users: [agent(AMY, { enabled: false })] });
    for (const userId of [AMY, 99]) {
      expect(
        world.refused<'session.open'>({
          type: 'session.open',
          userId,
          cookieHash: null,
        }),
      ).toEqual({ rejected: 'unknown-user', userId });
    }
    expect(world.state.sessions.size).toBe(0);
  });

  it.each(ENDINGS.slice(0, 3))('[SESS3] start anew after %s', (_, endSession) => {
    const world = new World();
    world.open(AMY);
    const chat = world.chatWith(AMY);
    world.set(AMY, 'Occupied');
    endSession(world);
    world.open(AMY);
    expect(world.session(AMY)).toMatchObject({
      availability: 'Online',
      chatting: [],
      ringing: [],
      takenOver: [],
    });
    expect(world.where(chat)).toBe('ended');
  });

  it.each(ENDINGS)('[SESS4] give their chats back at %s', (_, endSession) => {
    const world = new World({ users: [agent(AMY), agent(BEN, { maxChats: 0 }), agent(CAT)] });
    world.open(AMY);
    const chat = world.chatWith(AMY);
    world.open(CAT);
    const other = world.chatWith(CAT);
    endSession(world);
    expect(world.where(chat)).toBe('waiting');
    expect(world.chat(chat).skillId).toBe(SALES);
    expect(world.feed(chat, 4)).toEqual(['4 system 23', '5 state waiting']);
    world.end(other, world.as(CAT));
    expect(world.where(chat)).toBe(`ringing ${CAT}`);
  });

  it('[SESS5] give several chats back in the order they waited, ahead of unserved ones', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 3 }), agent(BEN)] });
    world.open(AMY);
    const [first, second, third] = ['', '', ''].map(() => {
      world.pass(1);
      return world.chatWith(AMY);
    });
    world.open(BEN);
    const busy = world.chatWith(BEN);
    const fresh = world.request();
    world.pass(5);
    world.close(AMY);
    const queue = world.state.queues.get(`skill:${SALES}`);
    expect(queue).toEqual([first, second, third, fresh]);
    world.end(busy);
    expect(world.where(first ?? '')).toBe(`ringing ${BEN}`);
  });

  it('[SESS6] end their chats with line 6 when nobody Online holds the skill', () => {
    const world = new World({
      users: [agent(AMY), agent(BEN, { skillIds: [BILLING] }), agent(CAT)],
    });
    world.open(AMY, BEN);
    const chat = world.chatWith(AMY);
    world.open(CAT);
    world.set(CAT, 'Occupied');
    world.close(AMY);
    expect(world.feed(chat, 4)).toEqual(['4 system 6', '5 state ended']);
    expect(serviceOf(world.chat(chat))).toMatchObject({
      name: 'ended',
      by: 'system',
      lastUserId: AMY,
    });
  });

  it('[SESS6] keep a chat without a skill for anyone Online, however full', () => {
    const world = new World({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
    world.open(AMY);
    const chat = world.chatWith(AMY, { skill: null });
    world.open(BEN);
    const other = world.chatWith(BEN, { skill: BILLING });
    world.close(AMY);
    expect(world.where(chat)).toBe('waiting');
    world.end(other);
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
  });

  it.each(ENDINGS)('[SESS7] pass ringing chats on silently at %s', (_, endSession) => {
    const world = new World();
    world.open(AMY);
    const chat = world.request();
    world.open(BEN);
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
    endSession(world);
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
    expect(world.feed(chat)).toEqual(['0 state waiting', '1 system 4']);
  });

  it('[SESS8] are unknown once ended', () => {
    const world = new World();
    const sessionId = world.login(AMY);
    world.close(AMY);
    for (const gone of [sessionId, 'never']) {
      const unknown = { rejected: 'unknown-session', sessionId: gone };
      expect(
        world.refused<'session.close'>({
          type: 'session.close',
          sessionId: gone,
          reason: 'deleted',
        }),
      ).toEqual(unknown);
      expect(
        world.refused<'session.setAvailability'>({
          type: 'session.setAvailability',
          sessionId: gone,
          availability: 'Away',
        }),
      ).toEqual(unknown);
      expect(world.refused<'session.accept'>({ type: 'session.accept', sessionId: gone })).toEqual(
        unknown,
      );
    }
  });

  it('[SESS9] need not exist to be logged out of', () => {
    const world = new World();
    world.do<'user.logout'>({ type: 'user.logout', userId: AMY });
    expect(world.journal).toEqual([]);
  });

  it.each(ENDINGS)('[SESS10] leave their user offline from then on, at %s', (_, endSession) => {
    const world = new World();
    world.open(AMY);
    world.login(AMY);
    expect(world.state.offlineSince.size).toBe(0);
    world.pass(7);
    endSession(world);
    expect([...world.state.offlineSince]).toEqual([[AMY, world.now]]);
    if (world.config.users.get(AMY)?.enabled) {
      world.open(AMY);
      expect(world.state.offlineSince.size).toBe(0);
    }
  });
});

describe('takeover', () => {
  const roomy = { users: [agent(AMY, { maxChats: 3 }), agent(BEN)] };

  it('[TAKE1] brings chats and rings along, unseen', () => {
    const world = new World(roomy);
    world.open(AMY);
    const chat = world.chatWith(AMY);
    const ringing = world.request();
    const before = [world.feed(chat), world.feed(ringing)];
    const from = world.journal.length;
    const sessionId = world.login(AMY);
    expect(world.session(AMY)).toMatchObject({
      id: sessionId,
      chatting: [chat],
      ringing: [ringing],
    });
    expect([world.feed(chat), world.feed(ringing)]).toEqual(before);
    expect(world.eventTypes(from)).toEqual(['session.opened']);
    world.line(chat, world.as(AMY), 'still here');
    expect(world.accept(AMY)).toBe(ringing);
  });

  it('[TAKE2] lists the chats that came along chatting', () => {
    const world = new World(roomy);
    world.open(AMY);
    const first = world.chatWith(AMY);
    const second = world.chatWith(AMY);
    world.request();
    world.login(AMY);
    expect(world.session(AMY).takenOver).toEqual([first, second]);
    world.end(first);
    world.login(AMY);
    expect(world.session(AMY).takenOver).toEqual([second]);
  });

  it('[TAKE3] leaves the old session unknown', () => {
    const world = new World(roomy);
    const old = world.login(AMY);
    const chat = world.chatWith(AMY);
    world.login(AMY);
    expect([...world.state.sessions.keys()]).not.toContain(old);
    expect(
      world.refused<'chat.end'>({
        type: 'chat.end',
        chatId: chat,
        from: { party: 'agent', sessionId: old },
      }),
    ).toEqual({ rejected: 'unknown-chat', chatId: chat });
    expect(
      world.refused<'session.close'>({ type: 'session.close', sessionId: old, reason: 'lost' }),
    ).toEqual({ rejected: 'unknown-session', sessionId: old });
    expect(world.where(chat)).toBe(`chatting ${AMY}`);
  });

  it('[TAKE4] does not prolong a ring', () => {
    const world = new World(roomy);
    world.open(AMY);
    const chat = world.request();
    world.pass(15);
    world.login(AMY);
    world.pass(4.999);
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
    world.pass(0.001);
    expect(world.where(chat)).toBe('waiting');
    expect(world.session(AMY).availability).toBe('Away');
  });

  it('[TAKE5] starts Online, and waiting chats ring at once', () => {
    const world = new World(roomy);
    world.open(AMY);
    world.set(AMY, 'Away');
    const chat = world.request();
    expect(world.where(chat)).toBe('waiting');
    world.login(AMY);
    expect(world.session(AMY).availability).toBe('Online');
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[TAKE6] keeps the place among the longest idle', () => {
    const world = new World();
    world.open(AMY);
    world.pass(10);
    world.open(BEN);
    world.pass(10);
    world.login(AMY);
    expect(world.where(world.request())).toBe(`ringing ${AMY}`);
  });
});

describe('availability', () => {
  it.each(['Occupied', 'Away'] as const)('[AVAIL1] %s is rung for no new chat', (availability) => {
    const world = new World();
    world.open(AMY);
    world.set(AMY, availability);
    const chat = world.request();
    expect(world.where(chat)).toBe('waiting');
    world.set(AMY, 'Online');
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[AVAIL1] Occupied is not rung for a chat whose agent was lost', () => {
    const world = new World({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    world.open(AMY);
    const chat = world.chatWith(AMY);
    world.open(BEN, CAT);
    world.set(BEN, 'Occupied');
    world.chatWith(CAT);
    world.close(AMY);
    expect(world.where(chat)).toBe('waiting');
  });

  it('[AVAIL2] Occupied is rung for what another agent gave to the skill', () => {
    const world = new World({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
    world.open(AMY, BEN);
    world.set(BEN, 'Occupied');
    const chat = world.chatWith(AMY);
    world.transfer(chat, AMY, { skillId: BILLING });
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
  });

  it('[AVAIL3] Away is rung by nothing', () => {
    const world = new World({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    world.open(AMY, BEN, CAT);
    world.set(BEN, 'Away');
    world.set(CAT, 'Occupied');
    const chat = world.chatWith(AMY);
    expect(world.refused<'chat.transfer'>(world.transferring(chat, AMY, { userId: BEN }))).toEqual({
      rejected: 'agent-unavailable',
      userId: BEN,
      because: 'absent',
    });
    world.transfer(chat, AMY, { skillId: SALES });
    expect(world.where(chat)).toBe(`ringing ${CAT}`);
    world.pass(20);
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
    expect(world.session(BEN).ringing).toEqual([]);
  });

  it('[AVAIL4] turning Away gives ringing chats back at once, the longest-ringing in front', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 3 })] });
    world.open(AMY);
    const chats = [1, 2, 3].map(() => {
      world.pass(1);
      return world.request();
    });
    const fresh = world.request();
    world.set(AMY, 'Away');
    expect(world.state.queues.get(`skill:${SALES}`)).toEqual([...chats, fresh]);
    expect(world.session(AMY).ringing).toEqual([]);
    expect(chats.map((chat) => world.feed(chat))).toEqual(
      chats.map(() => ['0 state waiting', '1 system 4']),
    );
    world.pass(30);
    expect(world.session(AMY).availability).toBe('Away');
  });

  it('[AVAIL5] turning Occupied lets ringing chats ring on', () => {
    const world = new World();
    world.open(AMY);
    const chat = world.request();
    world.set(AMY, 'Occupied');
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
    expect(world.accept(AMY)).toBe(chat);
  });

  it('[AVAIL6] setting what is set changes nothing', () => {
    const world = new World();
    const sessionId = world.login(AMY);
    const { availabilitySince } = world.session(AMY);
    const from = world.journal.length;
    world.pass(10);
    expect(
      world.do<'session.setAvailability'>({
        type: 'session.setAvailability',
        sessionId,
        availability: 'Online',
      }),
    ).toEqual({ availability: 'Online', reasonId: null });
    expect(world.journal.length).toBe(from);
    expect(world.session(AMY).availabilitySince).toBe(availabilitySince);
  });

  it('[AVAIL7] turning Online brings the longest-waiting chats that fit, up to the cap', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 2 })] });
    world.open(AMY);
    world.set(AMY, 'Away');
    const wishes = [{ skill: BILLING }, {}, {}, {}];
    const [other = '', first = '', second = '', third = ''] = wishes.map((wish) => {
      world.pass(1);
      return world.request(wish);
    });
    world.set(AMY, 'Online');
    expect(world.session(AMY).ringing).toEqual([first, second]);
    expect(world.places(other, third)).toEqual(['waiting', 'waiting']);
  });

  it.each(['Occupied', 'Away'] as const)('[AVAIL8] chats go on while %s', (availability) => {
    const world = new World();
    world.open(AMY);
    const chat = world.chatWith(AMY);
    world.set(AMY, availability);
    expect(world.where(chat)).toBe(`chatting ${AMY}`);
    world.line(chat, world.as(AMY), 'hello');
    world.line(chat, VISITOR, 'hi');
    expect(world.feed(chat, 4)).toEqual(['4 Amy: hello', '5 -: hi']);
  });
});
