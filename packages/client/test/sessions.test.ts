/** Logins and sessions that end: what goes on, and what does not. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  FakeClock,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import {
  type Agent,
  type AgentChat,
  type AgentOptions,
  connectAgent,
  LoginError,
} from '../src/agent/index.js';
import { startChat } from '../src/visitor/index.js';
import { Network } from './support/network.js';
import { PlainVisitor } from './support/visitor.js';

let server: TestServer;
const clock = new FakeClock();
const agents: Agent[] = [];

beforeAll(async () => {
  server = await startTestServer({ clock });
});

afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.close().catch(() => {})));
});

afterAll(() => server.stop());

/** The server's clock, for the client too. */
const shared = {
  now: () => clock.now(),
  random: () => 0,
  after: (ms: number, callback: () => void) => clock.after(ms, callback),
};

/** Lets time pass on both sides, with what happens meanwhile. @param ms in steps of a second */
async function pass(ms: number, network: Network): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    clock.advance(1_000);
    await network.settled();
  }
}

async function connect(more: Partial<AgentOptions> = {}): Promise<Agent> {
  const agent = await connectAgent({
    account: DEMO_ACCOUNT,
    domainApi: server.http,
    login: { username: 'agent1', password: DEMO_PASSWORD },
    ...more,
  });
  agents.push(agent);
  return agent;
}

async function take(agent: Agent): Promise<AgentChat> {
  for await (const offer of agent.offers()) {
    const chat = await offer.accept();
    if (chat !== null) return chat;
  }
  throw new Error('no chat came');
}

it('[CLIENT4] a session that another one takes over ends, says so, and its chats go on there', async () => {
  const before = await connect();
  const visitor = await PlainVisitor.start(server);
  const theirs = await take(before);
  await visitor.say('unanswered');
  const lines = (async () => {
    const texts: string[] = [];
    for await (const { text } of theirs.lines({ from: 'visitor' })) texts.push(text);
    return texts;
  })();
  const offers = (async () => {
    for await (const offer of before.offers()) await offer.accept();
  })();
  await vi.waitFor(() => expect(theirs.history.at(-1)).toMatchObject({ text: 'unanswered' }));

  const after = await connect();
  expect(await before.ended).toBe('taken-over');
  expect(before.connection).toMatchObject({ state: 'ended', why: 'taken-over' });
  expect(theirs.over).toBe('session');
  await offers;
  expect(await lines).toEqual(['unanswered']);
  await expect(theirs.say('from the past')).rejects.toMatchObject({ why: 'taken-over' });

  const ours = after.chats.get(visitor.id);
  expect(ours?.resumed).toBe(true);
  const first = await ours?.lines({ from: 'visitor' }).next();
  expect(first?.value).toMatchObject({ text: 'unanswered' });
  await ours?.say('answered');
  expect(await visitor.texts('agent')).toEqual(['answered']);
  await ours?.end();
});

it('[CLIENT5] a login that ended is made again, and another session opened', async () => {
  const first = await server.login('agent1');
  let asked = 0;
  const bearer = async () => {
    asked += 1;
    return asked === 1 ? first.bearer : (await server.login('agent1')).bearer;
  };
  const agent = await connect({ login: { bearer } });
  await PlainVisitor.start(server);
  const chat = await take(agent);
  const headers = { cookie: first.cookie };
  const { csrf } = first;
  const out = await server.call('POST', '/logout?v=1.3', {
    bearer: first.bearer,
    headers,
    body: { csrf },
  });
  expect(out.status).toBe(200);
  // With the login the session was over, and the chat went to somebody else or ended.
  await vi.waitFor(() => expect(chat.over).not.toBe(null), { timeout: 5_000 });
  expect(asked).toBe(2);
  const visitor = await PlainVisitor.start(server);
  const next = await take(agent);
  expect(next.id).toBe(visitor.id);
  await next.end();
});

it('[CLIENT6] a credential that is not accepted any more ends the session with that', async () => {
  const first = await server.login('agent1');
  const agent = await connect({ login: { bearer: first.bearer } });
  await server.call('POST', '/logout?v=1.3', {
    bearer: first.bearer,
    headers: { cookie: first.cookie },
    body: { csrf: first.csrf },
  });
  expect(await agent.ended).toBe('login-refused');
  await expect(agent.info()).rejects.toMatchObject({ why: 'login-refused' });
  await expect(connect({ login: { username: 'agent1', password: 'wrong' } })).rejects.toThrow(
    LoginError,
  );
});

