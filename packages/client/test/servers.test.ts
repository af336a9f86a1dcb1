/** The client against servers that are not Parley as it is: renamed paths, no extensions. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { type Agent, connectAgent } from '../src/agent/index.js';
import { startChat, type VisitorChat } from '../src/visitor/index.js';
import { ORIGINAL, type ChangingProxy, RENAMED, startProxy } from './support/proxy.js';

let server: TestServer;
let proxy: ChangingProxy;
let agent: Agent;
let chat: VisitorChat;

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  chat.close();
  await agent.close();
  await proxy.stop();
});

afterAll(() => server.stop());

/** Everything that the two entries do in a chat, from the first call to the last. */
async function wholeChat(cookies: 'session' | 'none'): Promise<string[]> {
  const place = { account: DEMO_ACCOUNT, domainApi: proxy.url };
  const login = { username: 'agent1', password: DEMO_PASSWORD };
  agent = await connectAgent({ ...place, login, cookies });
  chat = await startChat({
    ...place,
    appKey: DEMO_VISITOR_KEY,
    skill: 'Sales',
    visitorName: 'Ann',
  });
  expect((await agent.info()).loginName).toBe('agent1');
  expect((await agent.skills()).map(({ name }) => name)).toEqual(['Sales', 'Support']);
  expect((await agent.colleagues({ skill: 'Sales' })).map(({ userName }) => userName)).toContain(
    'agent1',
  );
  expect(await agent.availableSlots({ skill: 'Sales' })).toBeGreaterThan(0);
  for await (const offer of agent.offers()) {
    const theirs = await offer.accept();
    if (theirs === null) continue;
    await chat.setVariables({ plan: 'gold' });
    await chat.setName('Vera');
    await chat.typing(true);
    await theirs.typing(true);
    await theirs.whisper('for agents');
    await theirs.say('one');
    await chat.say('two');
    await vi.waitFor(() => expect(theirs.visitor.name).toBe('Vera'), { timeout: 5_000 });
    expect(await theirs.transferTargets()).toEqual([]);
    expect((await theirs.visit()).isInCurrentChat).toBe(true);
    expect(await theirs.customVariables()).toEqual([
      { name: 'plan', value: 'gold', displayName: 'plan' },
    ]);
    expect(await theirs.preChat()).toEqual([]);
    expect(await theirs.survey()).toBe(null);
    await chat.read(3);
    await theirs.read(3);
    await vi.waitFor(
      () => expect(chat.lines.map(({ text }) => text)).toEqual(expect.arrayContaining(['one'])),
      { timeout: 5_000 },
    );
    await chat.end();
    break;
  }
  return proxy.seen.map((call) => call.replace(/\d{6,}|H\d+-[^/]*/g, '…'));
}

describe('servers that are not Parley as it is', () => {
  it.each(['session', 'none'] as const)(
    '[CLIENT30] every path but the entry points is another one (cookies: %s)',
    async (cookies) => {
      proxy = await startProxy(server.http, RENAMED);
      const calls = await wholeChat(cookies);
      const built = calls.filter((call) => !call.includes('/renamed/'));
      expect([...new Set(built)].sort()).toEqual([
        'GET /api/account/…',
        'POST /api/account/…/agentSession',
        'POST /api/account/…/login',
      ]);
      expect(agent.connection).toMatchObject({ state: 'live' });
    },
  );

  it('[CLIENT31] there are no extensions: it asks every 2 seconds, and no more often', async () => {
    proxy = await startProxy(server.http, ORIGINAL);
    const started = Date.now();
    const calls = await wholeChat('session');
    const seconds = (Date.now() - started) / 1_000;
    expect(agent.connection).toEqual({ state: 'polling' });
    expect(calls.filter((call) => /\/read$/.test(call))).toEqual([]);
    const polls = calls.filter((call) => /GET .*incomingRequests$/.test(call)).length;
    // One more is asked after each offer that was accepted.
    expect(polls).toBeLessThanOrEqual(seconds / 2 + 2);
  });
});
