/** Accounts are in memory while something of them is under way or somebody uses them, and no longer. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@parley/store';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startServer } from '../src/index.js';
import { Fixture } from './chat-fixture.js';
import { give } from './give.js';
import { call, DEMO_ACCOUNT } from './harness.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const REST_AFTER = 10 * MINUTE;

const accountsOf = (fixture: Fixture) => fixture.server.running.server.accounts;

/** Nobody asks for anything for a while. */
async function quiet(fixture: Fixture, times = 3): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    fixture.clock.advance(REST_AFTER);
    // What is due is done beside the clock.
    for (let turn = 0; turn < 40; turn += 1) await new Promise((done) => setImmediate(done));
  }
}

async function isPutAway(fixture: Fixture): Promise<void> {
  await vi.waitFor(async () => {
    await quiet(fixture, 1);
    expect(accountsOf(fixture).count).toBe(0);
    expect(await standing(fixture)).not.toBe('awake');
  });
}

function chatsOf(fixture: Fixture, visitorId: string) {
  const { projections } = fixture.server.running.server.store;
  return projections.chatsOfVisitor(DEMO_ACCOUNT, visitorId, 10);
}

async function standing(fixture: Fixture) {
  const all = await fixture.server.running.server.store.accounts.standing();
  return all.find(({ accountId }) => accountId === DEMO_ACCOUNT)?.needs ?? 'at rest';
}

describe('an account that nobody uses', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start({ restAfterMs: REST_AFTER });
  });
  afterAll(() => fixture.stop());

  it('[REST1] is put away when nothing of it is under way, and is there for the next request', async () => {
    const { bearer } = await fixture.login('agent1');
    const { agent, visitor } = await fixture.chat({ visitorId: 'rests-1' });
    await visitor.end();
    await agent.call('DELETE');
    await isPutAway(fixture);
    // The login is the one of before, and everything else is as it was.
    const session = await fixture.server.call('POST', '/agentSession?v=1&NC=true', { bearer });
    expect(session.status).toBe(201);
    expect(accountsOf(fixture).count).toBe(1);
    const path = session.headers.location ?? '';
    expect((await fixture.server.call('DELETE', path, { bearer })).status).toBe(200);
    const { visitor: returning, chat } = await fixture.chat({ visitorId: 'rests-1' });
    expect(await returning.feed()).toContain('waiting');
    await returning.end();
    await chat.agent.call('DELETE');
    expect(await chatsOf(fixture, 'rests-1')).toHaveLength(2);
  });

  it('[REST1] is not put away while somebody asks for it now and then', async () => {
    await isPutAway(fixture);
    const { accounts } = fixture.server.running.server;
    const account = await accounts.get(DEMO_ACCOUNT);
    for (let time = 0; time < 4; time += 1) {
      await quiet(fixture, 1);
      expect(accounts.loaded(DEMO_ACCOUNT)).toBe(account);
    }
  });

  it('[REST2] stays while a session is open, a chat goes on, or a mail waits', async () => {
    const { accounts } = fixture.server.running.server;
    const host = await fixture.host();
    const agent = await fixture.agent();
    const visitor = await fixture.visitor();
    const held = [agent, visitor].map(({ uri }) =>
      host.holdAlive(uri.slice(uri.lastIndexOf('/') + 1)),
    );
    await quiet(fixture);
    expect(host.state.sessions.size).toBe(1);
    expect(accounts.count).toBe(1);
    await agent.call('DELETE');
    await quiet(fixture);
    expect(accounts.count).toBe(1);
    expect(await standing(fixture)).toBe('awake');
    // Without a mail server, the transcript waits.
    const { id: chatId } = visitor;
    const mail = { email: 'vera@example.com', subject: 'Chat' };
    await give<'transcript.request'>(host, { type: 'transcript.request', chatId, ...mail }, 'm1');
    await visitor.end();
    for (const release of held) release();
    expect(host.state.outbox.size).toBe(1);
    await quiet(fixture);
    expect(accounts.count).toBe(1);
    const [mailId = ''] = host.state.outbox.keys();
    const outcome = { became: 'sent' } as const;
    await give<'transcript.settle'>(host, { type: 'transcript.settle', mailId, outcome });
    await isPutAway(fixture);
  });

  it('[REST3] is woken when something of it is due, and rests again', async () => {
    const visitor = await fixture.visitor();
    await visitor.end();
    await isPutAway(fixture);
    const due = await standing(fixture);
    expect(due).toMatchObject({ dueAt: expect.any(Number) });
    const { journal } = fixture.server.running.server.store;
    const last = async () => {
      let seq = 0;
      for (let ended = false; !ended; ) {
        const portion = await journal.read(DEMO_ACCOUNT, { after: seq, limit: 500 });
        ({ reached: seq, ended } = portion);
      }
      return seq;
    };
    const before = await last();
    // Nobody asks; the chat is forgotten all the same.
    await vi.waitFor(async () => {
      await quiet(fixture, 1);
      expect(await last()).toBeGreaterThan(before);
    });
    const { entries } = await journal.read(DEMO_ACCOUNT, { after: before, limit: 500 });
    expect(entries.map(({ type }) => type)).toContain('chats.forgotten');
    await isPutAway(fixture);
  });

  it('[REST4] keeps to retentionDays as those do that are used', async () => {
    await fixture.server.configure({ retentionDays: 1 });
    const visitor = await fixture.visitor({ preChatLines: ['a word for one day'] });
    await visitor.line('erased-when-nobody-asks');
    await visitor.end();
    await isPutAway(fixture);
    const { journal } = fixture.server.running.server.store;
    const said = async () => JSON.stringify(await journal.readChat(DEMO_ACCOUNT, visitor.id));
    expect(await said()).toContain('erased-when-nobody-asks');
    fixture.clock.advance(20 * HOUR);
    await quiet(fixture, 1);
    expect(await said()).toContain('erased-when-nobody-asks');
    fixture.clock.advance(5 * HOUR);
    await vi.waitFor(async () => {
      await quiet(fixture, 1);
      expect(await said()).not.toContain('erased-when-nobody-asks');
    });
    await isPutAway(fixture);
  });

  it('[REST5] waits for nobody: requests that come while it is put away are answered', async () => {
    const answers: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await isPutAway(fixture);
      await accountsOf(fixture).get(DEMO_ACCOUNT);
      fixture.clock.advance(REST_AFTER);
      await new Promise((done) => setImmediate(done));
      fixture.clock.advance(REST_AFTER);
      const asked = Array.from({ length: 8 }, async (_, index) => {
        for (let turn = 0; turn < index * round; turn += 1) {
          await new Promise((done) => setImmediate(done));
        }
        return fixture.visit('POST', '/chat/request', { body: { request: {} } });
      });
      for (const reply of await Promise.all(asked)) answers.push(reply.status);
      await fixture.clear();
    }
    expect(answers).toEqual(Array.from({ length: 40 }, () => 201));
  });
});

