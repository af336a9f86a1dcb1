import { describe, expect, it } from 'vitest';
import type { GroupReason, GroupShare } from '@parley/engine';
import { agent, AMY, BEN, CAT, DAN, EAST, SALES, SOUTH, WEST } from './account.js';
import { Fixture } from './fixture.js';

function share(agentGroupId: number, priority: number, splitPercentage: number): GroupShare {
  return { agentGroupId, priority, splitPercentage };
}

/** Sales goes to groups by these shares; Amy is West, Ben is East, Cat is South, Dan is in none. */
function fixtureOf(routing: readonly GroupShare[], maxChats = 100): Fixture {
  return new Fixture({
    users: [
      agent(AMY, { groupId: WEST, maxChats }),
      agent(BEN, { groupId: EAST, maxChats }),
      agent(CAT, { groupId: SOUTH, maxChats }),
      agent(DAN, { groupId: 1, maxChats }),
    ],
    skills: [{ id: SALES, name: 'Sales', maxWaitTime: 120, routing }],
  });
}

/** Requests that many chats, each ended as soon as it was accepted; answers who was rung. */
function serve(fixture: Fixture, count: number): number[] {
  return Array.from({ length: count }, () => {
    fixture.pass(1);
    const chat = fixture.request();
    const user = Number(fixture.where(chat).split(' ')[1]);
    fixture.accept(user);
    fixture.end(chat);
    return user;
  });
}

function tally(users: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const user of users) counts[user] = (counts[user] ?? 0) + 1;
  return counts;
}

function reasons(fixture: Fixture): (GroupReason | undefined)[] {
  return fixture.journal.flatMap(({ event }) =>
    event.type === 'chat.rang' ? [event.why.group] : [],
  );
}

