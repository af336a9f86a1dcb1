/** Bots beside the agent of a chat: in their ear, and at their side. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { DEMO_BOT_KEY } from '@parley/server';
import { type Agent, type AgentChat, connectAgent, type Suggestion } from '@parley/client/agent';
import { PlainVisitor } from '../../client/test/support/visitor.js';
import {
  call,
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { type Bot, type BotRole, createBot, llm, type Log } from '../src/index.js';
import { ModelServer } from './support/model.js';

let server: TestServer;
const cleanups: (() => Promise<unknown>)[] = [];
const errors: object[] = [];

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  errors.length = 0;
});

afterAll(() => server.stop());

const quiet = () => {};
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: (fields) => errors.push(fields) };

function makeBot(role: BotRole): Bot<Record<string, unknown>> {
  const place = { account: DEMO_ACCOUNT, domainApi: server.http, login: DEMO_BOT_KEY };
  const bot = createBot({ ...place, role, signals: false, log });
  cleanups.push(() => bot.stop({ within: 0 }));
  return bot;
}

const until = <T>(what: () => T | Promise<T>) => vi.waitFor(what, { timeout: 8_000, interval: 20 });

/** A chat of a person, into which they invite the bot. */
async function chatWith(role: BotRole): Promise<{ chat: AgentChat; visitor: PlainVisitor }> {
  const login = { username: 'agent2', password: DEMO_PASSWORD };
  const place = { account: DEMO_ACCOUNT, domainApi: server.http };
  const agent: Agent = await connectAgent({ ...place, login, cookies: 'none' });
  cleanups.push(() => agent.close());
  const visitor = await PlainVisitor.start(server, { skill: 'Sales' });
  cleanups.push(() => visitor.end().catch(quiet));
  for await (const offer of agent.offers()) {
    const chat = await offer.accept();
    if (chat === null) continue;
    const invited = await call('POST', `${chat.uri}/collaborationChannels`, {
      bearer: agent.bearer ?? '',
      body: { channel: { agentId: 103, role } },
    });
    expect(invited.status).toBe(201);
    return { chat, visitor };
  }
  throw new Error('no chat came');
}

it('[BOT17] a listener suggests, and hears what became of it; the visitor hears nothing of it', async () => {
  const bot = makeBot('listener');
  const outcomes: string[] = [];
  bot.on('join', (ctx) => ctx.whisper('I listen.'));
  bot.on('line:visitor', async (ctx) => {
    await ctx.suggest(`To: ${ctx.line.text}`, { source: 'FAQ', confidence: 0.7 });
  });
  bot.on('suggestion:outcome', ({ suggestion, outcome }) => {
    outcomes.push(`${suggestion.text}: ${outcome}`);
  });
  await bot.start();
  const { chat, visitor } = await chatWith('listener');
  const suggested: Suggestion[] = [];
  chat.on('suggestion', (suggestion) => suggested.push(suggestion));
  await until(() =>
    expect(chat.history).toContainEqual(expect.objectContaining({ text: 'I listen.' })),
  );
  await visitor.say('open on Sunday?');
  await until(() =>
    expect(suggested).toMatchObject([{ text: 'To: open on Sunday?', source: 'FAQ' }]),
  );
  await chat.suggestions.decide(1, 'edited');
  await until(() => expect(outcomes).toEqual(['To: open on Sunday?: edited']));
  expect(await visitor.texts('agent')).toEqual([]);
  expect(errors).toEqual([]);
});

it('[BOT18] an assistant answers under its own name; what fails is the agent’s chat still', async () => {
  const bot = makeBot('assistant');
  bot.on('join', (ctx) => ctx.reply('I can fill in the order form.'));
  bot.on('line:visitor', () => {
    throw new Error('no idea');
  });
  await bot.start();
  const { chat, visitor } = await chatWith('assistant');
  await until(async () =>
    expect(await visitor.texts('agent')).toEqual(['I can fill in the order form.']),
  );
  await visitor.say('my order, please');
  await until(() => expect(errors).toHaveLength(1));
  expect(await visitor.texts('agent')).toEqual(['I can fill in the order form.']);
  expect(chat.over).toBeNull();
});

it('[BOT26] handlers of an offer see who invites and why, and decline it or let the bot come', async () => {
  const bot = makeBot('listener');
  const offered: unknown[] = [];
  bot.on('offer:listener', async (ctx) => {
    offered.push([ctx.type, ctx.offer.skill, ctx.offer.invitedBy]);
    if (offered.length === 1) await ctx.decline();
    if (offered.length === 2) throw new Error('no idea');
  });
  await bot.start();
  const { chat } = await chatWith('listener');
  const channel = { agentId: 103, role: 'listener' } as const;
  await until(async () => expect(await chat.participants()).toHaveLength(1));
  await until(() => expect(offered).toEqual([['offer:listener', 'Sales', 102]]));
  await chat.invite({ agentId: channel.agentId }, { role: channel.role });
  await until(async () =>
    expect(await chat.participants()).toMatchObject([{ role: 'agent' }, { role: 'listener' }]),
  );
  expect(offered).toHaveLength(2);
  expect(errors).toMatchObject([{ event: 'offer:listener' }]);
  expect(bot.health.failures).toBe(1);
});

it('[BOT19] beside agents it takes no chat of its own', async () => {
  const bot = makeBot('listener');
  await bot.start();
  const visitor = await PlainVisitor.start(server, { agent: 'bot1' });
  cleanups.push(() => visitor.end().catch(quiet));
  const { body } = await call(
    'GET',
    `${server.http}/api/account/${DEMO_ACCOUNT}/supervision/agents`,
    {
      bearer: (await server.login('admin1')).bearer,
    },
  );
  const { agents } = body as { agents: { agent: readonly { readonly id: number }[] } };
  expect(agents.agent.find(({ id }) => id === 103)).toMatchObject({
    ...{ availability: 'Occupied', chatting: 0, ringing: 0 },
  });
});

it('[BOT37] what a model answers for a listener is suggested, and by its tool for an assistant', async () => {
  const model = await ModelServer.start();
  cleanups.push(() => model.stop());
  for (const role of ['listener', 'assistant'] as const) {
    const text = 'Shelf 7.';
    if (role === 'listener') model.script({ says: text });
    else {
      const args = JSON.stringify({ text, confidence: 0.9 });
      model.script({ says: '', calls: ['tip', args] }, { says: 'I have asked.' });
    }
    const bot = makeBot(role);
    const options = { baseUrl: model.url, model: 'small', instructions: 'You help.' };
    bot.on('line:visitor', llm({ ...options, tools: { tip: llm.suggest() } }));
    await bot.start();
    const { chat, visitor } = await chatWith(role);
    const suggested: Suggestion[] = [];
    chat.on('suggestion', (suggestion) => void suggested.push(suggestion));
    await until(async () => expect((await chat.participants()).length).toBe(2));
    await visitor.say('Where?');
    await until(() => expect(suggested.map((each) => each.text)).toEqual([text]));
    const heard = role === 'listener' ? [] : ['I have asked.'];
    await until(async () => expect(await visitor.texts('agent')).toEqual(heard));
    for (const cleanup of cleanups.splice(1).reverse()) await cleanup();
  }
  expect(errors).toEqual([]);
});
