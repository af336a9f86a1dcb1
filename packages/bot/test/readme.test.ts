/** Every program in the README runs as it stands there, against a server with demo data. */
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { connectAgent } from '@parley/client/agent';
import { DEMO_ACCOUNT, startTestServer, type TestServer } from '../../server/test/harness.js';
import { PlainVisitor } from '../../client/test/support/visitor.js';
import { answer, Endpoint } from './support/endpoint.js';
import { ModelServer } from './support/model.js';
import { Readme } from '../../client/test/support/readme.js';

const readme = new Readme(fileURLToPath(new URL('..', import.meta.url)));
let server: TestServer;

const answered = (visitor: PlainVisitor, texts: readonly string[]) =>
  vi.waitFor(async () => expect(await visitor.texts('agent')).toEqual(texts), {
    timeout: 8_000,
    interval: 30,
  });

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(() => readme.stop());

afterAll(() => server.stop());

it('[BOT12] the first bot greets its visitor, answers, and stops when it is asked to', {
  timeout: 40_000,
}, async () => {
  const bot = readme.run('bot', server.http);
  await bot.printed('"live"');
  const visitor = readme.run('visitor', server.http);
  expect(await visitor.exited, visitor.output).toBe(0);
  expect(visitor.output).toContain('Parley Bot: Hello Vera, ask me anything.\n');
  expect(visitor.output).toContain('Parley Bot: You said: Where is my order?\n');
  bot.kill('SIGTERM');
  expect(await bot.exited, bot.output).toBe(0);
  expect(bot.output).toContain('Stopped.');
});

it('[BOT12] middleware measures, and a bot stops itself', { timeout: 40_000 }, async () => {
  const bot = readme.run('middleware', server.http);
  await bot.printed('"live"');
  const visitor = await PlainVisitor.start(server);
  await visitor.say('Which books are there?');
  await visitor.say('Thanks');
  expect(await bot.exited, bot.output).toBe(0);
  expect(await visitor.texts('agent')).toEqual(['Which of them?']);
  expect(bot.output).toMatch(/"msg":"Handled\.","chat":"[^"]+","event":"line:visitor","ms":\d+/);
});

it('[BOT12] a bot is tested without a network', { timeout: 60_000 }, async () => {
  const program = readme.run('simulate', server.http);
  expect(await program.exited, program.output).toBe(0);
  expect(program.output).toMatch(/^Simulation with seed 17\.\nYou said: Hello\n/);
  expect(program.output).toMatch(/8 chats, \d+ answers\n$/);
});

it('[BOT12, BOT24] a bot says that it is ready', { timeout: 40_000 }, async () => {
  const bot = readme.run('health', server.http);
  await bot.printed('"live"');
  const [address = ''] = /http:\S+readyz/.exec(bot.output) ?? [];
  await vi.waitFor(async () => expect((await fetch(address)).status).toBe(200), { timeout: 8_000 });
  const { bots } = (await (await fetch(address)).json()) as { readonly bots: unknown };
  expect(bots).toEqual([{ name: 'bot1', status: 'ready', reason: null, chats: 0 }]);
});

it('[BOT12] a folder answers', { timeout: 40_000 }, async () => {
  const folder = fileURLToPath(new URL('../../../examples/faq-bot/faq', import.meta.url));
  const bot = readme.run('faq', server.http, { "faq('faq')": `faq(${JSON.stringify(folder)})` });
  await bot.printed('"live"');
  const visitor = await PlainVisitor.start(server);
  await visitor.say('Can I return a book?');
  await answered(visitor, ['<p>Yes, within 30 days, unread. The label is in the parcel.</p>']);
  await visitor.end();
});

it('[BOT12] a model looks an order up, and answers', { timeout: 40_000 }, async () => {
  const model = await ModelServer.start();
  model.script(
    { says: '', calls: ['lookUpOrder', '{"number":"17"}'] },
    { says: 'It is on its way.' },
  );
  const bot = readme.run('llm', server.http, { 'http://localhost:11434/v1': model.url });
  await bot.printed('"live"');
  const visitor = await PlainVisitor.start(server, { visitorName: 'Vera' });
  await visitor.say('Where is order 17?');
  await answered(visitor, ['It is on its way.']);
  expect(model.asked[1]?.messages.at(-1)?.content).toContain('on its way');
  await visitor.end();
  await model.stop();
});

it('[BOT12] an endpoint answers', { timeout: 40_000 }, async () => {
  const endpoint = await Endpoint.start();
  endpoint.begin(answer(200, { reply: 'Tomorrow.' }));
  vi.stubEnv('WEBHOOK_SECRET', `whsec_${Buffer.alloc(32, 7).toString('base64')}`);
  const bot = readme.run('webhook', server.http, { 'http://localhost:3000/bot': endpoint.url });
  await bot.printed('"live"');
  const visitor = await PlainVisitor.start(server);
  await visitor.say('Where is order 17?');
  await answered(visitor, ['Tomorrow.']);
  await visitor.end();
  await endpoint.stop();
});

it('[BOT12] a listener suggests, and an assistant speaks, beside an agent who invites them', {
  timeout: 40_000,
}, async () => {
  const folder = fileURLToPath(new URL('../../../examples/faq-bot/faq', import.meta.url));
  const faq = { "faq('faq')": `faq(${JSON.stringify(folder)})` };
  const programs = [readme.run('listener', server.http, faq), readme.run('assistant', server.http)];
  for (const program of programs) await program.printed('"live"');
  const login = { username: 'agent1', password: 'parley-demo' };
  const agent = await connectAgent({ account: DEMO_ACCOUNT, domainApi: server.http, login });
  const visitor = await PlainVisitor.start(server);
  for await (const offer of agent.offers()) {
    const chat = await offer.accept();
    if (chat === null) continue;
    const suggested: string[] = [];
    chat.on('suggestion', ({ text }) => suggested.push(text));
    await chat.invite({ agentId: 103 }, { role: 'listener' });
    await chat.invite({ agentId: 102 }, { role: 'assistant' });
    await vi.waitFor(() => expect(JSON.stringify(chat.history)).toContain('I take orders.'), 8_000);
    await vi.waitFor(
      async () =>
        expect((await chat.participants()).filter(({ state }) => state === 'joined')).toHaveLength(
          3,
        ),
      8_000,
    );
    await visitor.say('Can I return a book?');
    await answered(visitor, ['Ordered: Can I return a book?']);
    await vi.waitFor(() => expect(suggested.join()).toContain('within 30 days'), 8_000);
    await chat.suggestions.decide(1, 'dismissed');
    await programs[0]?.printed('"outcome":"dismissed"');
    await chat.end();
    break;
  }
  await agent.close();
});

it('[BOT12] no program of the README was left out', () => {
  expect(readme.left).toEqual([]);
  expect(readme.size).toBeGreaterThan(2);
});
