import { describe, expect, it } from 'vitest';
import { serviceOf } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, DAN, SALES } from './account.js';
import { VISITOR, Fixture } from './fixture.js';

const TEAM = {
  users: [
    agent(AMY),
    agent(BEN, { skillIds: [BILLING] }),
    agent(CAT, { skillIds: [SALES, BILLING] }),
    agent(DAN, { enabled: false }),
  ],
};

/** Amy chats; who else is there is up to the test. */
function begin(): { fixture: Fixture; chat: string } {
  const fixture = new Fixture(TEAM);
  fixture.open(AMY);
  const chat = fixture.chatWith(AMY);
  fixture.pass(1);
  return { fixture, chat };
}

describe('transfer to a skill', () => {
  it('[XFER1] says so and queues the chat there, ahead of unserved ones', () => {
    const { fixture, chat } = begin();
    fixture.open(BEN);
    const busy = fixture.chatWith(BEN, { skill: BILLING });
    const fresh = fixture.request({ skill: BILLING });
    fixture.pass(1);
    fixture.transfer(chat, AMY, { skillId: BILLING });
    expect(fixture.feed(chat, 4)).toEqual(['4 system 15', '5 state waiting']);
    expect(fixture.lastSystemLine(chat).text).toBe('You are being transferred to Billing.');
    expect(fixture.chat(chat).skillId).toBe(BILLING);
    expect(fixture.state.queues.get(`skill:${BILLING}`)).toEqual([chat, fresh]);
    fixture.end(busy);
    expect(fixture.places(chat, fresh)).toEqual([`ringing ${BEN}`, 'waiting']);
    fixture.accept(BEN);
    expect(fixture.feed(chat, 6)).toEqual(['6 state chatting', '7 system 3']);
  });

  it('[XFER2] does not ring the giver while another has the skill', () => {
    const { fixture, chat } = begin();
    fixture.open(CAT);
    const busy = fixture.chatWith(CAT);
    fixture.transfer(chat, AMY, { skillId: SALES });
    expect(fixture.where(chat)).toBe('waiting');
    fixture.set(CAT, 'Occupied');
    expect(fixture.where(chat)).toBe('waiting');
    fixture.login(AMY);
    expect(fixture.where(chat)).toBe('waiting');
    fixture.end(busy);
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
  });

  it.each([
    ['turns Away', (fixture: Fixture) => fixture.set(CAT, 'Away')],
    ['logs out', (fixture: Fixture) => fixture.close(CAT, 'deleted')],
    ['does not answer', (fixture: Fixture) => fixture.pass(20)],
    ['loses the skill', (fixture: Fixture) => fixture.reconfigure(CAT, { skillIds: [] })],
  ])('[XFER3] rings the giver again when the only other %s', (_, leave) => {
    const { fixture, chat } = begin();
    fixture.open(CAT);
    fixture.transfer(chat, AMY, { skillId: SALES });
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
    leave(fixture);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[XFER3] does not ring a giver who is Occupied', () => {
    const { fixture, chat } = begin();
    fixture.open(CAT);
    fixture.transfer(chat, AMY, { skillId: SALES });
    fixture.set(AMY, 'Occupied');
    fixture.set(CAT, 'Away');
    expect(fixture.where(chat)).toBe('waiting');
    fixture.set(AMY, 'Online');
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[XFER4] is refused when nobody else there has the skill', () => {
    const { fixture, chat } = begin();
    const refusal = (skillId: number) =>
      fixture.refused<'chat.transfer'>(fixture.transferring(chat, AMY, { skillId }));
    const refused = (skillId: number, because: string) =>
      ({ rejected: 'skill-unavailable', skillId, because }) as const;
    expect(refusal(99)).toEqual(refused(99, 'unknown'));
    expect(refusal(BILLING)).toEqual(refused(BILLING, 'nobody'));
    fixture.open(CAT);
    fixture.set(CAT, 'Away');
    expect(refusal(SALES)).toEqual(refused(SALES, 'nobody'));
    expect(fixture.where(chat)).toBe(`chatting ${AMY}`);
    fixture.set(CAT, 'Occupied');
    fixture.transfer(chat, AMY, { skillId: SALES });
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
  });
});

