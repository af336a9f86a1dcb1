import { describe, expect, it } from 'vitest';
import { serviceOf } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { VISITOR, Fixture } from './fixture.js';

const ENDINGS = [
  ['logout', (fixture: Fixture) => fixture.do<'user.logout'>({ type: 'user.logout', userId: AMY })],
  ['deletion', (fixture: Fixture) => fixture.close(AMY, 'deleted')],
  ['loss', (fixture: Fixture) => fixture.close(AMY, 'lost')],
  ['the user being disabled', (fixture: Fixture) => fixture.reconfigure(AMY, { enabled: false })],
] as const;

describe('agent sessions', () => {
  it('[SESS1] start Online, without chats', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    expect(fixture.session(AMY)).toMatchObject({
      userId: AMY,
      availability: 'Online',
      availabilitySince: fixture.now,
      openedAt: fixture.now,
      chatting: [],
      ringing: [],
      takenOver: [],
    });
  });

  it('[SESS2] are not for who is unknown or disabled', () => {
    const fixture = new Fixture({ users: [agent(AMY, { enabled: false })] });
    for (const userId of [AMY, 99]) {
      expect(
        fixture.refused<'session.open'>({
          type: 'session.open',
          userId,
          cookieHash: null,
        }),
      ).toEqual({ rejected: 'unknown-user', userId });
    }
    expect(fixture.state.sessions.size).toBe(0);
  });

  it.each(ENDINGS.slice(0, 3))('[SESS3] start anew after %s', (_, endSession) => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    fixture.set(AMY, 'Occupied');
    endSession(fixture);
    fixture.open(AMY);
    expect(fixture.session(AMY)).toMatchObject({
      availability: 'Online',
      chatting: [],
      ringing: [],
      takenOver: [],
    });
    expect(fixture.where(chat)).toBe('ended');
  });

  it.each(ENDINGS)('[SESS4] give their chats back at %s', (_, endSession) => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { maxChats: 0 }), agent(CAT)] });
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    fixture.open(CAT);
    const other = fixture.chatWith(CAT);
    endSession(fixture);
    expect(fixture.where(chat)).toBe('waiting');
    expect(fixture.chat(chat).skillId).toBe(SALES);
    expect(fixture.feed(chat, 4)).toEqual(['4 system 23', '5 state waiting']);
    fixture.end(other, fixture.as(CAT));
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
  });

  it('[SESS5] give several chats back in the order they waited, ahead of unserved ones', () => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 3 }), agent(BEN)] });
    fixture.open(AMY);
    const [first, second, third] = ['', '', ''].map(() => {
      fixture.pass(1);
      return fixture.chatWith(AMY);
    });
    fixture.open(BEN);
    const busy = fixture.chatWith(BEN);
    const fresh = fixture.request();
    fixture.pass(5);
    fixture.close(AMY);
    const queue = fixture.state.queues.get(`skill:${SALES}`);
    expect(queue).toEqual([first, second, third, fresh]);
    fixture.end(busy);
    expect(fixture.where(first ?? '')).toBe(`ringing ${BEN}`);
  });

  it('[SESS6] end their chats with line 6 when nobody Online holds the skill', () => {
    const fixture = new Fixture({
      users: [agent(AMY), agent(BEN, { skillIds: [BILLING] }), agent(CAT)],
    });
    fixture.open(AMY, BEN);
    const chat = fixture.chatWith(AMY);
    fixture.open(CAT);
    fixture.set(CAT, 'Occupied');
    fixture.close(AMY);
    expect(fixture.feed(chat, 4)).toEqual(['4 system 6', '5 state ended']);
    expect(serviceOf(fixture.chat(chat))).toMatchObject({
      name: 'ended',
      by: 'system',
      lastUserId: AMY,
    });
  });

  it('[SESS6] keep a chat without a skill for anyone Online, however full', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY, { skill: null });
    fixture.open(BEN);
    const other = fixture.chatWith(BEN, { skill: BILLING });
    fixture.close(AMY);
    expect(fixture.where(chat)).toBe('waiting');
    fixture.end(other);
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
  });

  it.each(ENDINGS)('[SESS7] pass ringing chats on silently at %s', (_, endSession) => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chat = fixture.request();
    fixture.open(BEN);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    endSession(fixture);
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
    expect(fixture.feed(chat)).toEqual(['0 state waiting', '1 system 4']);
  });

  it('[SESS8] are unknown once ended', () => {
    const fixture = new Fixture();
    const sessionId = fixture.login(AMY);
    fixture.close(AMY);
    for (const gone of [sessionId, 'never']) {
      const unknown = { rejected: 'unknown-session', sessionId: gone };
      expect(
        fixture.refused<'session.close'>({
          type: 'session.close',
          sessionId: gone,
          reason: 'deleted',
        }),
      ).toEqual(unknown);
      expect(
        fixture.refused<'session.setAvailability'>({
          type: 'session.setAvailability',
          sessionId: gone,
          availability: 'Away',
        }),
      ).toEqual(unknown);
      expect(
        fixture.refused<'session.accept'>({ type: 'session.accept', sessionId: gone }),
      ).toEqual(unknown);
    }
  });

  it('[SESS9] need not exist to be logged out of', () => {
    const fixture = new Fixture();
    fixture.do<'user.logout'>({ type: 'user.logout', userId: AMY });
    expect(fixture.journal).toEqual([]);
  });

  it.each(ENDINGS)('[SESS10] leave their user offline from then on, at %s', (_, endSession) => {
    const fixture = new Fixture();
    fixture.open(AMY);
    fixture.login(AMY);
    expect(fixture.state.offlineSince.size).toBe(0);
    fixture.pass(7);
    endSession(fixture);
    expect([...fixture.state.offlineSince]).toEqual([[AMY, fixture.now]]);
    if (fixture.config.users.get(AMY)?.enabled) {
      fixture.open(AMY);
      expect(fixture.state.offlineSince.size).toBe(0);
    }
  });
});

