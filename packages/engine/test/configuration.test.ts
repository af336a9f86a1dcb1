import { describe, expect, it } from 'vitest';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { World } from './world.js';

describe('changes of configuration', () => {
  it('[CONF1] end the session of a user who is disabled', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chat = world.chatWith(AMY);
    world.reconfigure(AMY, { enabled: false });
    expect(world.state.sessionOfUser.has(AMY)).toBe(false);
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
    expect(world.feed(chat, 4)).toEqual(['4 system 23', '5 state waiting']);
  });

  it('[CONF1] end the session of a user who is deleted', () => {
    const world = new World();
    world.open(AMY);
    const chat = world.chatWith(AMY);
    const users = new Map(world.config.users);
    users.delete(AMY);
    world.config = { ...world.config, users };
    world.do<'config.changed'>({ type: 'config.changed' });
    expect(world.state.sessions.size).toBe(0);
    expect(world.where(chat)).toBe('ended');
  });

  it('[CONF1] disabled together, users do not count as there for each other', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chats = [world.chatWith(AMY), world.chatWith(BEN)];
    const users = new Map(
      [...world.config.users].map(([id, user]) => [id, { ...user, enabled: false }]),
    );
    world.config = { ...world.config, users };
    world.do<'config.changed'>({ type: 'config.changed' });
    expect(chats.map((chat) => world.feed(chat, 4))).toEqual([
      ['4 system 6', '5 state ended'],
      ['4 system 6', '5 state ended'],
    ]);
  });

  it('[CONF1] end the session of a user who is no agent any more', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chat = world.chatWith(AMY);
    world.reconfigure(AMY, { roles: ['manager'] });
    expect(world.state.sessionOfUser.has(AMY)).toBe(false);
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
    expect(
      world.refused<'session.open'>({
        type: 'session.open',
        userId: AMY,
        cookieHash: null,
      }),
    ).toEqual({ rejected: 'unknown-user', userId: AMY });
  });

  it('[CONF2] a lower cap takes back what rings above it, and no chat', () => {
    const world = new World({
      users: [agent(AMY, { maxChats: 4 }), agent(BEN, { skillIds: [BILLING] }), agent(CAT)],
    });
    world.open(AMY);
    const chatting = [world.chatWith(AMY), world.chatWith(AMY)];
    const older = world.request();
    const younger = world.request();
    world.open(CAT);
    world.reconfigure(AMY, { maxChats: 3 });
    expect(world.places(...chatting, older, younger)).toEqual([
      `chatting ${AMY}`,
      `chatting ${AMY}`,
      `ringing ${AMY}`,
      `ringing ${CAT}`,
    ]);
    expect(world.feed(younger)).toEqual(['0 state waiting', '1 system 4']);
    world.reconfigure(AMY, { maxChats: 1 });
    expect(world.places(...chatting, older)).toEqual([
      `chatting ${AMY}`,
      `chatting ${AMY}`,
      'waiting',
    ]);
    world.end(chatting[0] ?? '');
    expect(world.where(older)).toBe('waiting');
    world.end(chatting[1] ?? '');
    expect(world.where(older)).toBe(`ringing ${AMY}`);
  });

  it('[CONF2] a lower cap leaves a transfer aimed at the agent', () => {
    const world = new World({ users: [agent(AMY), agent(BEN, { maxChats: 2 })] });
    world.open(AMY);
    const chat = world.chatWith(AMY);
    world.open(BEN);
    const first = world.chatWith(BEN);
    world.transfer(chat, AMY, { userId: BEN });
    world.reconfigure(BEN, { maxChats: 1 });
    expect(world.places(first, chat)).toEqual([`chatting ${BEN}`, `ringing ${BEN}`]);
  });

  it('[CONF3] a skill taken away takes back what rings for it', () => {
    const world = new World({
      users: [agent(AMY, { maxChats: 3, skillIds: [SALES, BILLING] })],
    });
    world.open(AMY);
    const sales = world.request();
    const billing = world.request({ skill: BILLING });
    const named = world.request({ agent: AMY, skill: SALES });
    const from = world.journal.length;
    world.reconfigure(AMY, { skillIds: [BILLING] });
    expect(world.places(sales, billing, named)).toEqual([
      'waiting',
      `ringing ${AMY}`,
      `ringing ${AMY}`,
    ]);
    expect(world.journal.slice(from).map(({ event }) => event)).toEqual([
      { type: 'chat.unrang', chatId: sales, userId: AMY, reason: 'reconfigured' },
    ]);
    world.pass(19);
    expect(world.session(AMY).availability).toBe('Online');
  });

  it('[CONF4] a higher cap or a new skill gives out what waits', () => {
    const world = new World();
    world.open(AMY);
    world.chatWith(AMY);
    const sales = world.request();
    const billing = world.request({ skill: BILLING });
    world.reconfigure(AMY, { maxChats: 3 });
    expect(world.places(sales, billing)).toEqual([`ringing ${AMY}`, 'waiting']);
    world.reconfigure(AMY, { skillIds: [BILLING] });
    expect(world.places(sales, billing)).toEqual(['waiting', `ringing ${AMY}`]);
  });

  it('[CONF5] are told to who has nobody left', () => {
    const world = new World();
    world.open(AMY);
    world.chatWith(AMY);
    const chat = world.request();
    world.pass(150);
    expect(world.feed(chat)).toEqual(['0 state waiting', '1 system 4']);
    world.reconfigure(AMY, { skillIds: [] });
    expect(world.feed(chat, 2)).toEqual(['2 system 2']);
  });

  it('[CONF6] leave alone what rings as it should', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 2 }), agent(BEN)] });
    world.open(AMY, BEN);
    const chat = world.chatWith(AMY);
    world.pass(1);
    const given = world.chatWith(BEN);
    const ringing = world.request();
    expect(world.where(ringing)).toBe(`ringing ${AMY}`);
    world.transfer(given, BEN, { userId: AMY });
    const from = world.journal.length;
    world.reconfigure(BEN, { nickname: 'Benjamin' });
    world.reconfigure(AMY, { maxChats: 3 });
    expect(world.eventTypes(from)).toEqual([]);
    expect(world.places(chat, ringing, given)).toEqual([
      `chatting ${AMY}`,
      `ringing ${AMY}`,
      `ringing ${AMY}`,
    ]);
  });
});