describe('agent groups of a skill', () => {
  it('[SHARE1] of a better priority come first while somebody there is free', () => {
    const fixture = fixtureOf([share(EAST, 2, 100), share(WEST, 1, 100)], 1);
    fixture.open(DAN, BEN, AMY);
    const chats = [1, 2, 3, 4].map(() => fixture.request());
    expect(fixture.places(...chats)).toEqual([
      `ringing ${AMY}`,
      `ringing ${BEN}`,
      `ringing ${DAN}`,
      'waiting',
    ]);
  });

  it('[SHARE1] do not matter for a chat that waits for a named agent', () => {
    const fixture = fixtureOf([share(WEST, 1, 100)]);
    fixture.open(AMY, BEN);
    expect(fixture.where(fixture.request({ agent: BEN }))).toBe(`ringing ${BEN}`);
    expect(reasons(fixture)).toEqual([undefined]);
  });

  it('[SHARE2] of the same priority get their percentages, evenly mixed', () => {
    const fixture = fixtureOf([share(WEST, 1, 75), share(EAST, 1, 25)]);
    fixture.open(AMY, BEN);
    const rung = serve(fixture, 40);
    expect(tally(rung)).toEqual({ [AMY]: 30, [BEN]: 10 });
    for (let i = 0; i < rung.length; i += 4) {
      expect(tally(rung.slice(i, i + 4))).toEqual({ [AMY]: 3, [BEN]: 1 });
    }
  });

  it('[SHARE2] count percentages that do not add up to a hundred in proportion', () => {
    const fixture = fixtureOf([share(WEST, 1, 10), share(EAST, 1, 20)]);
    fixture.open(AMY, BEN);
    expect(tally(serve(fixture, 30))).toEqual({ [AMY]: 10, [BEN]: 20 });
  });

  it('[SHARE3] with nobody free are passed over, and get no more than their share afterwards', () => {
    const fixture = fixtureOf([share(WEST, 1, 50), share(EAST, 1, 50)]);
    fixture.open(AMY);
    expect(tally(serve(fixture, 20))).toEqual({ [AMY]: 20 });
    fixture.open(BEN);
    expect(tally(serve(fixture, 20))).toEqual({ [AMY]: 10, [BEN]: 10 });
  });

  it('[SHARE4] of 0 % get a chat only when nobody else of their priority is free', () => {
    const fixture = fixtureOf([share(WEST, 1, 0), share(EAST, 1, 100)], 1);
    fixture.open(AMY, BEN);
    const chats = [fixture.request(), fixture.request()];
    expect(fixture.places(...chats)).toEqual([`ringing ${BEN}`, `ringing ${AMY}`]);
  });

  it('[SHARE5] stand for the groups below them that are not named themselves', () => {
    const fixture = fixtureOf([share(EAST, 1, 100), share(WEST, 2, 100)]);
    fixture.open(AMY, CAT);
    expect(fixture.where(fixture.request())).toBe(`ringing ${CAT}`);
    const named = fixtureOf([share(EAST, 1, 100), share(WEST, 2, 100), share(SOUTH, 3, 100)]);
    named.open(AMY, CAT);
    expect(named.where(named.request())).toBe(`ringing ${AMY}`);
  });

  it('[SHARE6] share among their agents by load and idle time', () => {
    const fixture = new Fixture({
      users: [
        agent(AMY, { groupId: WEST, maxChats: 4 }),
        agent(BEN, { groupId: WEST, maxChats: 4 }),
        agent(CAT, { groupId: EAST, maxChats: 4 }),
      ],
      skills: [{ id: SALES, name: 'Sales', maxWaitTime: 120, routing: [share(WEST, 1, 100)] }],
    });
    fixture.open(CAT, AMY, BEN);
    const chats = [1, 2, 3, 4].map(() => fixture.request());
    expect(fixture.places(...chats)).toEqual([
      `ringing ${AMY}`,
      `ringing ${BEN}`,
      `ringing ${AMY}`,
      `ringing ${BEN}`,
    ]);
  });

  it('[SHARE7] are recorded as the reason of the ring', () => {
    const fixture = fixtureOf([share(WEST, 1, 60), share(EAST, 1, 40), share(1, 2, 100)], 1);
    fixture.open(AMY, CAT, DAN);
    for (let i = 0; i < 3; i += 1) fixture.request();
    expect(reasons(fixture)).toEqual([
      {
        agentGroupId: WEST,
        priority: 1,
        among: [
          { agentGroupId: WEST, splitPercentage: 60 },
          { agentGroupId: EAST, splitPercentage: 40 },
        ],
      },
      { agentGroupId: EAST, priority: 1 },
      { agentGroupId: 1, priority: 2 },
    ]);
  });

  it('[SHARE8] keep their account over a restart', () => {
    const fixture = fixtureOf([share(WEST, 1, 50), share(EAST, 1, 50)]);
    fixture.open(AMY, BEN);
    expect(serve(fixture, 1)).toEqual([AMY]);
    fixture.restart();
    expect(serve(fixture, 2)).toEqual([BEN, AMY]);
  });

  it('[CONF7] a changed share counts from the next chat on', () => {
    const fixture = fixtureOf([share(WEST, 1, 100), share(EAST, 2, 100)]);
    fixture.open(AMY, BEN);
    expect(fixture.where(fixture.request())).toBe(`ringing ${AMY}`);
    fixture.changeSkill(SALES, { routing: [share(EAST, 1, 100)] });
    expect(fixture.where(fixture.request())).toBe(`ringing ${BEN}`);
  });
});

describe('a skill that keeps its chats', () => {
  const fixture = () =>
    new Fixture({
      users: [agent(AMY, { skillIds: [SALES, 20] }), agent(BEN, { skillIds: [SALES, 20] })],
      skills: [
        { id: SALES, name: 'Sales', maxWaitTime: 120, canTransfer: false },
        { id: 20, name: 'Billing', maxWaitTime: 60 },
      ],
    });

  it('[XFER13] lets them go to no other skill, and back into its own queue', () => {
    const sales = fixture();
    sales.open(AMY);
    const chat = sales.chatWith(AMY);
    sales.open(BEN);
    expect(sales.refused<'chat.transfer'>(sales.transferring(chat, AMY, { skillId: 20 }))).toEqual({
      rejected: 'skill-unavailable',
      skillId: 20,
      because: 'kept',
    });
    sales.transfer(chat, AMY, { skillId: SALES });
    expect(sales.where(chat)).toBe(`ringing ${BEN}`);
  });

  it('[XFER13] lets them go to an agent', () => {
    const sales = fixture();
    sales.open(AMY);
    const chat = sales.chatWith(AMY);
    sales.open(BEN);
    sales.transfer(chat, AMY, { userId: BEN });
    expect(sales.where(chat)).toBe(`ringing ${BEN}`);
  });
});