describe('transfer to an agent', () => {
  it('[XFER5] rings that agent only, for 20 s', () => {
    const { fixture, chat } = begin();
    fixture.open(CAT, BEN);
    fixture.transfer(chat, AMY, { userId: BEN });
    expect(fixture.feed(chat, 4)).toEqual(['4 system 13', '5 state waiting']);
    expect(fixture.lastSystemLine(chat).text).toBe('You are being transferred to Ben.');
    expect(serviceOf(fixture.chat(chat))).toMatchObject({
      name: 'ringing',
      userId: BEN,
      offer: { until: fixture.now + 20_000 },
    });
    expect(fixture.chat(chat).skillId).toBe(SALES);
    fixture.accept(BEN);
    expect(fixture.feed(chat, 6)).toEqual(['6 state chatting', '7 system 3']);
  });

  it.each([
    ['does not answer', (fixture: Fixture) => fixture.pass(20)],
    ['turns Away', (fixture: Fixture) => fixture.set(BEN, 'Away')],
    ['is lost', (fixture: Fixture) => fixture.close(BEN)],
  ])("[XFER6] falls back to the chat's own skill when that agent %s", (_, leave) => {
    const { fixture, chat } = begin();
    fixture.open(BEN, CAT);
    const busy = fixture.chatWith(CAT);
    fixture.transfer(chat, AMY, { userId: BEN });
    const fresh = fixture.request({ skill: BILLING });
    fixture.set(AMY, 'Occupied');
    const unserved = fixture.request();
    leave(fixture);
    expect(fixture.state.queues.get(`skill:${SALES}`)).toEqual([chat, unserved]);
    fixture.set(AMY, 'Online');
    expect(fixture.places(chat, unserved, fresh)).toEqual(['waiting', `ringing ${AMY}`, 'waiting']);
    fixture.end(busy);
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
  });

  it('[XFER6] falls back to anybody when the chat has no skill', () => {
    const fixture = new Fixture(TEAM);
    fixture.open(AMY, BEN);
    const chat = fixture.chatWith(AMY, { agent: AMY });
    fixture.transfer(chat, AMY, { userId: BEN });
    fixture.open(CAT);
    fixture.pass(20);
    expect(fixture.session(BEN).availability).toBe('Away');
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
    fixture.pass(20);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[XFER7] may go above the cap by one, not by two', () => {
    const fixture = new Fixture({
      users: [agent(AMY, { maxChats: 3 }), agent(BEN, { maxChats: 1 }), agent(CAT)],
    });
    fixture.open(AMY);
    const chats = [fixture.chatWith(AMY), fixture.chatWith(AMY), fixture.chatWith(AMY)];
    fixture.open(BEN);
    fixture.chatWith(BEN);
    const [first = '', second = ''] = chats;
    fixture.transfer(first, AMY, { userId: BEN });
    expect(fixture.where(first)).toBe(`ringing ${BEN}`);
    const refused = () =>
      fixture.refused<'chat.transfer'>(fixture.transferring(second, AMY, { userId: BEN }));
    expect(refused()).toEqual({ rejected: 'agent-unavailable', userId: BEN, because: 'full' });
    fixture.accept(BEN);
    expect(refused()).toEqual({ rejected: 'agent-unavailable', userId: BEN, because: 'full' });
    expect(fixture.session(BEN).chatting).toHaveLength(2);
    const fresh = fixture.request();
    fixture.end(first);
    expect(fixture.where(fresh)).toBe(`ringing ${AMY}`);
    expect(fixture.session(BEN).ringing).toEqual([]);
    fixture.transfer(second, AMY, { userId: BEN });
    expect(fixture.where(second)).toBe(`ringing ${BEN}`);
  });

  it('[XFER7] reaches an agent whom routing gives nothing', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { maxChats: 0 })] });
    fixture.open(AMY, BEN);
    const chat = fixture.chatWith(AMY);
    fixture.transfer(chat, AMY, { userId: BEN });
    expect(fixture.accept(BEN)).toBe(chat);
  });

  it('[XFER8] is refused when that agent is not there', () => {
    const { fixture, chat } = begin();
    fixture.open(CAT);
    fixture.set(CAT, 'Away');
    for (const [userId, because] of [
      [CAT, 'absent'],
      [BEN, 'absent'],
      [DAN, 'unknown'],
      [99, 'unknown'],
      [AMY, 'giver'],
    ] as const) {
      expect(fixture.refused<'chat.transfer'>(fixture.transferring(chat, AMY, { userId }))).toEqual(
        {
          rejected: 'agent-unavailable',
          userId,
          because,
        },
      );
    }
    expect(fixture.where(chat)).toBe(`chatting ${AMY}`);
    fixture.set(CAT, 'Occupied');
    fixture.transfer(chat, AMY, { userId: CAT });
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
  });
});

