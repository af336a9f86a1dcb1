import { DEMO_PASSWORD, DEMO_VISITOR_KEY, ensureDemo, DEMO_ACCOUNT } from '@parley/server';
import { openSqliteStore } from '@parley/store';
import { fileURLToPath } from 'node:url';
import type { Credentials } from '../world.js';
import type { CannedAnswer } from './canned.js';
import { MeasuredServer } from './measured.js';

export async function makeAccount(directory: string, agents: number): Promise<Credentials> {
  const store = await openSqliteStore({ directory });
  await ensureDemo(store, Date.now());
  const { items } = await store.config.list(DEMO_ACCOUNT, 'user');
  const model = JSON.parse(items.find((i) => i.nameKey === 'agent1')!.data);
  const users = Array.from({ length: agents }, (_, i) => `bench${i}`);
  await store.config.write(DEMO_ACCOUNT, {
    changes: users.map((loginName) => ({
      op: 'create' as const, kind: 'user', nameKey: loginName,
      data: JSON.stringify({ ...model, loginName, maxChats: -1 }),
    })),
  });
  await store.close();
  return { account: DEMO_ACCOUNT, appKey: DEMO_VISITOR_KEY, agents: users.map((loginName) => ({ loginName, password: DEMO_PASSWORD })) };
}

const portIn = (line: unknown) => (line as { port?: number }).port;

export function startParley(directory: string): Promise<MeasuredServer> {
  return MeasuredServer.start({
    program: [fileURLToPath(new URL('./parley.js', import.meta.url)), directory],
    portIn, input: null,
  });
}

export function startBare(name: 'bare-fastify' | 'bare-http', answers: readonly CannedAnswer[]): Promise<MeasuredServer> {
  return MeasuredServer.start({
    program: [fileURLToPath(new URL(`./${name}.js`, import.meta.url))],
    portIn, input: JSON.stringify(answers),
  });
}