describe('takeover', () => {
  const roomy = { users: [agent(AMY, { maxChats: 3 }), agent(BEN)] };

  it('[TAKE1] brings chats and rings along, unseen', () => {
    const fixture = new Fixture(roomy);
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    const ringing = fixture.request();
    const before = [fixture.feed(chat), fixture.feed(ringing)];
    const from = fixture.journal.length;
    const sessionId = fixture.login(AMY);
    expect(fixture.session(AMY)).toMatchObject({
      id: sessionId,
      chatting: [chat],
      ringing: [ringing],
    });
    expect([fixture.feed(chat), fixture.feed(ringing)]).toEqual(before);
    expect(fixture.eventTypes(from)).toEqual(['session.opened']);
    fixture.line(chat, fixture.as(AMY), 'still here');
    expect(fixture.accept(AMY)).toBe(ringing);
  });

  it('[TAKE2] lists the chats that came along chatting', () => {
    const fixture = new Fixture(roomy);
    fixture.open(AMY);
    const first = fixture.chatWith(AMY);
    const second = fixture.chatWith(AMY);
    fixture.request();
    fixture.login(AMY);
    expect(fixture.session(AMY).takenOver).toEqual([first, second]);
    fixture.end(first);
    fixture.login(AMY);
    expect(fixture.session(AMY).takenOver).toEqual([second]);
  });

  it('[TAKE3] leaves the old session unknown', () => {
    const fixture = new Fixture(roomy);
    const old = fixture.login(AMY);
    const chat = fixture.chatWith(AMY);
    fixture.login(AMY);
    expect([...fixture.state.sessions.keys()]).not.toContain(old);
    expect(
      fixture.refused<'chat.end'>({
        type: 'chat.end',
        chatId: chat,
        from: { party: 'agent', sessionId: old },
      }),
    ).toEqual({ rejected: 'unknown-chat', chatId: chat });
    expect(
      fixture.refused<'session.close'>({ type: 'session.close', sessionId: old, reason: 'lost' }),
    ).toEqual({ rejected: 'unknown-session', sessionId: old });
    expect(fixture.where(chat)).toBe(`chatting ${AMY}`);
  });

  it('[TAKE4] does not prolong a ring', () => {
    const fixture = new Fixture(roomy);
    fixture.open(AMY);
    const chat = fixture.request();
    fixture.pass(15);
    fixture.login(AMY);
    fixture.pass(4.999);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    fixture.pass(0.001);
    expect(fixture.where(chat)).toBe('waiting');
    expect(fixture.session(AMY).availability).toBe('Away');
  });

  it('[TAKE5] starts Online, and waiting chats ring at once', () => {
    const fixture = new Fixture(roomy);
    fixture.open(AMY);
    fixture.set(AMY, 'Away');
    const chat = fixture.request();
    expect(fixture.where(chat)).toBe('waiting');
    fixture.login(AMY);
    expect(fixture.session(AMY).availability).toBe('Online');
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[TAKE6] keeps the place among the longest idle', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    fixture.pass(10);
    fixture.open(BEN);
    fixture.pass(10);
    fixture.login(AMY);
    expect(fixture.where(fixture.request())).toBe(`ringing ${AMY}`);
  });
});

