/** Why chats go where they go: spec/collaboration.md, WHY1 to WHY3. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type PassedOver, type Sought, soughtFor, weigh } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, DAN, SALES } from './account.js';
import { Fixture } from './fixture.js';

const BOT = 7;

/** What speaks against everybody who is weighed, by user id; undefined for who is rung. */
function against(fixture: Fixture, sought: Sought): Record<number, PassedOver | undefined> {
  const { weighed } = weigh(fixture.state, fixture.config, sought, fixture.now);
  return Object.fromEntries(weighed.map(({ userId, because }) => [userId, because]));
}

const imagined = (facts: Partial<Sought> = {}): Sought => ({
  ...{ skillId: SALES, language: null, answers: [], forUserId: null, transferredBy: null },
  ...{ served: false, ...facts },
});

it('[WHY2] says who would be rung, and what speaks against everybody else', () => {
  const fixture = new Fixture({
    users: [
      agent(AMY, { maxChats: 2 }),
      agent(BEN, { maxChats: 2 }),
      agent(CAT),
      agent(DAN),
      agent(5),
      agent(6, { skillIds: [BILLING] }),
    ],
  });
  fixture.open(BEN);
  fixture.chatWith(BEN);
  fixture.open(CAT);
  fixture.set(CAT, 'Occupied');
  fixture.open(DAN);
  fixture.set(DAN, 'Away');
  fixture.open(AMY);
  expect(against(fixture, imagined())).toEqual({
    [AMY]: undefined,
    [BEN]: 'busier',
    [CAT]: 'occupied',
    [DAN]: 'away',
    5: 'offline',
  });
  fixture.pass(1);
  expect(fixture.where(fixture.request())).toBe(`ringing ${AMY}`);
});

it('[WHY2] knows caps, groups, who gave it away, and chats that are for people', () => {
  const users = [
    agent(AMY, { groupId: 5 }),
    agent(BEN, { groupId: 6, maxChats: 3 }),
    agent(BOT, { kind: 'bot', groupId: 6 }),
  ];
  const routing = [{ agentGroupId: 5, priority: 1, splitPercentage: 100 }];
  const fixture = new Fixture({
    users,
    skills: [{ id: SALES, name: 'Sales', maxWaitTime: 60, routing }],
  });
  fixture.open(AMY, BEN, BOT);
  expect(against(fixture, imagined())).toEqual({
    [AMY]: undefined,
    [BEN]: 'group',
    [BOT]: 'group',
  });
  fixture.chatWith(AMY);
  expect(against(fixture, imagined())[AMY]).toBe('full');
  const escalated = imagined({ served: true, transferredBy: BOT, forPeople: true });
  expect(against(fixture, escalated)[BOT]).toBe('for-people');
  expect(against(fixture, imagined({ transferredBy: BEN }))[BEN]).toBe('gave-away');
});

it('[WHY1] a ring remembers by which rule it came, and whom it passed over', () => {
  const fixture = new Fixture({ users: [agent(AMY, { maxChats: 3 }), agent(BEN), agent(CAT)] });
  fixture.open(BEN, CAT);
  fixture.pass(1);
  fixture.open(AMY);
  fixture.set(CAT, 'Away');
  const chat = fixture.request();
  const [ring] = fixture.chat(chat).routed ?? [];
  expect(ring).toMatchObject({ userId: BEN, role: 'agent', why: { rule: 'queue', candidates: 2 } });
  expect(ring?.why.others?.map(({ userId, because }) => [userId, because])).toEqual([
    [CAT, 'away'],
    [AMY, 'idle-shorter'],
  ]);
  // The last five are remembered, and kept over a restart.
  for (let n = 0; n < 6; n += 1) {
    fixture.pass(20);
    fixture.set(BEN, 'Online');
    fixture.set(AMY, 'Online');
  }
  fixture.restart();
  expect(fixture.chat(chat).routed).toHaveLength(5);
});

it('[WHY3] whatever waits: who would be rung now is who is rung once somebody is free', () => {
  const step = fc.record({
    user: fc.constantFrom(AMY, BEN, CAT, BOT),
    to: fc.constantFrom('Online', 'Occupied', 'Away', 'chat', 'escalate'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const fixture = new Fixture({
        users: [
          ...[AMY, BEN, CAT].map((id) => agent(id, { maxChats: 2 })),
          agent(BOT, { kind: 'bot', maxChats: 2 }),
        ],
      });
      fixture.open(AMY, BEN, CAT, BOT);
      for (const { user, to } of steps) {
        if (to === 'chat') {
          const { userId } = weigh(fixture.state, fixture.config, imagined(), fixture.now);
          const chat = fixture.request();
          expect(fixture.where(chat)).toBe(userId === null ? 'waiting' : `ringing ${userId}`);
          if (userId !== null) fixture.accept(userId);
        } else if (to === 'escalate') {
          const [chatId] = fixture.session(user).chatting;
          if (chatId === undefined) continue;
          const { id: sessionId } = fixture.session(user);
          const give = { chatId, sessionId, skillId: null, reason: 'error', text: null } as const;
          const failed = [...new Set([...(fixture.chat(chatId).failed ?? []), user])];
          const facts = { served: true, transferredBy: user, forPeople: 'first', failed } as const;
          const sought = imagined(facts);
          const { userId: next } = weigh(fixture.state, fixture.config, sought, fixture.now);
          fixture.do<'chat.escalate'>({ type: 'chat.escalate', ...give });
          if (fixture.where(chatId) !== 'waiting') {
            // Before, the giver had it, and less room.
            if (next !== null) expect(fixture.where(chatId)).toBe(`ringing ${next}`);
            continue;
          }
          const { userId } = weigh(fixture.state, fixture.config, sought, fixture.now);
          expect(userId).toBe(null);
          expect(soughtFor(fixture.chat(chatId))).toEqual(sought);
        } else fixture.set(user, to);
        fixture.sleep(1);
        for (const session of fixture.state.sessions.values()) {
          for (let n = session.ringing.length; n > 0; n -= 1) fixture.accept(session.userId);
        }
      }
    }),
    { numRuns: 60 },
  );
});
