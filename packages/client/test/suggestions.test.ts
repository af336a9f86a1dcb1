/** What a bot that listens suggests, and what the agent does with it. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  call,
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { type Agent, type AgentChat, connectAgent, type Suggestion } from '../src/agent/index.js';
import { startChat } from '../src/visitor/index.js';

let server: TestServer;
const agents: Agent[] = [];

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  for (const agent of agents) await agent.close();
  await server.stop();
});

async function connect(username: string): Promise<Agent> {
  const login = { username, password: DEMO_PASSWORD };
  const agent = await connectAgent({
    ...{ account: DEMO_ACCOUNT, domainApi: server.http, login },
    cookies: 'none',
  });
  agents.push(agent);
  return agent;
}

async function accepted(agent: Agent): Promise<AgentChat> {
  for await (const offer of agent.offers({ roles: ['agent', 'listener'] })) {
    const chat = await offer.accept();
    if (chat !== null) return chat;
  }
  throw new Error('no chat came');
}

it('[CLIENT59] suggests, and hears what became of it; the agent hears what is suggested, and decides', async () => {
  const anna = await connect('agent1');
  const place = { account: DEMO_ACCOUNT, domainApi: server.http, appKey: DEMO_VISITOR_KEY };
  const visitor = await startChat({ ...place, skill: 'Sales' });
  const chat = await accepted(anna);
  const bot = await connect('bot1');
  await call('POST', `${chat.uri}/collaborationChannels`, {
    bearer: anna.bearer ?? '',
    body: { channel: { agentId: 103, role: 'listener' } },
  });
  const heard = await accepted(bot);
  const shown: Suggestion[] = [];
  const outcomes: Suggestion[] = [];
  chat.on('suggestion', (suggestion) => shown.push(suggestion));
  heard.on('suggestion', (suggestion) => outcomes.push(suggestion));

  const id = await heard.suggest('In stock', { source: 'Stock list', confidence: 0.9 });
  await vi.waitFor(() => expect(shown).toMatchObject([{ id, text: 'In stock', agentId: 103 }]));
  const line = await chat.say('In stock');
  const decided = await chat.suggestions.decide(id, 'accepted', line?.id ?? undefined);
  expect(decided).toMatchObject({ id, state: 'accepted', lineId: line?.id });
  await vi.waitFor(() => expect(outcomes.at(-1)).toMatchObject({ id, state: 'accepted' }));
  expect(await heard.suggestions.list()).toMatchObject([{ id, state: 'accepted' }]);
  await expect(chat.suggest('No')).rejects.toThrow(/suggests nothing/);
  await visitor.end();
});
