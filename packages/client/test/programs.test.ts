/** A program that works in the session of an agent, with what the agent delegated. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { type Agent, type Approval, connectAgent, type Suggestion } from '../src/agent/index.js';
import { startChat } from '../src/visitor/index.js';

let server: TestServer;
let anna: Agent;

beforeAll(async () => {
  server = await startTestServer();
  anna = await connectAgent({
    ...{ account: DEMO_ACCOUNT, domainApi: server.http },
    login: { username: 'agent1', password: DEMO_PASSWORD },
  });
});

afterAll(async () => {
  await anna.close();
  await server.stop();
});

it('[CLIENT71] works in the session of an agent, beside them, until they end it', async () => {
  const place = { account: DEMO_ACCOUNT, domainApi: server.http };
  const visitor = await startChat({ ...place, appKey: DEMO_VISITOR_KEY, skill: 'Sales' });
  const asked: Approval[] = [];
  anna.on('approval', (approval) => {
    asked.push(approval);
    if (approval.state === 'pending') void anna.programs.decide(approval.id, 'approve');
  });
  const { id, bearer, session } = await anna.programs.delegate({
    ...{ name: 'Helper', rights: ['read', 'accept', 'speak', 'suggest'], approval: ['speak'] },
  });
  expect(await anna.programs.list()).toMatchObject([{ id, name: 'Helper' }]);
  const program = await connectAgent({ ...place, session, login: { bearer } });
  const [offer] = program.ringing;
  const chat = await (offer ?? (await program.offers().next()).value)?.accept();
  if (chat == null) throw new Error('no chat came');
  await vi.waitFor(() => expect([...anna.chats.keys()]).toEqual([chat.id]));
  const suggested: Suggestion[] = [];
  anna.chats.get(chat.id)?.on('suggestion', (suggestion) => suggested.push(suggestion));
  await chat.suggest('In stock');
  await vi.waitFor(() =>
    expect(suggested).toMatchObject([{ program: 'Helper', text: 'In stock' }]),
  );
  await chat.say('Yes, in all sizes');
  await vi.waitFor(() => expect(asked.map(({ state }) => state)).toEqual(['pending', 'approved']));
  await vi.waitFor(() => expect(visitor.lines.at(-1)).toMatchObject({ text: 'Yes, in all sizes' }));
  await expect(chat.transfer({ skillId: 12 })).rejects.toThrow(
    /did not delegate the right transfer/,
  );
  expect(await anna.programs.approvals()).toEqual([]);
  await anna.programs.end(id);
  expect(await program.ended).toBe('login-refused');
  expect(anna.connection.state).toBe('live');
  await visitor.end();
});
