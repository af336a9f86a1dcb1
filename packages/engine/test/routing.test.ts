import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { Fixture } from './fixture.js';

describe('routing', () => {
  it('[ROUTE1] gives the longest-waiting chat first', () => {
    const fixture = new Fixture();
    const chats = [1, 2, 3].map(() => {
      fixture.pass(1);
      return fixture.request();
    });
    const served: string[] = [];
    fixture.open(AMY);
    for (const _ of chats) {
      served.push(fixture.accept(AMY));
      fixture.end(fixture.session(AMY).chatting[0] ?? '');
    }
    expect(served).toEqual(chats);
  });

  it('[ROUTE1] keeps requests of the same instant in their order', () => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 5 })] });
    const chats = [1, 2, 3, 4, 5].map(() => fixture.request());
    fixture.open(AMY);
    expect(fixture.session(AMY).ringing).toEqual(chats);
  });

  it('[ROUTE2] rings only who holds the skill', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
    fixture.open(AMY);
    const chat = fixture.request({ skill: BILLING });
    expect(fixture.where(chat)).toBe('waiting');
    fixture.open(BEN);
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
  });

  it('[ROUTE2] rings anyone for a chat without a skill', () => {
    const fixture = new Fixture({ users: [agent(AMY, { skillIds: [] })] });
    fixture.open(AMY);
    expect(fixture.where(fixture.request({ skill: null }))).toBe(`ringing ${AMY}`);
  });

  it('[ROUTE3] keeps a chat for its named agent', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { skillIds: [] })] });
    fixture.open(AMY);
    const chat = fixture.request({ agent: BEN });
    expect(fixture.where(chat)).toBe('waiting');
    fixture.open(BEN);
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
    const next = fixture.request({ agent: BEN });
    expect(fixture.places(next, fixture.request())).toEqual(['waiting', `ringing ${AMY}`]);
  });

  it('[ROUTE3] does not ask the named agent for the skill', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN, { skillIds: [] })] });
    fixture.open(AMY, BEN);
    expect(fixture.where(fixture.request({ agent: BEN, skill: SALES }))).toBe(`ringing ${BEN}`);
  });

  it('[ROUTE4] rings the agent with the least load for their cap', () => {
    const fixture = new Fixture({
      users: [agent(AMY, { maxChats: 2 }), agent(BEN, { maxChats: 5 })],
    });
    fixture.open(AMY);
    fixture.pass(1);
    fixture.open(BEN);
    const rung = [1, 2, 3, 4, 5].map(() => {
      fixture.pass(1);
      return fixture.where(fixture.request());
    });
    // 0/2 and 0/5: Amy is longer idle. Then 1/2 against 0/5, 1/5, 2/5 and 3/5.
    expect(rung).toEqual([
      `ringing ${AMY}`,
      `ringing ${BEN}`,
      `ringing ${BEN}`,
      `ringing ${BEN}`,
      `ringing ${AMY}`,
    ]);
  });

  it('[ROUTE4] counts ringing chats as load', () => {
    const fixture = new Fixture({
      users: [agent(AMY, { maxChats: 2 }), agent(BEN, { maxChats: 2 })],
    });
    fixture.open(AMY, BEN);
    fixture.chatWith(AMY);
    fixture.pass(1);
    expect(fixture.where(fixture.request())).toBe(`ringing ${BEN}`);
    fixture.pass(1);
    // One chatting here, one ringing there: Amy's came first, so she is the longer idle.
    expect(fixture.where(fixture.request())).toBe(`ringing ${AMY}`);
  });

  it('[ROUTE4] prefers an agent without a cap to one with any load', () => {
    const fixture = new Fixture({
      users: [agent(AMY, { maxChats: 9 }), agent(BEN, { maxChats: -1 })],
    });
    fixture.open(AMY);
    fixture.pass(1);
    fixture.open(BEN);
    const rung = [1, 2, 3].map(() => {
      fixture.pass(1);
      return fixture.where(fixture.request());
    });
    expect(rung).toEqual([`ringing ${AMY}`, `ringing ${BEN}`, `ringing ${BEN}`]);
  });

  it('[ROUTE5] rings the longest idle among equally loaded agents', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    for (const user of [CAT, AMY, BEN]) {
      fixture.open(user);
      fixture.pass(1);
    }
    const chats = [1, 2, 3].map(() => {
      fixture.pass(1);
      const chat = fixture.request();
      const user = Number(fixture.where(chat).split(' ')[1]);
      fixture.accept(user);
      return { chat, user };
    });
    expect(chats.map(({ user }) => user)).toEqual([CAT, AMY, BEN]);
    for (const { chat } of [...chats].reverse()) {
      fixture.pass(1);
      fixture.end(chat);
    }
    // Ben was free first, then Amy, then Cat.
    expect(fixture.where(fixture.request())).toBe(`ringing ${BEN}`);
    expect(fixture.where(fixture.request())).toBe(`ringing ${AMY}`);
    expect(fixture.where(fixture.request())).toBe(`ringing ${CAT}`);
  });

  it('[ROUTE6] never goes above the cap, chatting and ringing together', () => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 2 })] });
    fixture.open(AMY);
    fixture.chatWith(AMY);
    const second = fixture.request();
    const third = fixture.request();
    expect(fixture.places(second, third)).toEqual([`ringing ${AMY}`, 'waiting']);
    fixture.accept(AMY);
    expect(fixture.where(third)).toBe('waiting');
  });

  it('[ROUTE7] knows no cap at -1 and gives nothing at 0', () => {
    const fixture = new Fixture({
      users: [agent(AMY, { maxChats: 0 }), agent(BEN, { maxChats: -1 })],
    });
    fixture.open(AMY);
    const chats = Array.from({ length: 50 }, () => fixture.request());
    expect(new Set(fixture.places(...chats))).toEqual(new Set(['waiting']));
    fixture.open(BEN);
    expect(fixture.session(BEN).ringing).toEqual(chats);
    expect(fixture.session(AMY).ringing).toEqual([]);
  });

  it.each([
    ['a chat ends', (fixture: Fixture, chat: string) => fixture.end(chat)],
    [
      'a chat is transferred',
      (fixture: Fixture, chat: string) => fixture.transfer(chat, AMY, { userId: CAT }),
    ],
    ['a session opens', (fixture: Fixture) => fixture.open(BEN)],
    ['a cap is raised', (fixture: Fixture) => fixture.reconfigure(AMY, { maxChats: 2 })],
  ])('[ROUTE8] gives out the next chat when %s', (_, change) => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN), agent(CAT, { skillIds: [] })] });
    fixture.open(AMY, CAT);
    const chat = fixture.chatWith(AMY);
    const next = fixture.request();
    expect(fixture.where(next)).toBe('waiting');
    change(fixture, chat);
    expect(fixture.where(next)).toMatch(/^ringing/);
  });

  it('[ROUTE9] says why', () => {
    const fixture = new Fixture({
      users: [agent(AMY, { maxChats: 4 }), agent(BEN, { maxChats: 2 }), agent(CAT)],
    });
    fixture.open(AMY, BEN, CAT);
    fixture.set(CAT, 'Away');
    const reasons = () =>
      fixture.journal
        .map(({ event }) => event)
        .filter(
          (event): event is Extract<AccountEvent, { type: 'chat.rang' }> =>
            event.type === 'chat.rang',
        )
        // Whom the ring passed over stands in weigh.test.ts.
        .map(({ userId, why: { others: _, ...why } }) => ({ userId, ...why }));
    fixture.pass(3);
    fixture.request();
    fixture.pass(1);
    const chat = fixture.chatWith(BEN);
    fixture.pass(1);
    fixture.request({ agent: AMY });
    expect(reasons()).toEqual([
      { userId: AMY, rule: 'queue', candidates: 2, load: 0, idleMs: 3000 },
      { userId: BEN, rule: 'queue', candidates: 2, load: 0, idleMs: 4000 },
      { userId: AMY, rule: 'named-agent', candidates: 1, load: 0.25, idleMs: 2000 },
    ]);
    fixture.pass(2);
    fixture.transfer(chat, BEN, { userId: AMY });
    expect(reasons()[3]).toEqual({
      userId: AMY,
      rule: 'transfer-to-agent',
      candidates: 1,
      load: 0.5,
      idleMs: 2000,
    });
  });

  it('[ROUTE10] gives an agent of several queues the oldest request first', () => {
    const fixture = new Fixture({
      users: [agent(AMY, { maxChats: 4, skillIds: [SALES, BILLING] })],
    });
    const chats = [
      { skill: BILLING },
      { skill: SALES },
      { agent: AMY },
      { skill: BILLING },
      { skill: null },
    ].map((request) => {
      fixture.pass(1);
      return fixture.request(request);
    });
    fixture.open(AMY);
    expect(fixture.session(AMY).ringing).toEqual(chats.slice(0, 4));
  });

  it('[ROUTE11] passes over a head that nobody free may take', () => {
    const fixture = new Fixture({ users: [agent(AMY, { maxChats: 2 }), agent(BEN)] });
    fixture.open(AMY);
    const given = fixture.chatWith(AMY);
    fixture.open(BEN);
    fixture.chatWith(BEN);
    fixture.reconfigure(AMY, { maxChats: 1 });
    const fresh = fixture.request();
    expect(fixture.where(fresh)).toBe('waiting');
    fixture.transfer(given, AMY, { skillId: SALES });
    expect(fixture.state.queues.get(`skill:${SALES}`)).toEqual([given]);
    expect(fixture.places(given, fresh)).toEqual(['waiting', `ringing ${AMY}`]);
  });

  it('[ROUTE11] reaches a chat given away behind one that Occupied agents may not take', () => {
    const fixture = new Fixture({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    fixture.open(AMY);
    const given = fixture.chatWith(AMY);
    fixture.open(BEN);
    const lost = fixture.chatWith(BEN);
    fixture.open(CAT);
    const busy = fixture.chatWith(CAT);
    fixture.close(BEN);
    expect(fixture.where(lost)).toBe('waiting');
    fixture.pass(1);
    fixture.transfer(given, AMY, { skillId: SALES });
    expect(fixture.places(lost, given)).toEqual([`ringing ${AMY}`, 'waiting']);
    fixture.set(AMY, 'Away');
    fixture.set(CAT, 'Occupied');
    expect(fixture.places(lost, given)).toEqual(['waiting', 'waiting']);
    expect(fixture.state.queues.get(`skill:${SALES}`)).toEqual([lost, given]);
    fixture.end(busy);
    expect(fixture.places(lost, given)).toEqual(['waiting', `ringing ${CAT}`]);
  });

  it('[ROUTE12] refuses what is asked of an unknown skill or agent', () => {
    const fixture = new Fixture({ users: [agent(AMY, { enabled: false })] });
    const refusal = (request: Parameters<Fixture['asking']>[0]) =>
      fixture.refused<'chat.request'>(fixture.asking(request));
    expect(refusal({ skill: 99 })).toEqual({ rejected: 'unknown-skill', skillId: 99 });
    expect(refusal({ agent: 98 })).toEqual({ rejected: 'unknown-user', userId: 98 });
    expect(refusal({ agent: AMY })).toEqual({ rejected: 'unknown-user', userId: AMY });
    expect(fixture.state.chats.size).toBe(0);
  });
});
