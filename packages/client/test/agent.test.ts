import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { DEMO_BOT_CLIENT, DEMO_BOT_KEY } from '@parley/server';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { type Agent, connectAgent, type Login } from '../src/agent/index.js';
import { PlainVisitor } from './support/visitor.js';

let server: TestServer;
let agents: Agent[] = [];

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.close().catch(() => {})));
  agents = [];
});

afterAll(() => server.stop());

async function connect(login: Login = { username: 'agent1', password: DEMO_PASSWORD }, more = {}) {
  const agent = await connectAgent({
    account: DEMO_ACCOUNT,
    domainApi: server.http,
    login,
    ...more,
  });
  agents.push(agent);
  return agent;
}

it('[CLIENT1] takes a chat, answers each line of the visitor once, and ends it', async () => {
  const agent = await connect();
  const visitor = await PlainVisitor.start(server, { visitorName: 'Vera' });
  await visitor.say('one');
  const said: string[] = [];
  for await (const offer of agent.offers()) {
    const chat = await offer.accept();
    if (chat === null) continue;
    expect(chat.visitor.name).toBe('Vera');
    void (async () => {
      await visitor.say('two');
      await visitor.say('bye');
    })();
    for await (const line of chat.lines({ from: 'visitor' })) {
      said.push(line.text);
      const sent = await chat.say(`You said: ${line.text}`);
      expect(sent?.id).toBeGreaterThan(line.id);
      if (/bye/.test(line.text)) await chat.end();
    }
    break;
  }
  expect(said).toEqual(['one', 'two', 'bye']);
  expect(await visitor.texts('agent')).toEqual(said.map((text) => `You said: ${text}`));
  expect((await visitor.events()).at(-1)).toMatchObject({ state: 'ended' });
  expect(agent.connection).toEqual({ state: 'live', via: 'sse' });
});

it.each<[string, Login]>([
  ['a password', { username: 'agent1', password: DEMO_PASSWORD }],
  ['a password that is asked for', { username: 'agent1', password: async () => DEMO_PASSWORD }],
  ['an app key', DEMO_BOT_KEY],
  ['an app key of an OAuth 2 client', DEMO_BOT_CLIENT],
  ['HMAC-SHA1', { sign: 'HMAC-SHA1', ...DEMO_BOT_KEY }],
  ['HMAC-SHA256', { sign: 'HMAC-SHA256', ...DEMO_BOT_KEY }],
  ['OAuth 2', { clientId: DEMO_BOT_CLIENT.appKey, clientSecret: DEMO_BOT_CLIENT.secret }],
])('[CLIENT2] logs in by %s', async (_, login) => {
  const agent = await connect(login);
  const { loginName } = await agent.info();
  expect(loginName).toBe('username' in login ? login.username : 'bot1');
  const visitor = await PlainVisitor.start(server);
  const chat = await takeOne(agent);
  await chat.say('here');
  expect(await visitor.texts('agent')).toEqual(['here']);
  await chat.end();
});

it('[CLIENT2] logs in by a bearer that single sign-on got', async () => {
  const { bearer } = await server.login('agent1');
  const agent = await connect({ bearer });
  expect((await agent.info()).loginName).toBe('agent1');
});

async function takeOne(agent: Agent) {
  for await (const offer of agent.offers()) {
    const chat = await offer.accept();
    if (chat !== null) return chat;
  }
  throw new Error(`no chat came: ${JSON.stringify(agent.connection)}`);
}

it('[CLIENT9] reads a transcript backwards, page by page', async () => {
  const agent = await connect();
  const visitor = await PlainVisitor.start(server);
  const chat = await takeOne(agent);
  for (const text of ['one', 'two', 'three']) await visitor.say(text);
  const whole = (await chat.page()).events.map(({ id }) => id);
  expect(whole.length).toBeGreaterThan(3);
  const read: number[] = [];
  let before: number | undefined;
  for (let pages = 0; pages < 20; pages += 1) {
    const page = await chat.page({ limit: 2, ...(before === undefined ? {} : { before }) });
    expect(page.events.length).toBeLessThanOrEqual(2);
    read.unshift(...page.events.map(({ id }) => id));
    before = page.events[0]?.id;
    if (!page.hasEarlier) break;
  }
  expect(read).toEqual(whole);
  await chat.end();
});

it('[CLIENT3] serves several chats at once', async () => {
  const agent = await connect();
  const stop = new AbortController();
  const served = agent.serve(
    async (chat) => {
      for await (const line of chat.lines({ from: 'visitor' })) await chat.say(`${line.text}!`);
    },
    { concurrency: 5, signal: stop.signal },
  );
  const visitors = await Promise.all([1, 2, 3].map(() => PlainVisitor.start(server)));
  for (const [index, visitor] of visitors.entries()) await visitor.say(`hello ${index}`);
  await vi.waitFor(
    async () => {
      for (const [index, visitor] of visitors.entries()) {
        expect(await visitor.texts('agent')).toEqual([`hello ${index}!`]);
      }
    },
    { timeout: 5_000 },
  );
  for (const visitor of visitors) await visitor.end();
  stop.abort();
  await served;
});
