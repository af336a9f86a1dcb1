import { describe, expect, it } from 'vitest';
import { serviceOf } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, DAN, SALES } from './account.js';
import { VISITOR, World } from './world.js';

const TEAM = {
  users: [
    agent(AMY),
    agent(BEN, { skillIds: [BILLING] }),
    agent(CAT, { skillIds: [SALES, BILLING] }),
    agent(DAN, { enabled: false }),
  ],
};

/** Amy chats; who else is there is up to the test. */
function begin(): { world: World; chat: string } {
  const world = new World(TEAM);
  world.open(AMY);
  const chat = world.chatWith(AMY);
  world.pass(1);
  return { world, chat };
}

describe('transfer to a skill', () => {
  it('[XFER1] says so and queues the chat there, ahead of unserved ones', () => {
    const { world, chat } = begin();
    world.open(BEN);
    const busy = world.chatWith(BEN, { skill: BILLING });
    const fresh = world.request({ skill: BILLING });
    world.pass(1);
    world.transfer(chat, AMY, { skillId: BILLING });
    expect(world.feed(chat, 4)).toEqual(['4 system 15', '5 state waiting']);
    expect(world.lastSystemLine(chat).text).toBe('You are being transferred to Billing.');
    expect(world.chat(chat).skillId).toBe(BILLING);
    expect(world.state.queues.get(`skill:${BILLING}`)).toEqual([chat, fresh]);
    world.end(busy);
    expect(world.places(chat, fresh)).toEqual([`ringing ${BEN}`, 'waiting']);
    world.accept(BEN);
    expect(world.feed(chat, 6)).toEqual(['6 state chatting', '7 system 3']);
  });

  it('[XFER2] does not ring the giver while another has the skill', () => {
    const { world, chat } = begin();
    world.open(CAT);
    const busy = world.chatWith(CAT);
    world.transfer(chat, AMY, { skillId: SALES });
    expect(world.where(chat)).toBe('waiting');
    world.set(CAT, 'Occupied');
    expect(world.where(chat)).toBe('waiting');
    world.login(AMY);
    expect(world.where(chat)).toBe('waiting');
    world.end(busy);
    expect(world.where(chat)).toBe(`ringing ${CAT}`);
  });

  it.each([
    ['turns Away', (world: World) => world.set(CAT, 'Away')],
    ['logs out', (world: World) => world.close(CAT, 'deleted')],
    ['does not answer', (world: World) => world.pass(20)],
    ['loses the skill', (world: World) => world.reconfigure(CAT, { skillIds: [] })],
  ])('[XFER3] rings the giver again when the only other %s', (_, leave) => {
    const { world, chat } = begin();
    world.open(CAT);
    world.transfer(chat, AMY, { skillId: SALES });
    expect(world.where(chat)).toBe(`ringing ${CAT}`);
    leave(world);
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[XFER3] does not ring a giver who is Occupied', () => {
    const { world, chat } = begin();
    world.open(CAT);
    world.transfer(chat, AMY, { skillId: SALES });
    world.set(AMY, 'Occupied');
    world.set(CAT, 'Away');
    expect(world.where(chat)).toBe('waiting');
    world.set(AMY, 'Online');
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[XFER4] is refused when nobody else there has the skill', () => {
    const { world, chat } = begin();
    const refusal = (skillId: number) =>
      world.refused<'chat.transfer'>(world.transferring(chat, AMY, { skillId }));
    const refused = (skillId: number, because: string) =>
      ({ rejected: 'skill-unavailable', skillId, because }) as const;
    expect(refusal(99)).toEqual(refused(99, 'unknown'));
    expect(refusal(BILLING)).toEqual(refused(BILLING, 'nobody'));
    world.open(CAT);
    world.set(CAT, 'Away');
    expect(refusal(SALES)).toEqual(refused(SALES, 'nobody'));
    expect(world.where(chat)).toBe(`chatting ${AMY}`);
    world.set(CAT, 'Occupied');
    world.transfer(chat, AMY, { skillId: SALES });
    expect(world.where(chat)).toBe(`ringing ${CAT}`);
  });
});

