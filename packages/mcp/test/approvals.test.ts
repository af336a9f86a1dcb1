/** What an assistant program wants to do and a person has to allow, by the protocol's own client. */
import type { Client } from '@modelcontextprotocol/client';
import { type Agent, type Approval, connectAgent } from '@parley/client/agent';
import { DEMO_BOT_KEY } from '@parley/server';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { PlainVisitor } from '../../client/test/support/visitor.js';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { APPROVABLE, serveHttp, Writes } from '../src/index.js';
import { call, connectTo, TOKEN } from './support.js';

let server: TestServer;
let agent: Agent;
const clients: Client[] = [];

beforeAll(async () => {
  server = await startTestServer();
  agent = await connectAgent({
    ...{ account: DEMO_ACCOUNT, domainApi: server.http, login: DEMO_BOT_KEY },
  });
  await agent.setAvailability('Away');
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(async () => {
  await agent.close();
  await server.stop();
});

const until = (what: () => void) => vi.waitFor(what, { timeout: 10_000, interval: 20 });

async function connect(url: string): Promise<Client> {
  const client = await connectTo(url);
  clients.push(client);
  return client;
}

it('[MCP8] whatever it was told to ask for waits for somebody who supervises the bot, over HTTP', async () => {
  const writes = new Writes(300);
  const options = { agent, approve: APPROVABLE, writes, cannedTexts: async () => [], version: '1' };
  const asking = await serveHttp(options, { port: 0, token: TOKEN });
  const boss = await connectAgent({
    ...{ account: DEMO_ACCOUNT, domainApi: server.http, role: 'supervisor' },
    login: { username: 'admin1', password: DEMO_PASSWORD },
  });
  const asked: Approval[] = [];
  let decision: 'approve' | 'refuse' | 'wait' = 'approve';
  boss.on('approval', (approval) => {
    if (approval.state !== 'pending') return;
    asked.push(approval);
    if (decision !== 'wait') void boss.programs.decide(approval.id, decision);
  });
  try {
    const client = await connect(asking.url);
    // As programs are told to: until it is decided.
    const settled = async (name: string, args: Record<string, unknown>) => {
      for (let answer = await call(client, name, args); ; ) {
        const { waitsForApproval: id } = answer.value;
        if (id === undefined) return answer;
        answer = await call(client, 'wait_for_approval', { id });
      }
    };
    expect(client.getInstructions()).toContain('wait_for_approval');
    await settled('set_availability', { state: 'Online' });
    const visitor = await PlainVisitor.start(server, { skill: 'Sales' });
    await until(() => expect(agent.ringing.length).toBe(1));
    const { chat } = (await settled('accept_chat', {})).value;
    expect((await settled('reply', { chat, text: 'Hello' })).error).toBe(null);
    expect((await settled('whisper', { chat, text: 'A note' })).error).toBe(null);
    expect(asked.map(({ right }) => right)).toEqual([
      ...['availability', 'accept', 'speak', 'whisper'],
    ]);
    expect(asked.at(2)).toMatchObject({ program: 'Parley Bot', chatSessionKey: chat });
    // Reading, and what it says of what was read, waits for nobody.
    expect((await call(client, 'read_chat', { chat })).error).toBe(null);

    decision = 'refuse';
    const refused = await settled('reply', { chat, text: 'Buy now!' });
    expect(refused.error).toContain('A person refused this: do not send it again.');

    decision = 'wait';
    const left = await call(client, 'end_chat', { chat });
    expect(left.value.waitsForApproval).toMatch(/^write-\d+$/);
    const on = { id: left.value.waitsForApproval };
    const again = await call(client, 'wait_for_approval', on);
    expect(again.value.waitsForApproval).toBe(on.id);
    expect((await visitor.events()).at(-1)).not.toMatchObject({ state: 'ended' });
    await boss.programs.decide(asked.at(-1)?.id ?? '', 'approve');
    expect((await settled('wait_for_approval', on)).value.ended).toBe(true);
    expect((await call(client, 'wait_for_approval', on)).error).toContain('Nothing waits');
    expect(await visitor.texts('agent')).toEqual(['Hello']);

    // The last one who may decide leaves, and then nobody is there.
    const lost = settled('set_availability', { state: 'Away' });
    await until(() => expect(asked.at(-1)?.right).toBe('availability'));
    await boss.close();
    const message = 'Nobody who may approve this is logged in, so it was not done';
    expect((await lost).error).toContain(message);
    const absent = await settled('set_availability', { state: 'Away' });
    expect(absent.error).toContain(message);
    expect(agent.availability.chat).toBe('Online');
  } finally {
    agent.programs.askFor([]);
    await agent.setAvailability('Away');
    await boss.close().catch(() => {});
    await asking.close();
  }
}, 30_000);

it('[MCP8] beside a person more waits for them than the delegation says, where it was told so', async () => {
  const anna = await connectAgent({
    ...{ account: DEMO_ACCOUNT, domainApi: server.http },
    login: { username: 'agent1', password: DEMO_PASSWORD },
  });
  const visitor = await PlainVisitor.start(server, { skill: 'Sales' });
  await until(() => expect(anna.ringing.length).toBe(1));
  const chat = await anna.ringing[0]?.accept();
  const { session, bearer } = await anna.programs.delegate({
    ...{ name: 'desktop program', rights: ['read', 'speak', 'whisper'] },
  });
  const program = await connectAgent({
    ...{ account: DEMO_ACCOUNT, domainApi: server.http, session, login: { bearer } },
  });
  const options = { agent: program, beside: true, approve: ['reply'] as const };
  const served = await serveHttp(
    { ...options, cannedTexts: async () => [], version: '1' },
    { port: 0, token: TOKEN },
  );
  try {
    const client = await connect(served.url);
    const id = chat?.id ?? '';
    expect((await call(client, 'whisper', { chat: id, text: 'A note' })).error).toBe(null);
    const reply = call(client, 'reply', { chat: id, text: 'Hello' });
    const asked = await new Promise<Approval>((resolve) => {
      anna.on('approval', resolve);
    });
    expect(asked).toMatchObject({ right: 'speak', program: 'desktop program' });
    expect(await visitor.texts('agent')).toEqual([]);
    await anna.programs.decide(asked.id, 'approve');
    expect((await reply).error).toBe(null);
    expect(await visitor.texts('agent')).toEqual(['Hello']);
    await chat?.end();
  } finally {
    await served.close();
    await program.close();
    await anna.close();
  }
}, 30_000);
