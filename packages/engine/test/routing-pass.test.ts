import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountCommand,
  type AccountConfig,
  type AccountEvent,
  type AccountState,
  type CommandType,
  evolve,
  execute,
  initialState,
  SYSTEM,
} from '@parley/engine';
import { RoutingPass } from '../src/routing/pass.js';
import { accountConfig, agent, NOTHING_KNOWN, SALES } from './account.js';
import { routeNext } from './model/naive-routing.js';
import { restored } from './restored.js';

const NOW = Date.UTC(2026, 0, 5, 12);

const staff = (...maxChats: readonly number[]) =>
  fc.array(
    fc.record({
      maxChats: fc.constantFrom(...maxChats),
      skillIds: fc.subarray([1, 2, 3]),
      groupId: fc.constantFrom(1, 2),
    }),
    { minLength: 6, maxLength: 6 },
  );

const user = fc.integer({ min: 1, max: 6 });
const step = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), skill: fc.constantFrom(null, 1, 2, 3), of: user }),
  fc.record({ do: fc.constant('ask for' as const), of: user }),
  fc.record({ do: fc.constant('come' as const), of: user }),
  fc.record({ do: fc.constant('accept' as const), of: user }),
  fc.record({ do: fc.constant('give away' as const), of: user, skill: fc.constantFrom(1, 2, 3) }),
  fc.record({
    do: fc.constant('turn' as const),
    of: user,
    to: fc.constantFrom('Online' as const, 'Occupied' as const, 'Away' as const),
  }),
);

const steps = fc.array(step, { minLength: 30, maxLength: 80 });

function configOf(staff: readonly Partial<ReturnType<typeof agent>>[]): AccountConfig {
  const skills = [1, 2, 3].map((id) => ({
    id,
    name: `skill ${id}`,
    maxWaitTime: 600,
    routing:
      id === 3
        ? [
            { agentGroupId: 1, priority: 1, splitPercentage: 70 },
            { agentGroupId: 2, priority: 1, splitPercentage: 30 },
          ]
        : [],
  }));
  return accountConfig({ users: staff.map((facts, index) => agent(index + 1, facts)), skills });
}

/** Everything that is given out, by one way of finding out what is next. */
function given(
  state: AccountState,
  next: (state: AccountState) => AccountEvent | null,
): readonly AccountEvent[] {
  const events: AccountEvent[] = [];
  for (let event = next(state); event !== null; event = next(state)) {
    evolve(state, event, NOW + 1_000);
    events.push(event);
    if (events.length > 1_000) throw new Error('it goes on for ever');
  }
  return events;
}

describe('a routing pass', () => {
  it('[ROUTE20] gives out what looking at everything anew for every ring would, in that order', () => {
    let rings = 0;
    fc.assert(
      fc.property(staff(0, 1, 2), steps, staff(-1, 1, 2, 4), (before, done, after) => {
        const state = initialState();
        const config = configOf(before);
        let chats = 0;
        const run = (command: AccountCommand, newId?: string) =>
          carryOut(state, config, command, newId);
        for (const { id } of config.users.values()) open(state, config, id);
        for (const at of done) {
          const sessionId = `s${at.of}`;
          const session = state.sessions.get(sessionId);
          if (at.do === 'come') {
            if (session === undefined) {
              open(state, config, at.of);
            }
          } else if (at.do === 'ask' || at.do === 'ask for') {
            chats += 1;
            run(
              {
                type: 'chat.request',
                skillId: at.do === 'ask' ? at.skill : null,
                forUserId: at.do === 'ask for' ? at.of : null,
                maxWait: null,
                timeout: null,
                visitor: NOTHING_KNOWN,
                preChatLines: [],
              },
              `c${chats}`,
            );
          } else if (session !== undefined && at.do === 'accept') {
            run({ type: 'session.accept', sessionId });
          } else if (session !== undefined && at.do === 'turn') {
            run({ type: 'session.setAvailability', sessionId, availability: at.to });
          } else if (session !== undefined && at.do === 'give away') {
            const [chatId] = session.chatting;
            if (chatId === undefined) continue;
            run({
              type: 'chat.transfer',
              chatId,
              sessionId,
              to: { skillId: at.skill },
              text: null,
            });
          }
        }
        // Others have room now, and other skills: there may be much to give out at once.
        const now = configOf(after);
        const pass = new RoutingPass(state, now, NOW + 1_000);
        const naively = given(restored(state), (copy) => routeNext(copy, now, NOW + 1_000));
        expect(given(state, () => pass.next())).toEqual(naively);
        rings += naively.length;
      }),
      { numRuns: 400 },
    );
    expect(rings).toBeGreaterThan(1_000);
  });

  it('[ROUTE20] with 1,000 chats in 500 queues and 200 busy agents, one who comes costs no stall', () => {
    const skills = Array.from({ length: 500 }, (_, n) => SALES + n);
    const everybody = Array.from({ length: 201 }, (_, n) =>
      agent(n + 1, { maxChats: n < 200 ? 5 : -1, skillIds: skills }),
    );
    const config = accountConfig({
      users: everybody,
      skills: skills.map((id) => ({ id, name: `skill ${id}`, maxWaitTime: 600 })),
    });
    const state = initialState();
    for (const { id } of everybody.slice(0, 200)) open(state, config, id);
    for (let n = 0; n < 2_000; n += 1) {
      const chat: AccountEvent = {
        type: 'chat.requested',
        chatId: `c${n}`,
        skillId: SALES + (n % 500),
        forUserId: null,
        visitor: { ...NOTHING_KNOWN, visitorId: `v${n}` },
        timeout: 600,
        maxWait: 36_000,
        feed: [{ id: 0, at: NOW, type: 'state', state: 'waiting' }],
      };
      evolve(state, chat, NOW);
    }
    carryOut(state, config, { type: 'config.changed' });
    const last = everybody.length;
    open(state, config, last);
    const rings: number[] = [];
    const costs: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const turn = (availability: 'Away' | 'Online') => {
        const before = process.cpuUsage();
        const sessionId = `s${last}`;
        const turned = { type: 'session.setAvailability', sessionId, availability } as const;
        const outcome = carryOut(state, config, turned);
        const { user, system } = process.cpuUsage(before);
        costs.push((user + system) / 1_000);
        return outcome.events.filter(({ type }) => type === 'chat.rang').length;
      };
      turn('Away');
      rings.push(turn('Online'));
    }
    expect(rings).toEqual(Array.from({ length: 8 }, () => 100));
    // The time of the processor, and the least: what else runs on the machine does not count.
    const online = costs.filter((_, index) => index % 2 === 1);
    expect(Math.min(...online)).toBeLessThan(10);
  });
});

function open(state: AccountState, config: AccountConfig, userId: number): void {
  carryOut(state, config, { type: 'session.open', userId, cookieHash: null }, `s${userId}`);
}

function carryOut(
  state: AccountState,
  config: AccountConfig,
  command: AccountCommand,
  newId?: string,
) {
  const envelope = { command, actor: SYSTEM, now: NOW + 1_000 };
  return execute<CommandType>(
    state,
    config,
    newId === undefined ? envelope : { ...envelope, newId },
  );
}