describe('transfer to an agent', () => {
  it('[XFER5] rings that agent only, for 20 s', () => {
    const { world, chat } = begin();
    world.open(CAT, BEN);
    world.transfer(chat, AMY, { userId: BEN });
    expect(world.feed(chat, 4)).toEqual(['4 system 13', '5 state waiting']);
    expect(world.lastSystemLine(chat).text).toBe('You are being transferred to Ben.');
    expect(serviceOf(world.chat(chat))).toMatchObject({
      name: 'ringing',
      userId: BEN,
      offer: { until: world.now + 20_000 },
    });
    expect(world.chat(chat).skillId).toBe(SALES);
    world.accept(BEN);
    expect(world.feed(chat, 6)).toEqual(['6 state chatting', '7 system 3']);
  });

  it.each([
    ['does not answer', (world: World) => world.pass(20)],
    ['turns Away', (world: World) => world.set(BEN, 'Away')],
    ['is lost', (world: World) => world.close(BEN)],
  ])("[XFER6] falls back to the chat's own skill when that agent %s", (_, leave) => {
    const { world, chat } = begin();
    world.open(BEN, CAT);
    const busy = world.chatWith(CAT);
    world.transfer(chat, AMY, { userId: BEN });
    const fresh = world.request({ skill: BILLING });
    world.set(AMY, 'Occupied');
    const unserved = world.request();
    leave(world);
    expect(world.state.queues.get(`skill:${SALES}`)).toEqual([chat, unserved]);
    world.set(AMY, 'Online');
    expect(world.places(chat, unserved, fresh)).toEqual(['waiting', `ringing ${AMY}`, 'waiting']);
    world.end(busy);
    expect(world.where(chat)).toBe(`ringing ${CAT}`);
  });

  it('[XFER6] falls back to anybody when the chat has no skill', () => {
    const world = new World(TEAM);
    world.open(AMY, BEN);
    const chat = world.chatWith(AMY, { agent: AMY });
    world.transfer(chat, AMY, { userId: BEN });
    world.open(CAT);
    world.pass(20);
    expect(world.session(BEN).availability).toBe('Away');
    expect(world.where(chat)).toBe(`ringing ${CAT}`);
    world.pass(20);
    expect(world.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[XFER7] may go above the cap by one, not by two', () => {
    const world = new World({
      users: [agent(AMY, { maxChats: 3 }), agent(BEN, { maxChats: 1 }), agent(CAT)],
    });
    world.open(AMY);
    const chats = [world.chatWith(AMY), world.chatWith(AMY), world.chatWith(AMY)];
    world.open(BEN);
    world.chatWith(BEN);
    const [first = '', second = ''] = chats;
    world.transfer(first, AMY, { userId: BEN });
    expect(world.where(first)).toBe(`ringing ${BEN}`);
    const refused = () =>
      world.refused<'chat.transfer'>(world.transferring(second, AMY, { userId: BEN }));
    expect(refused()).toEqual({ rejected: 'agent-unavailable', userId: BEN, because: 'full' });
    world.accept(BEN);
    expect(refused()).toEqual({ rejected: 'agent-unavailable', userId: BEN, because: 'full' });
    expect(world.session(BEN).chatting).toHaveLength(2);
    const fresh = world.request();
    world.end(first);
    expect(world.where(fresh)).toBe(`ringing ${AMY}`);
    expect(world.session(BEN).ringing).toEqual([]);
    world.transfer(second, AMY, { userId: BEN });
    expect(world.where(second)).toBe(`ringing ${BEN}`);
  });

  it('[XFER7] reaches an agent whom routing gives nothing', () => {
    const world = new World({ users: [agent(AMY), agent(BEN, { maxChats: 0 })] });
    world.open(AMY, BEN);
    const chat = world.chatWith(AMY);
    world.transfer(chat, AMY, { userId: BEN });
    expect(world.accept(BEN)).toBe(chat);
  });

  it('[XFER8] is refused when that agent is not there', () => {
    const { world, chat } = begin();
    world.open(CAT);
    world.set(CAT, 'Away');
    for (const [userId, because] of [
      [CAT, 'absent'],
      [BEN, 'absent'],
      [DAN, 'unknown'],
      [99, 'unknown'],
      [AMY, 'giver'],
    ] as const) {
      expect(world.refused<'chat.transfer'>(world.transferring(chat, AMY, { userId }))).toEqual({
        rejected: 'agent-unavailable',
        userId,
        because,
      });
    }
    expect(world.where(chat)).toBe(`chatting ${AMY}`);
    world.set(CAT, 'Occupied');
    world.transfer(chat, AMY, { userId: CAT });
    expect(world.where(chat)).toBe(`ringing ${CAT}`);
  });
});

describe('transfer', () => {
  it.each([
    ['a skill', { skillId: BILLING }],
    ['an agent', { userId: CAT }],
  ])('[XFER9] to %s passes its text on to agents alone', (_, to) => {
    const { world, chat } = begin();
    world.open(CAT);
    world.transfer(chat, AMY, to, 'wants a refund');
    world.accept(CAT);
    expect(world.feed(chat, 5)).toEqual([
      '5 state waiting',
      '6 (Amy: wants a refund)',
      '7 state chatting',
      '8 system 3',
    ]);
    expect(world.chat(chat).feed[6]).toMatchObject({ source: 'agent', subType: 'ONLY_TO_REP' });
    expect(world.visitorFeed(chat, 5)).toEqual([
      '5 state waiting',
      '7 state chatting',
      '8 system 3',
    ]);
  });

  it('[XFER10, XFER14] closes the chat to who gave it away, who is told where it is', () => {
    const { world, chat } = begin();
    world.open(CAT);
    const cat = { userId: CAT, nickname: 'Cat' };
    world.transfer(chat, AMY, { userId: CAT });
    for (const [go, whereabouts] of [
      [() => {}, { is: 'ringing', ...cat }],
      [() => world.accept(CAT), { is: 'chatting', ...cat }],
      // A newer session of the same agent is the same agent.
      [() => world.login(AMY), { is: 'chatting', ...cat }],
      [() => world.close(AMY), { is: 'chatting', ...cat }],
      [() => world.login(AMY), { is: 'chatting', ...cat }],
      [() => world.end(chat), { is: 'ended', with: cat }],
    ] as const) {
      go();
      if (!world.state.sessionOfUser.has(AMY)) continue;
      expect(world.canSee(AMY, chat)).toBe(false);
      const from = world.as(AMY);
      const elsewhere = { rejected: 'chat-elsewhere', chatId: chat, whereabouts };
      const whisper = world.saying(chat, from, 'one more thing', { subType: 'ONLY_TO_REP' });
      expect(world.refused<'chat.addLine'>(whisper)).toEqual(elsewhere);
      expect(world.refused<'chat.end'>({ type: 'chat.end', chatId: chat, from })).toEqual(
        elsewhere,
      );
      expect(
        world.refused<'chat.read'>({ type: 'chat.read', chatId: chat, from, read: 1 }),
      ).toEqual(elsewhere);
      expect(
        world.refused<'chat.transfer'>(world.transferring(chat, AMY, { skillId: SALES })),
      ).toEqual(elsewhere);
    }
  });

  it('[XFER14] who lost a chat is told what it waits for', () => {
    const { world, chat } = begin();
    world.open(CAT);
    world.set(CAT, 'Away');
    world.open(BEN);
    world.transfer(chat, AMY, { skillId: BILLING });
    world.set(BEN, 'Away');
    const told = () => {
      world.tick();
      return world.refused<'chat.addLine'>(world.saying(chat, world.as(AMY), 'hello?'));
    };
    expect(told()).toMatchObject({ whereabouts: { is: 'waiting', for: 'Billing' } });
  });

  it('[XFER14] whose session was lost is told in the next one', () => {
    const { world, chat } = begin();
    world.open(CAT);
    world.close(AMY, 'lost');
    world.accept(CAT);
    world.open(AMY);
    expect(
      world.refused<'chat.addLine'>(world.saying(chat, world.as(AMY), 'I am back')),
    ).toMatchObject({ rejected: 'chat-elsewhere', whereabouts: { is: 'chatting', userId: CAT } });
  });

  it('[XFER14] for 30 minutes, whatever becomes of the clock; an agent who never had it is told nothing', () => {
    const { world, chat } = begin();
    world.open(CAT, BEN);
    world.transfer(chat, AMY, { userId: CAT });
    world.accept(CAT);
    const by = (userId: number) =>
      world.refused<'chat.addLine'>(world.saying(chat, world.as(userId), 'hello?')).rejected;
    expect([by(AMY), by(BEN)]).toEqual(['chat-elsewhere', 'unknown-chat']);
    const hour = 60 * 60_000;
    world.now += hour;
    world.do<'clock.moved'>({ type: 'clock.moved', by: hour });
    world.pass(30 * 60 - 1);
    expect(by(AMY)).toBe('chat-elsewhere');
    world.pass(1);
    expect([by(AMY), by(BEN)]).toEqual(['unknown-chat', 'unknown-chat']);
  });

  it('[XFER14] who gets the chat back has it', () => {
    const { world, chat } = begin();
    world.open(CAT);
    world.transfer(chat, AMY, { userId: CAT });
    world.accept(CAT);
    world.transfer(chat, CAT, { userId: AMY });
    world.accept(AMY);
    world.do<'chat.addLine'>(world.saying(chat, world.as(AMY), 'here I am again'));
    expect(
      world.refused<'chat.addLine'>(world.saying(chat, world.as(CAT), 'me too')),
    ).toMatchObject({ rejected: 'chat-elsewhere', whereabouts: { is: 'chatting', userId: AMY } });
  });

  it.each([
    ['a skill', { skillId: SALES }],
    ['an agent', { userId: CAT }],
  ])('[XFER11] to %s makes room for the next chat', (_, to) => {
    const { world, chat } = begin();
    world.open(CAT);
    const busy = world.chatWith(CAT);
    const next = world.request();
    world.transfer(chat, AMY, to);
    expect(world.places(busy, next)).toEqual([`chatting ${CAT}`, `ringing ${AMY}`]);
  });

  it('[XFER12] is for the chatting agent, while the chat lasts', () => {
    const { world, chat } = begin();
    world.open(CAT, BEN);
    const refused = (chatId: string, by: number) =>
      world.refused<'chat.transfer'>(world.transferring(chatId, by, { userId: BEN }));
    expect(refused(chat, CAT)).toEqual({ rejected: 'unknown-chat', chatId: chat });
    const ringing = world.request();
    expect(refused(ringing, CAT)).toEqual({ rejected: 'unknown-chat', chatId: ringing });
    world.end(chat, VISITOR);
    expect(refused(chat, AMY)).toEqual({ rejected: 'chat-ended', chatId: chat });
  });
});
