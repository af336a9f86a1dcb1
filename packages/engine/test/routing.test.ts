import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { World } from './world.js';

describe('routing', () => {
  it('[ROUTE1] gives the longest-waiting chat first', () => {
    const world = new World();
    const chats = [1, 2, 3].map(() => {
      world.pass(1);
      return world.request();
    });
    const served: string[] = [];
    world.open(AMY);
    for (const _ of chats) {
      served.push(world.accept(AMY));
      world.end(world.session(AMY).chatting[0] ?? '');
    }
    expect(served).toEqual(chats);
  });

  it('[ROUTE1] keeps requests of the same instant in their order', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 5 })] });
    const chats = [1, 2, 3, 4, 5].map(() => world.request());
    world.open(AMY);
    expect(world.session(AMY).ringing).toEqual(chats);
  });

  it('[ROUTE2] rings only who holds the skill', () => {
    const world = new World({ users: [agent(AMY), agent(BEN, { skillIds: [BILLING] })] });
    world.open(AMY);
    const chat = world.request({ skill: BILLING });
    expect(world.where(chat)).toBe('waiting');
    world.open(BEN);
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
  });

  it('[ROUTE2] rings anyone for a chat without a skill', () => {
    const world = new World({ users: [agent(AMY, { skillIds: [] })] });
    world.open(AMY);
    expect(world.where(world.request({ skill: null }))).toBe(`ringing ${AMY}`);
  });

  it('[ROUTE3] keeps a chat for its named agent', () => {
    const world = new World({ users: [agent(AMY), agent(BEN, { skillIds: [] })] });
    world.open(AMY);
    const chat = world.request({ agent: BEN });
    expect(world.where(chat)).toBe('waiting');
    world.open(BEN);
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
    const next = world.request({ agent: BEN });
    expect(world.places(next, world.request())).toEqual(['waiting', `ringing ${AMY}`]);
  });

  it('[ROUTE3] does not ask the named agent for the skill', () => {
    const world = new World({ users: [agent(AMY), agent(BEN, { skillIds: [] })] });
    world.open(AMY, BEN);
    expect(world.where(world.request({ agent: BEN, skill: SALES }))).toBe(`ringing ${BEN}`);
  });

  it('[ROUTE4] rings the agent with the least load for their cap', () => {
    const world = new World({
      users: [agent(AMY, { maxChats: 2 }), agent(BEN, { maxChats: 5 })],
    });
    world.open(AMY);
    world.pass(1);
    world.open(BEN);
    const rung = [1, 2, 3, 4, 5].map(() => {
      world.pass(1);
      return world.where(world.request());
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
    const world = new World({ users: [agent(AMY, { maxChats: 2 }), agent(BEN, { maxChats: 2 })] });
    world.open(AMY, BEN);
    world.chatWith(AMY);
    world.pass(1);
    expect(world.where(world.request())).toBe(`ringing ${BEN}`);
    world.pass(1);
    // One chatting here, one ringing there: Amy's came first, so she is the longer idle.
    expect(world.where(world.request())).toBe(`ringing ${AMY}`);
  });

  it('[ROUTE4] prefers an agent without a cap to one with any load', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 9 }), agent(BEN, { maxChats: -1 })] });
    world.open(AMY);
    world.pass(1);
    world.open(BEN);
    const rung = [1, 2, 3].map(() => {
      world.pass(1);
      return world.where(world.request());
    });
    expect(rung).toEqual([`ringing ${AMY}`, `ringing ${BEN}`, `ringing ${BEN}`]);
  });

  it('[ROUTE5] rings the longest idle among equally loaded agents', () => {
    const world = new World({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    for (const user of [CAT, AMY, BEN]) {
      world.open(user);
      world.pass(1);
    }
    const chats = [1, 2, 3].map(() => {
      world.pass(1);
      const chat = world.request();
      const user = Number(world.where(chat).split(' ')[1]);
      world.accept(user);
      return { chat, user };
    });
    expect(chats.map(({ user }) => user)).toEqual([CAT, AMY, BEN]);
    for (const { chat } of [...chats].reverse()) {
      world.pass(1);
      world.end(chat);
    }
    // Ben was free first, then Amy, then Cat.
    expect(world.where(world.request())).toBe(`ringing ${BEN}`);
    expect(world.where(world.request())).toBe(`ringing ${AMY}`);
    expect(world.where(world.request())).toBe(`ringing ${CAT}`);
  });

  it('[ROUTE6] never goes above the cap, chatting and ringing together', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 2 })] });
    world.open(AMY);
    world.chatWith(AMY);
    const second = world.request();
    const third = world.request();
    expect(world.places(second, third)).toEqual([`ringing ${AMY}`, 'waiting']);
    world.accept(AMY);
    expect(world.where(third)).toBe('waiting');
  });

  it('[ROUTE7] knows no cap at -1 and gives nothing at 0', () => {
    const world = new World({
      users: [agent(AMY, { maxChats: 0 }), agent(BEN, { maxChats: -1 })],
    });
    world.open(AMY);
    const chats = Array.from({ length: 50 }, () => world.request());
    expect(new Set(world.places(...chats))).toEqual(new Set(['waiting']));
    world.open(BEN);
    expect(world.session(BEN).ringing).toEqual(chats);
    expect(world.session(AMY).ringing).toEqual([]);
  });

  it.each([
    ['a chat ends', (world: World, chat: string) => world.end(chat)],
    [
      'a chat is transferred',
      (world: World, chat: string) => world.transfer(chat, AMY, { userId: CAT }),
    ],
    ['a session opens', (world: World) => world.open(BEN)],
    ['a cap is raised', (world: World) => world.reconfigure(AMY, { maxChats: 2 })],
  ])('[ROUTE8] gives out the next chat when %s', (_, change) => {
    const world = new World({ users: [agent(AMY), agent(BEN), agent(CAT, { skillIds: [] })] });
    world.open(AMY, CAT);
    const chat = world.chatWith(AMY);
    const next = world.request();
    expect(world.where(next)).toBe('waiting');
    change(world, chat);
    expect(world.where(next)).toMatch(/^ringing/);
  });

  it('[ROUTE9] says why', () => {
    const world = new World({
      users: [agent(AMY, { maxChats: 4 }), agent(BEN, { maxChats: 2 }), agent(CAT)],
    });
    world.open(AMY, BEN, CAT);
    world.set(CAT, 'Away');
    const reasons = () =>
      world.journal
        .map(({ event }) => event)
        .filter(
          (event): event is Extract<AccountEvent, { type: 'chat.rang' }> =>
            event.type === 'chat.rang',
        )
        .map(({ userId, why }) => ({ userId, ...why }));
    world.pass(3);
    world.request();
    world.pass(1);
    const chat = world.chatWith(BEN);
    world.pass(1);
    world.request({ agent: AMY });
    expect(reasons()).toEqual([
      { userId: AMY, rule: 'queue', candidates: 2, load: 0, idleMs: 3000 },
      { userId: BEN, rule: 'queue', candidates: 2, load: 0, idleMs: 4000 },
      { userId: AMY, rule: 'named-agent', candidates: 1, load: 0.25, idleMs: 2000 },
    ]);
    world.pass(2);
    world.transfer(chat, BEN, { userId: AMY });
    expect(reasons()[3]).toEqual({
      userId: AMY,
      rule: 'transfer-to-agent',
      candidates: 1,
      load: 0.5,
      idleMs: 2000,
    });
  });

  it('[ROUTE10] gives an agent of several queues the oldest request first', () => {
    const world = new World({
      users: [agent(AMY, { maxChats: 4, skillIds: [SALES, BILLING] })],
    });
    const chats = [
      { skill: BILLING },
      { skill: SALES },
      { agent: AMY },
      { skill: BILLING },
      { skill: null },
    ].map((wish) => {
      world.pass(1);
      return world.request(wish);
    });
    world.open(AMY);
    expect(world.session(AMY).ringing).toEqual(chats.slice(0, 4));
  });

  it('[ROUTE11] passes over a head that nobody free may take', () => {
    const world = new World({ users: [agent(AMY, { maxChats: 2 }), agent(BEN)] });
    world.open(AMY);
    const given = world.chatWith(AMY);
    world.open(BEN);
    world.chatWith(BEN);
    world.reconfigure(AMY, { maxChats: 1 });
    const fresh = world.request();
    expect(world.where(fresh)).toBe('waiting');
    world.transfer(given, AMY, { skillId: SALES });
    expect(world.state.queues.get(`skill:${SALES}`)).toEqual([given]);
    expect(world.places(given, fresh)).toEqual(['waiting', `ringing ${AMY}`]);
  });

  it('[ROUTE11] reaches a chat given away behind one that Occupied agents may not take', () => {
    const world = new World({ users: [agent(AMY), agent(BEN), agent(CAT)] });
    world.open(AMY);
    const given = world.chatWith(AMY);
    world.open(BEN);
    const lost = world.chatWith(BEN);
    world.open(CAT);
    const busy = world.chatWith(CAT);
    world.close(BEN);
    expect(world.where(lost)).toBe('waiting');
    world.pass(1);
    world.transfer(given, AMY, { skillId: SALES });
    expect(world.places(lost, given)).toEqual([`ringing ${AMY}`, 'waiting']);
    world.set(AMY, 'Away');
    world.set(CAT, 'Occupied');
    expect(world.places(lost, given)).toEqual(['waiting', 'waiting']);
    expect(world.state.queues.get(`skill:${SALES}`)).toEqual([lost, given]);
    world.end(busy);
    expect(world.places(lost, given)).toEqual(['waiting', `ringing ${CAT}`]);
  });

  it('[ROUTE12] refuses what is asked of an unknown skill or agent', () => {
    const world = new World({ users: [agent(AMY, { enabled: false })] });
    const refusal = (wish: Parameters<World['asking']>[0]) =>
      world.refused<'chat.request'>(world.asking(wish));
    expect(refusal({ skill: 99 })).toEqual({ rejected: 'unknown-skill', skillId: 99 });
    expect(refusal({ agent: 98 })).toEqual({ rejected: 'unknown-user', userId: 98 });
    expect(refusal({ agent: AMY })).toEqual({ rejected: 'unknown-user', userId: AMY });
    expect(world.state.chats.size).toBe(0);
  });
});