it('[CLIENT7] a login is refreshed every 4 minutes', async () => {
  const network = new Network();
  const agent = await connect({ clock: shared, fetch: network.fetch });
  const refreshes = () => network.sent.filter((call) => call.endsWith('/refresh')).length;
  await pass(3 * 60_000, network);
  expect(refreshes()).toBe(0);
  await pass(2 * 60_000, network);
  expect(refreshes()).toBe(1);
  await pass(4 * 60_000, network);
  expect(refreshes()).toBe(2);
  expect(agent.connection.state).toBe('live');
});

it('[CLIENT8] a session that was lost by silence is opened again, and a line whose answer is lost is stored once', async () => {
  const network = new Network();
  const agent = await connect({ clock: shared, fetch: network.fetch });
  network.down();
  await pass(3_000, network);
  expect(agent.connection).toMatchObject({ state: 'offline' });
  await pass(130_000, network);
  network.up();
  await pass(20_000, network);
  await vi.waitFor(() => expect(agent.connection).toMatchObject({ state: 'live' }));
  expect(network.sent.filter((call) => call.endsWith('/agentSession'))).toHaveLength(2);
  const visitor = await startChat({
    account: DEMO_ACCOUNT,
    domainApi: server.http,
    appKey: DEMO_VISITOR_KEY,
  });
  const chat = await take(agent);
  expect(chat.id).toBe(visitor.id);
  network.loseAnswers();
  const said = chat.say('said while answers are lost');
  await vi.waitFor(() => expect(chat.pending).toHaveLength(1));
  await pass(2_000, network);
  network.up();
  await pass(4_000, network);
  expect(await said).toMatchObject({ id: expect.any(Number) });
  const texts = () =>
    visitor.lines.filter(({ source }) => source === 'agent').map(({ text }) => text);
  await vi.waitFor(() => expect(texts()).toEqual(['said while answers are lost']), {
    timeout: 5_000,
  });
  await chat.end();
  visitor.close();
});

it.each([undefined, 10])(
  '[CLIENT25] a visitor who says nothing is kept alive (timeout: %s)',
  async (timeout) => {
    const network = new Network();
    const visitor = await startChat({
      account: DEMO_ACCOUNT,
      domainApi: server.http,
      appKey: DEMO_VISITOR_KEY,
      clock: shared,
      fetch: network.fetch,
      ...(timeout === undefined ? {} : { interactionTimeout: timeout }),
    });
    expect(visitor.info.chatTimeout).toBe(timeout ?? 40);
    await pass(150_000, network);
    expect(visitor.over).toBe(null);
    expect(visitor.connection).toMatchObject({ state: 'live', via: 'sse' });
    network.down();
    await pass((timeout ?? 40) * 1_000 + 5_000, network);
    network.up();
    await pass(20_000, network);
    await vi.waitFor(() => expect(visitor.over).toBe('ended'), { timeout: 5_000 });
    visitor.close();
  },
);

it('[CLIENT90] what ends a login or a session outlives the page that asks for it, and nothing else does', async () => {
  const kept: string[] = [];
  const watched: NonNullable<AgentOptions['fetch']> = (url, init) => {
    if (init.keepalive === true) kept.push(`${init.method} ${new URL(url).pathname}`);
    return fetch(url, init);
  };
  const agent = await connect({ fetch: watched });
  const { bearer } = agent;
  expect(kept).toEqual([]);
  await agent.close();
  const account = `/api/account/${DEMO_ACCOUNT}`;
  expect(kept.splice(0)).toEqual([`POST ${account}/logout`]);

  // A login that was brought along goes on; its session ends.
  const login = await server.login('agent1');
  expect(login.bearer).not.toBe(bearer);
  const guest = await connect({ fetch: watched, login: { bearer: login.bearer } });
  await guest.close();
  expect(kept).toEqual([expect.stringMatching(`^DELETE ${account}/agentSession/\\d+$`)]);
});
