import { describe, expect, it } from 'vitest';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { Fixture } from './fixture.js';

describe('changes of configuration', () => {
  it('[CONF1] end the session of a user who is disabled', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.chatWith(AMY);
    fixture.reconfigure(AMY, { enabled: false });
    expect(fixture.state.sessionOfUser.has(AMY)).toBe(false);
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
    expect(fixture.feed(chat, 4)).toEqual(['4 system 23', '5 state waiting']);
  });

  it('[CONF1] end the session of a user who is deleted', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    const users = new Map(fixture.config.users);
    users.delete(AMY);
    fixture.config = { ...fixture.config, users };
    fixture.do<'config.changed'>({ type: 'config.changed' });
    expect(fixture.state.sessions.size).toBe(0);
    expect(fixture.where(chat)).toBe('ended');
  });

  it('[CONF1] disabled together, users do not count as there for each other', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chats = [fixture.chatWith(AMY), fixture.chatWith(BEN)];
    const users = new Map(
      [...fixture.config.users].map(([id, user]) => [id, { ...user, enabled: false }]),
    );
    fixture.config = { ...fixture.config, users };
    fixture.do<'config.changed'>({ type: 'config.changed' });
    expect(chats.map((chat) => fixture.feed(chat, 4))).toEqual([
      ['4 system 6', '5 state ended'],
      ['4 system 6', '5 state ended'],
    ]);
  });

  it('[CONF1] end the session of a user who is no agent any more', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.chatWith(AMY);
    fixture.reconfigure(AMY, { roles: ['manager'] });
    expect(fixture.state.sessionOfUser.has(AMY)).toBe(false);
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
    expect(
      fixture.refused<'session.open'>({
        type: 'session.open',
        userId: AMY,
        cookieHash: null,
      }),
    ).toEqual({ rejected: 'unknown-user', userId: AMY });
  });

  it('[CONF2] a lower cap takes back what rings above it, and no chat', () => {
    const fixture = new Fixture({
      users: [agent(AMY, { maxChats: 4 }), agent(BEN, { skillIds: [BILLING] }), agent(CAT)],
    });
    fixture.open(AMY);
    const chatting = [fixture.chatWith(AMY), fixture.chatWith(AMY)];
    const older = fixture.request();
    const younger = fixture.request();
    fixture.open(CAT);
    fixture.reconfigure(AMY, { maxChats: 3 });
    expect(fixture.places(...chatting, older, younger)).toEqual([
      `chatting ${AMY}`,
      `chatting ${AMY}`,
      `ringing ${AMY}`,
      `ringing ${CAT}`,
    ]);
    expect(fixture.feed(younger)).toEqual(['0 state waiting', '1 system 4']);
    fixture.reconfigure(AMY, { maxChats: 1 });
    expect(fixture.places(...chatting, older)).toEqual([
      `chatting ${AMY}`,
      `chatting ${AMY}`,
      'waiting',
    ]);
    fixture.end(chatting[0] ?? '');
    expect(fixture.where(older)).toBe('waiting');
    fixture.end(chatting[1] ?? '');
    expect(fixture.where(older)).toBe(`ringing ${AMY}`);
  });

  it('[CONF2] a lower cap leaves a transfer aimed at the agent', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { maxChats: 2 })] });
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    fixture.open(BEN);
    const first = fixture.chatWith(BEN);
    fixture.transfer(chat, AMY, { userId: BEN });
    fixture.reconfigure(BEN, { maxChats: 1 });
    expect(fixture.places(first, chat)).toEqual([`chatting ${BEN}`, `ringing ${BEN}`]);
  });

  it('[CONF3] a skill taken away takes back what rings for it', () => {
    const fixture = new Fixture({
      users: [agent(AMY, { maxChats: 3, skillIds: [SALES, BILLING] })],
    });
    fixture.open(AMY);
    const sales = fixture.request();
    const billing = fixture.request({ skill: BILLING });
    const named = fixture.request({ agent: AMY, skill: SALES });
    const from = fixture.journal.length;
    fixture.reconfigure(AMY, { skillIds: [BILLING] });
    expect(fixture.places(sales, billing, named)).toEqual([
      'waiting',
      `ringing ${AMY}`,
      `ringing ${AMY}`,
    ]);
    expect(fixture.journal.slice(from).map(({ event }) => event)).toEqual([
      { type: 'chat.offerWithdrawn', chatId: sales, userId: AMY, reason: 'reconfigured' },
    ]);
    fixture.pass(19);
    expect(fixture.session(AMY).availability).toBe('Online');
  });

  it('[CONF4] a higher cap or a new skill gives out what waits', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    fixture.chatWith(AMY);
    const sales = fixture.request();
    const billing = fixture.request({ skill: BILLING });
    fixture.reconfigure(AMY, { maxChats: 3 });
    expect(fixture.places(sales, billing)).toEqual([`ringing ${AMY}`, 'waiting']);
    fixture.reconfigure(AMY, { skillIds: [BILLING] });
    expect(fixture.places(sales, billing)).toEqual(['waiting', `ringing ${AMY}`]);
  });

  it('[CONF5] are announced to whoever has nobody left', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    fixture.chatWith(AMY);
    const chat = fixture.request();
    fixture.pass(150);
    expect(fixture.feed(chat)).toEqual(['0 state waiting', '1 system 4']);
    fixture.reconfigure(AMY, { skillIds: [] });
    expect(fixture.feed(chat, 2)).toEqual(['2 system 2']);
  });

  it('[CONF6] leave alone what rings as it should', () => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 2 }), agent(BEN)] });
    fixture.open(AMY, BEN);
    const chat = fixture.chatWith(AMY);
    fixture.pass(1);
    const given = fixture.chatWith(BEN);
    const ringing = fixture.request();
    expect(fixture.where(ringing)).toBe(`ringing ${AMY}`);
    fixture.transfer(given, BEN, { userId: AMY });
    const from = fixture.journal.length;
    fixture.reconfigure(BEN, { nickname: 'Benjamin' });
    fixture.reconfigure(AMY, { maxChats: 3 });
    expect(fixture.eventTypes(from)).toEqual([]);
    expect(fixture.places(chat, ringing, given)).toEqual([
      `chatting ${AMY}`,
      `ringing ${AMY}`,
      `ringing ${AMY}`,
    ]);
  });
});
