import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '@parley/store';
import { Administration } from '../src/administration.js';
import {
  ConfigurationFixture,
  GROUPS,
  SKILLS,
  type ApiRecord,
  USERS,
} from './configuration-fixture.js';
import { at, DEMO_ACCOUNT } from './harness.js';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterEach(() => fixture.fixture.clear());
afterAll(() => fixture.stop());

const AGENT1 = 101;
const AGENT2 = 102;
const SALES = 11;
const SETTINGS = '/configuration/settings';

const change = (id: number, fields: Readonly<Record<string, unknown>>) =>
  fixture.require('PUT', `${USERS}/${id}`, fields);

describe('when the answer is there, a change is in force:', () => {
  it('[CFG50] a higher maxChats rings what waits', async () => {
    await change(AGENT1, { maxChats: 0 });
    const agent = await fixture.fixture.agent('agent1');
    await fixture.fixture.visitor({ skill: 'Sales' });
    expect(await agent.ringing()).toBe('0');
    await change(AGENT1, { maxChats: 5 });
    expect(await agent.ringing()).toBe('1');
    await change(AGENT1, { maxChats: 10 });
  });

  it('[CFG50] a skill taken away stops its chats, one given brings them', async () => {
    const agent = await fixture.fixture.agent('agent1');
    await change(AGENT1, { skillIds: [] });
    await fixture.fixture.visitor({ skill: 'Sales' });
    expect(await agent.ringing()).toBe('0');
    const away = await fixture.fixture.visit('GET', '/chat/availability?skill=Sales');
    expect(away.body).toEqual({ availability: false });
    await change(AGENT1, { skillIds: [SALES, 12] });
    expect(await agent.ringing()).toBe('1');
  });

  it('[CFG50] a deleted skill takes no requests', async () => {
    const { id } = await fixture.require('POST', SKILLS, { name: 'Short-lived' });
    await fixture.fixture.visitor({ skill: 'Short-lived' });
    await fixture.require('DELETE', `${SKILLS}/${id}`);
    const reply = await fixture.fixture.visit('POST', '/chat/request', {
      body: { request: { skill: 'Short-lived' } },
    });
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining('Short-lived')]);
  });

  it('[CFG51] a disabled user is out: bearer, agent session, chats', async () => {
    const { id } = await fixture.require('POST', USERS, {
      loginName: 'ann',
      passwordSh: 'parley-demo',
      skillIds: [SALES],
    });
    const { agent, visitor } = await fixture.fixture.chat({ skill: 'Sales' }, 'ann');
    const other = await fixture.fixture.agent('agent2');
    fixture.fixture.clock.advance(1000);
    await change(id, { isEnabled: false });
    expect((await agent.get()).status).toBe(401);
    expect(await other.ringing()).toBe('1');
    expect(await visitor.feed(2)).toEqual(['chatting', 'info:3', 'info:23', 'waiting']);
    await change(id, { isEnabled: true });
    // The bearer of before stays void.
    expect((await agent.get()).status).toBe(401);
    fixture.fixture.clock.advance(1000);
    expect((await fixture.fixture.server.login('ann')).userId).toBe(String(id));
  });

  it('[CFG51] a deleted user is out, and its keys with it', async () => {
    const user = await fixture.require('POST', USERS, {
      loginName: 'gone',
      passwordSh: 'parley-demo',
    });
    const key = await fixture.require('POST', '/configuration/app-keys', {
      kind: 'agent',
      userId: user.id,
    });
    const agent = await fixture.fixture.agent('gone');
    await fixture.require('DELETE', `${USERS}/${user.id}`);
    expect((await agent.get()).status).toBe(401);
    expect((await fixture.fixture.host()).state.sessionOfUser.has(user.id)).toBe(false);
    expect((await fixture.refused('GET', `/configuration/app-keys/${key.id}`))[0]).toBe(404);
  });

  it('[CFG51] who is no agent any more has no agent session any more', async () => {
    const agent = await fixture.fixture.agent('agent2');
    await change(AGENT2, { profileIds: [3] });
    expect((await agent.get()).status).toBe(404);
    const again = await agent.fixture.server.call('POST', '/agentSession', agent.credential());
    expect(again.status).toBe(403);
    await change(AGENT2, { profileIds: [2] });
  });

  it('[CFG52] a skill’s chats go to its groups by priority and percentage', async () => {
    const [west, east] = (await fixture.require('POST', GROUPS, [
      { name: 'West' },
      { name: 'East' },
    ])) as unknown as readonly { readonly id: number }[];
    await fixture.require('PUT', USERS, [
      { id: AGENT1, memberOf: { agentGroupId: west?.id } },
      { id: AGENT2, memberOf: { agentGroupId: east?.id } },
    ]);
    const one = await fixture.fixture.agent('agent1');
    const two = await fixture.fixture.agent('agent2');
    const route = (...shares: readonly (readonly [number | undefined, number, number])[]) =>
      fixture.require('PUT', `${SKILLS}/${SALES}`, {
        skillRoutingConfiguration: shares.map(([agentGroupId, priority, splitPercentage]) => ({
          agentGroupId,
          priority,
          splitPercentage,
        })),
      });
    await route([east?.id, 1, 100], [west?.id, 2, 100]);
    await fixture.fixture.visitor({ skill: 'Sales' });
    await fixture.fixture.visitor({ skill: 'Sales' });
    expect([await one.ringing(), await two.ringing()]).toEqual(['0', '2']);
    await route([east?.id, 1, 50], [west?.id, 1, 50]);
    await fixture.fixture.visitor({ skill: 'Sales' });
    await fixture.fixture.visitor({ skill: 'Sales' });
    expect([await one.ringing(), await two.ringing()]).toEqual(['1', '3']);
    await route();
  });

  it('[CFG52] a skill that keeps its chats offers no others to go to', async () => {
    await fixture.require('PUT', `${SKILLS}/${SALES}`, { canTransfer: false });
    const { chat } = await fixture.fixture.chat({ skill: 'Sales' });
    await fixture.fixture.agent('agent2');
    const offered = await chat.get('/transfer');
    expect(at(offered.body, 'transfer.skill.name')).toBe('Sales');
    const refused = await chat.post('/transfer', { transfer: { skill: { id: 12 } } });
    expect(refused.status).toBe(409);
    await fixture.require('PUT', `${SKILLS}/${SALES}`, { canTransfer: true });
    expect(at((await chat.get('/transfer')).body, 'transfer.skill.1.name')).toBe('Support');
  });

  it('[CFG53] outside of opening hours nobody is available, and new chats wait', async () => {
    // The clock says Monday, 12 o'clock.
    const hours = (from: string, to: string) => ({
      openingHours: { days: [{ weekday: 'Monday', from, to }] },
    });
    const agent = await fixture.fixture.agent('agent1');
    await fixture.require('PUT', SETTINGS, hours('14:00', '18:00'));
    const ask = async (path: string) => (await fixture.fixture.visit('GET', path)).body;
    expect(await ask('/chat/availability')).toEqual({ availability: false });
    expect(await ask('/chat/availableSlots?agent=agent1')).toEqual({ availableSlots: 0 });
    expect(await ask('/chat/estimatedWaitTime?skill=Sales')).toEqual({ estimatedWaitTime: -1 });
    expect(await ask('/chat/estimatedWaitTime?agent=agent1')).toEqual({ estimatedWaitTime: -1 });
    await fixture.fixture.visitor({ skill: 'Sales' });
    expect(await agent.ringing()).toBe('0');
    await fixture.require('PUT', SETTINGS, { nobodyOnline: { atStart: 'refuse' } });
    const refused = await fixture.fixture.visit('POST', '/chat/request', { body: { request: {} } });
    expect([refused.status, at(refused.body, 'error.internalCode')]).toEqual([409, 32]);
    await fixture.require('PUT', SETTINGS, {
      ...hours('09:00', '13:00'),
      nobodyOnline: { atStart: 'wait' },
    });
    expect(await agent.ringing()).toBe('1');
    expect(await ask('/chat/availability')).toEqual({ availability: true });
    await fixture.require('PUT', SETTINGS, { openingHours: { days: [], holidays: [] } });
  });

  it('[CFG53] a chat requested before the first minute rings with it', async () => {
    const agent = await fixture.fixture.agent('agent1');
    await fixture.require('PUT', SETTINGS, {
      openingHours: { days: [{ weekday: 'Monday', from: '12:01', to: '18:00' }] },
    });
    const visitor = await fixture.fixture.visitor({ skill: 'Sales' });
    const start = Date.parse('2024-07-01T12:01:00.000Z');
    await fixture.fixture.pass((start - fixture.fixture.clock.now()) / 1000 - 1, agent, visitor);
    expect(await agent.ringing()).toBe('0');
    await fixture.fixture.pass(1, agent, visitor);
    expect(await agent.ringing()).toBe('1');
    await fixture.require('PUT', SETTINGS, { openingHours: { days: [], holidays: [] } });
  });

  it('[CFG54] texts, time zone and times are the new ones', async () => {
    await fixture.require('PUT', SETTINGS, {
      timeZone: 'America/New_York',
      ringSeconds: 7,
      visitorTimeoutSeconds: 25,
      texts: [
        { language: 'de-DE', systemMessageId: 4, text: 'Gleich ist jemand da.' },
        { language: 'en-US', systemMessageId: 4, text: 'One moment.' },
      ],
    });
    const german = await fixture.fixture.visitor({ language: 'de-DE' });
    const english = await fixture.fixture.visitor();
    const [, hello] = await german.events();
    expect([hello?.text, hello?.time]).toEqual([
      'Gleich ist jemand da.',
      expect.stringMatching(/-04:00$/),
    ]);
    expect((await english.events())[1]?.text).toBe('One moment.');
    expect(at((await english.get('/info')).body, 'info.chatTimeout')).toBe(25);
    const agent = await fixture.fixture.agent('agent1');
    expect(await agent.ringing()).toBe('2');
    await fixture.fixture.pass(7, agent);
    expect(await agent.availability()).toBe('Away');
    await fixture.require('PUT', SETTINGS, { timeZone: 'UTC', ringSeconds: 20, texts: [] });
  });

  it('[CFG55] of changes that come together none is lost', async () => {
    const before = await fixture.revision(USERS);
    const chats = Array.from({ length: 6 }, (_, index) => index + 1);
    const [users] = [
      await fixture.require(
        'POST',
        USERS,
        chats.map((n) => ({ loginName: `many ${n}` })),
      ),
    ];
    const ids = (users as unknown as readonly { readonly id: number }[]).map(({ id }) => id);
    await Promise.all(ids.map((id, index) => change(id, { maxChats: 20 + index })));
    expect(await fixture.revision(USERS)).toBe(before + 1 + ids.length);
    const { users: known } = (await fixture.fixture.host()).config;
    expect(ids.map((id) => known.get(id)?.maxChats)).toEqual([20, 21, 22, 23, 24, 25]);
  });

  it('[CFG56] who asks for no revision is never refused for one: many writers, and another process beside them', async () => {
    const WRITERS = 12;
    const ROUNDS = 5;
    const { server } = fixture.fixture;
    // A store of its own is what another process has: it shares the files and nothing else.
    const store = await openSqliteStore({ directory: server.dataDir });
    try {
      const actor = { name: 'cli:test', from: 'here' };
      const other = new Administration(store, actor, async () => server.running.server.secrets);
      const done = { over: 0 };
      const writer = async (n: number) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const name = `at once ${n} ${round}`;
          const [path, body] = [
            [USERS, { loginName: name, passwordSh: `correct horse ${n}` }],
            [SKILLS, { name }],
            ['/configuration/app-keys', { kind: 'visitor', name }],
            [`${USERS}/${AGENT1}`, { description: name }],
          ][n % 4] as [string, object];
          const reply = await fixture.call(path.endsWith('01') ? 'PUT' : 'POST', path, body);
          expect([name, reply.status]).toEqual([name, path.endsWith('01') ? 200 : 201]);
        }
      };
      const stranger = async () => {
        while (done.over < WRITERS && made < 40) {
          await other.createSkill(DEMO_ACCOUNT, { name: `cli ${made++}` });
        }
      };
      let made = 0;
      const writers = Array.from({ length: WRITERS }, (_, n) =>
        writer(n).finally(() => {
          done.over += 1;
        }),
      );
      await Promise.all([...writers, stranger()]);
      expect(made).toBeGreaterThan(0);
      await server.running.server.accounts.refresh(DEMO_ACCOUNT);
      const [users, skills] = [await fixture.list(USERS), await fixture.list(SKILLS)];
      const named = (records: readonly ApiRecord[], field: string, start: string) =>
        records.filter((each) => String(each[field]).startsWith(start)).length;
      expect(named(users, 'loginName', 'at once')).toBe((WRITERS / 4) * ROUNDS);
      expect(named(skills, 'name', 'at once')).toBe((WRITERS / 4) * ROUNDS);
      expect(named(skills, 'name', 'cli')).toBe(made);
    } finally {
      await store.close();
    }
  }, 30_000);

  it('[CFG57] of writers that name the same revision one is served and the others get 412', async () => {
    const ifMatch = `"${await fixture.revision(SKILLS)}"`;
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        fixture.call('POST', SKILLS, { name: `matched ${n}` }, { ifMatch }),
      ),
    );
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array(7).fill(412)]);
  });
});
