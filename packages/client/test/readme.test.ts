/** Every program in the README runs as it stands there, against a server with demo data. */
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { connectAgent } from '../src/agent/index.js';
import { PlainVisitor } from './support/visitor.js';
import { Readme } from './support/readme.js';

const readme = new Readme(fileURLToPath(new URL('..', import.meta.url)));
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(() => readme.stop());

afterAll(() => server.stop());

it('[CLIENT50] the first agent and its visitor talk', { timeout: 40_000 }, async () => {
  const agent = readme.run('agent', server.http);
  await agent.printed('Online.');
  const visitor = readme.run('visitor', server.http);
  expect(await visitor.exited, visitor.output).toBe(0);
  expect(visitor.output).toContain('Vera: Hello!\n');
  expect(visitor.output).toContain('You said: Hello!\n');
  expect(visitor.output).toContain('You said: Bye.\n');
  expect(agent.output).toContain('Chatting with Vera.');
});

it('[CLIENT50] the loop over offers takes one chat', { timeout: 40_000 }, async () => {
  const visitor = await PlainVisitor.start(server, { visitorName: 'Vera' });
  const agent = readme.run('offers', server.http);
  await vi.waitFor(async () => expect(await visitor.texts('agent')).toHaveLength(1), 15_000);
  expect(await visitor.texts('agent')).toEqual(['Hello Vera, what can I do for you?']);
  await visitor.say('Nothing');
  expect(await agent.exited, agent.output).toBe(0);
  expect((await visitor.events()).at(-1)).toMatchObject({ state: 'ended' });
});

it('[CLIENT50] the connection is reported', { timeout: 40_000 }, async () => {
  const agent = readme.run('connection', server.http);
  expect(await agent.exited, agent.output).toBe(0);
  expect(agent.output.trimEnd().split('\n').slice(-2)).toEqual(['ended', 'ended']);
});

it('[CLIENT50] a page starts a chat while somebody is there', { timeout: 40_000 }, async () => {
  const away = readme.run('page', server.http);
  expect(await away.exited, away.output).toBe(0);
  expect(away.output).toBe('');
  const agent = await connectAgent({
    account: DEMO_ACCOUNT,
    domainApi: server.http,
    login: { username: 'agent1', password: DEMO_PASSWORD },
  });
  const there = readme.run('page', server.http);
  expect(await there.exited, there.output).toBe(0);
  expect(there.output).toMatch(/^\d+$/m);
  await agent.close();
});

it('[CLIENT50] without tabs each page has a stream of its own', { timeout: 40_000 }, async () => {
  const tabs = readme.run('tabs', server.http);
  expect(await tabs.exited, tabs.output).toBe(0);
  expect(tabs.output).toBe('waiting\n');
  const agent = readme.run('agentTabs', server.http);
  expect(await agent.exited, agent.output).toBe(0);
  expect(agent.output).toBe('true\n');
});

it('[CLIENT50] an administrator makes a skill', { timeout: 40_000 }, async () => {
  const admin = readme.run('administration', server.http);
  expect(await admin.exited, admin.output).toBe(0);
  expect(admin.output).toContain('skill');
});

it('[CLIENT50] no program of the README was left out', () => {
  expect(readme.left).toEqual([]);
  expect(readme.size).toBeGreaterThan(4);
});
