/** Both examples of bots beside an agent: the assistant that takes orders, and the listener with tips. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type AgentChat, connectAgent, type Suggestion } from '@parley/client/agent';
import { startChat } from '@parley/client/visitor';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DemoServer } from '../../agent-sample/test/demo-server.js';

const programs: ChildProcess[] = [];
let server: DemoServer;

beforeAll(async () => {
  server = await DemoServer.start();
}, 60_000);

afterAll(async () => {
  for (const program of programs) program.kill('SIGKILL');
  await server.stop();
});

const until = (what: () => void) => vi.waitFor(what, { timeout: 15_000, interval: 30 });

/** Runs an example as a user of the account. */
async function run(example: string, user: string): Promise<() => string> {
  const main = fileURLToPath(new URL(`../../${example}/dist/main.js`, import.meta.url));
  const { http, account } = server.ready;
  const program = spawn(process.execPath, [main], {
    env: {
      ...{ PATH: process.env['PATH'], PARLEY_DOMAIN: http, PARLEY_ACCOUNT: account },
      BOT_USER: user,
    },
  });
  programs.push(program);
  let output = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await until(() => expect(output).toContain('"live"'));
  return () => output;
}

it('[BOT43] an assistant takes an order, and a listener suggests, in the chat of an agent who invites them', {
  timeout: 60_000,
}, async () => {
  const [, listened] = await Promise.all([
    run('order-assistant', 'agent2'),
    run('tips-listener', 'bot1'),
  ]);
  const { http: domainApi, account } = server.ready;
  const agent = await connectAgent({
    ...{ account, domainApi, login: { username: 'agent1', password: 'parley-demo' } },
  });
  const visitor = await startChat({
    ...{ account, domainApi, appKey: 'parley-demo-visitor-key', visitorName: 'Vera' },
  });
  let chat: AgentChat | null = null;
  for await (const offer of agent.offers()) {
    chat = await offer.accept();
    break;
  }
  if (chat === null) throw new Error('no chat came');
  const suggested: Suggestion[] = [];
  chat.on('suggestion', (suggestion) => suggested.push(suggestion));
  for (const [agentId, role] of [
    [102, 'assistant'],
    [103, 'listener'],
  ] as const) {
    await chat.invite({ agentId }, { role });
  }
  const lines = chat.history;
  const whispered = () =>
    lines.flatMap((event) =>
      event.type === 'line' && event.subType === 'ONLY_TO_REP' ? [event.text] : [],
    );
  const heard = () => visitor.lines.flatMap(({ by, text }) => (by === 'Ben' ? [text] : []));
  const says = async (line: string, answer: string) => {
    await visitor.say(line);
    await until(() => expect(heard().at(-1)).toBe(answer));
  };
  await until(() => expect(heard()).toEqual(['I take your order. Which book would you like?']));
  await until(() => expect(whispered()).toContain('I listen, and know 3 answers.'));
  await says('Emma', 'How many copies?');
  await says('a few', 'I did not understand that. How many copies?');
  await says('2', 'Where shall we send it?');
  await says('Mill Lane 1', '2 × Emma, to Mill Lane 1: is that right?');
  await says('Yes', 'Thank you, your order is placed.');
  await until(() =>
    expect(whispered()).toContain('Order: {"book":"Emma","copies":"2","address":"Mill Lane 1"}'),
  );
  await vi.waitFor(
    async () => expect(JSON.stringify(await chat?.participants())).not.toContain('"agentId":102'),
    { timeout: 15_000, interval: 30 },
  );
  await visitor.say('And do you wrap gifts?');
  await until(() =>
    expect(suggested).toMatchObject([
      { text: 'Yes, for 2 € a book, with a card.', source: 'shop.md: Do you wrap gifts?' },
    ]),
  );
  await chat.suggestions.decide(suggested[0]?.id ?? 0, 'accepted');
  await until(() => expect(listened()).toContain('"outcome":"accepted"'));
  // Nothing of the listener's, and nothing that was whispered, reached the visitor.
  expect(visitor.lines.map(({ text }) => text).join()).not.toMatch(
    /I listen|wrap gifts.*2 €|Order:/,
  );
  await agent.close();
});
