import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@parley/store';
import { expect, it } from 'vitest';
import { openSecretBox } from '../src/auth/secret-key.js';
import { parseRecord } from '@parley/configuration/records/records';
import { replacement } from '@parley/configuration/records/record-changes';
import { ensureDemo } from '../src/demo.js';
import { startServer } from '../src/index.js';
import { at, DEMO_ACCOUNT, DEMO_PASSWORD, DEMO_VISITOR_KEY, startTestServer } from './harness.js';

it('[DEMO1] has two agents, a bot, a manager and an administrator, and a key for visitors', async () => {
  const server = await startTestServer();
  try {
    const { setup } = server.running.server.accounts.loaded(DEMO_ACCOUNT) ?? {};
    const users = [...(setup?.users.values() ?? [])].map((user) => [
      user.loginName,
      user.kind,
      user.roles.join('+'),
      user.skillIds.length,
    ]);
    expect(users).toEqual([
      ['agent1', 'human', 'agent', 2],
      ['agent2', 'human', 'agent', 2],
      ['bot1', 'bot', 'agent', 2],
      ['manager1', 'human', 'manager+agent', 0],
      ['admin1', 'human', 'administrator', 0],
    ]);
    for (const [name] of users) await server.login(String(name));
    expect(setup?.skillByName.values().map(({ name }) => name)).toEqual(['Sales', 'Support']);
    const base = await server.call('GET', '?v=1', { appKey: DEMO_VISITOR_KEY });
    expect(at(base.body, 'account.@id')).toBe(DEMO_ACCOUNT);
  } finally {
    await server.stop();
  }
});

it('[DEMO2] is made once: a later start keeps what became of it', async () => {
  const server = await startTestServer();
  const { store } = server.running.server;
  const { items } = await store.config.list(DEMO_ACCOUNT, 'user');
  const [agent, other] = items;
  if (agent === undefined || other === undefined) throw new Error('no users');
  const { id, revision: _, ...record } = parseRecord('user', agent);
  await store.config.write(DEMO_ACCOUNT, {
    changes: [
      replacement('user', id, { ...record, fullName: 'Somebody Else' }),
      { op: 'delete', kind: 'user', id: other.id },
    ],
  });
  const again = await server.restart();
  try {
    const { users } = again.running.server.accounts.loaded(DEMO_ACCOUNT)?.setup ?? {};
    expect(users?.get(id)?.fullName).toBe('Somebody Else');
    expect(users?.has(other.id)).toBe(false);
  } finally {
    await again.stop();
  }
});

it('[DEMO2] is completed when a stop left it half made', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-demo-'));
  const store = await openSqliteStore({ directory });
  await store.accounts.create({ id: DEMO_ACCOUNT, createdAt: 0 });
  const secrets = await openSecretBox({ dataDir: directory });
  await ensureDemo(store, 1, secrets);
  await ensureDemo(store, 2, secrets);
  expect((await store.config.list(DEMO_ACCOUNT, 'user')).items).toHaveLength(5);
  expect(await store.config.audit(DEMO_ACCOUNT, { limit: 9 })).toHaveLength(1);
  await store.close();
  await rm(directory, { recursive: true });
});

it('[DEMO3] stays on this machine, also when it is started without being called a demo', async () => {
  const server = await startTestServer();
  await server.running.close();
  const { dataDir } = server;
  const start = startServer({ dataDir, host: '0.0.0.0', httpPort: 0, httpsPort: null });
  await expect(start).rejects.toThrow(/demo account 12345678.*0\.0\.0\.0/);
  const local = await server.restart({ demo: false });
  expect((await local.login('agent1', DEMO_PASSWORD)).userId).toBe('101');
  await local.stop();
});