describe('transfer', () => {
  it.each([
    ['a skill', { skillId: BILLING }],
    ['an agent', { userId: CAT }],
  ])('[XFER9] to %s passes its text on to agents alone', (_, to) => {
    const { fixture, chat } = begin();
    fixture.open(CAT);
    fixture.transfer(chat, AMY, to, 'wants a refund');
    fixture.accept(CAT);
    expect(fixture.feed(chat, 5)).toEqual([
      '5 state waiting',
      '6 (Amy: wants a refund)',
      '7 state chatting',
      '8 system 3',
    ]);
    expect(fixture.chat(chat).feed[6]).toMatchObject({ source: 'agent', subType: 'ONLY_TO_REP' });
    expect(fixture.visitorFeed(chat, 5)).toEqual([
      '5 state waiting',
      '7 state chatting',
      '8 system 3',
    ]);
  });

  it('[XFER10, XFER14] closes the chat to who gave it away, who reads where it is', () => {
    const { fixture, chat } = begin();
    fixture.open(CAT);
    const cat = { userId: CAT, nickname: 'Cat' };
    fixture.transfer(chat, AMY, { userId: CAT });
    for (const [go, whereabouts] of [
      [() => {}, { is: 'ringing', ...cat }],
      [() => fixture.accept(CAT), { is: 'chatting', ...cat }],
      // A newer session of the same agent is the same agent.
      [() => fixture.login(AMY), { is: 'chatting', ...cat }],
      [() => fixture.close(AMY), { is: 'chatting', ...cat }],
      [() => fixture.login(AMY), { is: 'chatting', ...cat }],
      [() => fixture.end(chat), { is: 'ended', with: cat }],
    ] as const) {
      go();
      if (!fixture.state.sessionOfUser.has(AMY)) continue;
      expect(fixture.canSee(AMY, chat)).toBe(false);
      const from = fixture.as(AMY);
      const elsewhere = { rejected: 'chat-elsewhere', chatId: chat, whereabouts };
      const whisper = fixture.saying(chat, from, 'one more thing', { subType: 'ONLY_TO_REP' });
      expect(fixture.refused<'chat.addLine'>(whisper)).toEqual(elsewhere);
      expect(fixture.refused<'chat.end'>({ type: 'chat.end', chatId: chat, from })).toEqual(
        elsewhere,
      );
      expect(
        fixture.refused<'chat.read'>({ type: 'chat.read', chatId: chat, from, read: 1 }),
      ).toEqual(elsewhere);
      expect(
        fixture.refused<'chat.transfer'>(fixture.transferring(chat, AMY, { skillId: SALES })),
      ).toEqual(elsewhere);
    }
  });

  it('[XFER14] who lost a chat reads what it waits for', () => {
    const { fixture, chat } = begin();
    fixture.open(CAT);
    fixture.set(CAT, 'Away');
    fixture.open(BEN);
    fixture.transfer(chat, AMY, { skillId: BILLING });
    fixture.set(BEN, 'Away');
    const refusal = () => {
      fixture.tick();
      return fixture.refused<'chat.addLine'>(fixture.saying(chat, fixture.as(AMY), 'hello?'));
    };
    expect(refusal()).toMatchObject({ whereabouts: { is: 'waiting', for: 'Billing' } });
  });

  it('[XFER14] whose session was lost reads it in the next one', () => {
    const { fixture, chat } = begin();
    fixture.open(CAT);
    fixture.close(AMY, 'lost');
    fixture.accept(CAT);
    fixture.open(AMY);
    expect(
      fixture.refused<'chat.addLine'>(fixture.saying(chat, fixture.as(AMY), 'I am back')),
    ).toMatchObject({ rejected: 'chat-elsewhere', whereabouts: { is: 'chatting', userId: CAT } });
  });

  it('[XFER14] for 30 minutes, whatever becomes of the clock; an agent who never had it reads nothing', () => {
    const { fixture, chat } = begin();
    fixture.open(CAT, BEN);
    fixture.transfer(chat, AMY, { userId: CAT });
    fixture.accept(CAT);
    const by = (userId: number) =>
      fixture.refused<'chat.addLine'>(fixture.saying(chat, fixture.as(userId), 'hello?')).rejected;
    expect([by(AMY), by(BEN)]).toEqual(['chat-elsewhere', 'unknown-chat']);
    const hour = 60 * 60_000;
    fixture.now += hour;
    fixture.do<'clock.moved'>({ type: 'clock.moved', by: hour });
    fixture.pass(30 * 60 - 1);
    expect(by(AMY)).toBe('chat-elsewhere');
    fixture.pass(1);
    expect([by(AMY), by(BEN)]).toEqual(['unknown-chat', 'unknown-chat']);
  });

  it('[XFER14] who gets the chat back has it', () => {
    const { fixture, chat } = begin();
    fixture.open(CAT);
    fixture.transfer(chat, AMY, { userId: CAT });
    fixture.accept(CAT);
    fixture.transfer(chat, CAT, { userId: AMY });
    fixture.accept(AMY);
    fixture.do<'chat.addLine'>(fixture.saying(chat, fixture.as(AMY), 'here I am again'));
    expect(
      fixture.refused<'chat.addLine'>(fixture.saying(chat, fixture.as(CAT), 'me too')),
    ).toMatchObject({ rejected: 'chat-elsewhere', whereabouts: { is: 'chatting', userId: AMY } });
  });

  it.each([
    ['a skill', { skillId: SALES }],
    ['an agent', { userId: CAT }],
  ])('[XFER11] to %s makes room for the next chat', (_, to) => {
    const { fixture, chat } = begin();
    fixture.open(CAT);
    const busy = fixture.chatWith(CAT);
    const next = fixture.request();
    fixture.transfer(chat, AMY, to);
    expect(fixture.places(busy, next)).toEqual([`chatting ${CAT}`, `ringing ${AMY}`]);
  });

  it('[XFER12] is for the chatting agent, while the chat lasts', () => {
    const { fixture, chat } = begin();
    fixture.open(CAT, BEN);
    const refused = (chatId: string, by: number) =>
      fixture.refused<'chat.transfer'>(fixture.transferring(chatId, by, { userId: BEN }));
    expect(refused(chat, CAT)).toEqual({ rejected: 'unknown-chat', chatId: chat });
    const ringing = fixture.request();
    expect(refused(ringing, CAT)).toEqual({ rejected: 'unknown-chat', chatId: ringing });
    fixture.end(chat, VISITOR);
    expect(refused(chat, AMY)).toEqual({ rejected: 'chat-ended', chatId: chat });
  });
});