describe('availability', () => {
  it.each(['Occupied', 'Away'] as const)('[AVAIL1] %s is rung for no new chat', (availability) => {
    const fixture = new Fixture();
    fixture.open(AMY);
    fixture.set(AMY, availability);
    const chat = fixture.request();
    expect(fixture.where(chat)).toBe('waiting');
    fixture.set(AMY, 'Online');
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[AVAIL1] Occupied is not rung for a chat whose agent was lost', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    fixture.open(BEN, CAT);
    fixture.set(BEN, 'Occupied');
    fixture.chatWith(CAT);
    fixture.close(AMY);
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[AVAIL2] Occupied is rung for what another agent gave to the skill', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
    fixture.open(AMY, BEN);
    fixture.set(BEN, 'Occupied');
    const chat = fixture.chatWith(AMY);
    fixture.transfer(chat, AMY, { skillId: BILLING });
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
  });

  it('[AVAIL3] Away is rung by nothing', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    fixture.open(AMY, BEN, CAT);
    fixture.set(BEN, 'Away');
    fixture.set(CAT, 'Occupied');
    const chat = fixture.chatWith(AMY);
    expect(
      fixture.refused<'chat.transfer'>(fixture.transferring(chat, AMY, { userId: BEN })),
    ).toEqual({
      rejected: 'agent-unavailable',
      userId: BEN,
      because: 'absent',
    });
    fixture.transfer(chat, AMY, { skillId: SALES });
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
    fixture.pass(20);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    expect(fixture.session(BEN).ringing).toEqual([]);
  });

  it('[AVAIL4] turning Away gives ringing chats back at once, the longest-ringing in front', () => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 3 })] });
    fixture.open(AMY);
    const chats = [1, 2, 3].map(() => {
      fixture.pass(1);
      return fixture.request();
    });
    const fresh = fixture.request();
    fixture.set(AMY, 'Away');
    expect(fixture.state.queues.get(`skill:${SALES}`)).toEqual([...chats, fresh]);
    expect(fixture.session(AMY).ringing).toEqual([]);
    expect(chats.map((chat) => fixture.feed(chat))).toEqual(
      chats.map(() => ['0 state waiting', '1 system 4']),
    );
    fixture.pass(30);
    expect(fixture.session(AMY).availability).toBe('Away');
  });

  it('[AVAIL5] turning Occupied lets ringing chats ring on', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chat = fixture.request();
    fixture.set(AMY, 'Occupied');
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    expect(fixture.accept(AMY)).toBe(chat);
  });

  it('[AVAIL6] setting what is set changes nothing', () => {
    const fixture = new Fixture();
    const sessionId = fixture.login(AMY);
    const { availabilitySince } = fixture.session(AMY);
    const from = fixture.journal.length;
    fixture.pass(10);
    expect(
      fixture.do<'session.setAvailability'>({
        type: 'session.setAvailability',
        sessionId,
        availability: 'Online',
      }),
    ).toEqual({ availability: 'Online', reasonId: null });
    expect(fixture.journal.length).toBe(from);
    expect(fixture.session(AMY).availabilitySince).toBe(availabilitySince);
  });

  it('[AVAIL7] turning Online brings the longest-waiting chats that fit, up to the cap', () => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 2 })] });
    fixture.open(AMY);
    fixture.set(AMY, 'Away');
    const requests = [{ skill: BILLING }, {}, {}, {}];
    const [other = '', first = '', second = '', third = ''] = requests.map((request) => {
      fixture.pass(1);
      return fixture.request(request);
    });
    fixture.set(AMY, 'Online');
    expect(fixture.session(AMY).ringing).toEqual([first, second]);
    expect(fixture.places(other, third)).toEqual(['waiting', 'waiting']);
  });

  it.each(['Occupied', 'Away'] as const)('[AVAIL8] chats go on while %s', (availability) => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    fixture.set(AMY, availability);
    expect(fixture.where(chat)).toBe(`chatting ${AMY}`);
    fixture.line(chat, fixture.as(AMY), 'hello');
    fixture.line(chat, VISITOR, 'hi');
    expect(fixture.feed(chat, 4)).toEqual(['4 Amy: hello', '5 -: hi']);
  });
});