describe('a start', () => {
  it('[REST6] loads those of which something is under way, and not the others', async () => {
    const fixture = await Fixture.start({ restAfterMs: REST_AFTER });
    const { store, accounts } = fixture.server.running.server;
    for (let number = 1; number <= 120; number += 1) {
      await store.accounts.create({ id: `a${number}`, createdAt: 0 });
    }
    // A visit needs nobody until its time is over; a chat that waits needs its account.
    const visited = await accounts.get('a7');
    if (visited === null) throw new Error('there is no account a7');
    await give<'visit.see'>(visited.host, { type: 'visit.see', sessionId: 's', visitorId: 'v' });
    await fixture.visitor();
    const again = await fixture.server.restart();
    const loaded = again.running.server.accounts.all().map(({ id }) => id);
    expect(loaded).toEqual([DEMO_ACCOUNT]);
    expect(await again.running.server.store.accounts.standing()).toEqual([
      { accountId: DEMO_ACCOUNT, needs: 'awake' },
      { accountId: 'a7', needs: { dueAt: expect.any(Number) } },
    ]);
    // All the others are there when somebody asks.
    const asked = await call('GET', `${again.http}/api/account/a9/service/agentVep/baseURI.json`);
    expect(asked.status).toBe(200);
    expect((await again.running.server.accounts.get('a9'))?.id).toBe('a9');
    await again.stop();
  });

  it('[REST7] takes about as long with 10,000 accounts as with one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-many-'));
    const startOf = async (name: string) => {
      const began = performance.now();
      const dataDir = join(folder, name);
      const running = await startServer({
        ...{ dataDir, httpPort: 0, httpsPort: null, logStream: { write: () => {} } },
      });
      const ms = performance.now() - began;
      const { count } = running.server.accounts;
      await running.close();
      return { ms, count };
    };
    await makeAccounts(join(folder, 'one'), 1);
    await makeAccounts(join(folder, 'many'), 10_000);
    await startOf('one');
    const one = await startOf('one');
    const many = await startOf('many');
    await rm(folder, { recursive: true });
    expect(many.ms - one.ms).toBeLessThan(1_000);
    expect(many.count).toBe(0);
  }, 60_000);
});

/** Accounts with a user and some entries each, at rest; a server that was killed had them all. */
async function makeAccounts(directory: string, count: number): Promise<void> {
  const store = await openSqliteStore({ directory });
  const ids = Array.from({ length: count }, (_, index) => `a${index + 1}`);
  await Promise.all(
    ids.flatMap((id, index) => [
      store.accounts.create({ id, createdAt: 1 }),
      store.leases.take(id, 'killed', 3_600_000),
      ...(index % 10 === 0
        ? [
            store.config.write(id, {
              changes: [
                { op: 'create', kind: 'skill', nameKey: 'Sales', data: '{"name":"Sales"}' },
              ],
            }),
          ]
        : []),
      store.journal.append(id, [
        {
          ...{ seq: 1, at: 1, type: 'clock.moved', version: 1, chatId: null },
          data: JSON.stringify({ type: 'clock.moved', by: 1 }),
        },
      ]),
      store.accounts.rest(id, { seq: 1, dueAt: null }),
    ]),
  );
  await store.close();
}
