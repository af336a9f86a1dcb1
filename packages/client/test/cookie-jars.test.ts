/** Several agents in one process, behind a proxy that keeps each client at one of its servers by a cookie. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { type Agent, connectAgent } from '../src/agent/index.js';
import { startChat } from '../src/visitor/index.js';
import { type ChangingProxy, startProxy } from './support/proxy.js';

interface Asked {
  readonly path: string;
  /** Undefined where nobody is logged in yet. */
  readonly bearer: string | undefined;
  readonly cookies: readonly string[];
}

const AFFINITY = 'affinity=';
/** The server's security cookie. */
const SESSION = 'session_id=';
const cookiesOf = (header = '') => header.split('; ').filter((cookie) => cookie !== '');

let server: TestServer;
let proxy: ChangingProxy;
const asked: Asked[] = [];

beforeAll(async () => {
  server = await startTestServer();
  let given = 0;
  proxy = await startProxy(server.http, {
    request(path, { authorization, cookie }) {
      asked.push({ path, bearer: authorization, cookies: cookiesOf(cookie) });
      return path;
    },
    answer(text, headers, { cookie }) {
      if (cookiesOf(cookie).some((each) => each.startsWith(AFFINITY))) return text;
      given += 1;
      headers['set-cookie'] = [...(headers['set-cookie'] ?? []), `${AFFINITY}${given}; Path=/`];
      return text;
    },
  });
});

afterAll(async () => {
  await proxy.stop();
  await server.stop();
});

it('[CLIENT89] each agent session in a process has its own cookies, and sends no other’s', async () => {
  const place = { account: DEMO_ACCOUNT, domainApi: proxy.url };
  const agents: Agent[] = [];
  for (const username of ['agent1', 'agent2']) {
    // Streams are cut by this proxy: it hands on whole answers.
    agents.push(await connectAgent({ ...place, login: { username, password: DEMO_PASSWORD } }));
  }
  // Both work at once, and both have a cookie of the proxy and one of the server.
  await Promise.all(
    agents.map(async (agent, index) => {
      const skill = index === 0 ? 'Sales' : 'Support';
      const chat = await startChat({ ...place, appKey: DEMO_VISITOR_KEY, skill });
      await agent.info();
      await agent.colleagues({ skill });
      await chat.end();
      chat.close();
    }),
  );
  const bearers = agents.map((agent) => `Bearer ${agent.bearer}`);
  await Promise.all(agents.map((agent) => agent.close()));

  // A login comes without anybody's cookies but what the same client was given before it.
  const affinityOf = (of: Asked) => of.cookies.filter((cookie) => cookie.startsWith(AFFINITY));
  const sessionOf = (of: Asked) => of.cookies.filter((cookie) => cookie.startsWith(SESSION));
  const [first = [], second = []] = bearers.map((bearer) =>
    asked.filter((each) => each.bearer === bearer),
  );
  const inSession = (each: Asked) => /\/agentSession\/\d+/.test(each.path);
  for (const own of [first, second]) {
    expect(own.length).toBeGreaterThan(5);
    expect(new Set(own.flatMap(affinityOf)).size).toBe(1);
    expect(own.every((each) => affinityOf(each).length === 1)).toBe(true);
    const bound = own.filter(inSession);
    expect(bound.length).toBeGreaterThan(3);
    expect(bound.every((each) => sessionOf(each).length === 1)).toBe(true);
    expect(new Set(bound.flatMap(sessionOf)).size).toBe(1);
  }
  expect(first.flatMap(affinityOf)[0]).not.toBe(second.flatMap(affinityOf)[0]);
  expect(first.filter(inSession).flatMap(sessionOf)[0]).not.toBe(
    second.filter(inSession).flatMap(sessionOf)[0],
  );
});
