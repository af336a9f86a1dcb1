/** Replies that grow before they are said: of handlers and of models, in front of a visitor at a stream. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { DEMO_BOT_KEY } from '@parley/server';
import { startChat, type VisitorChat } from '@parley/client/visitor';
import {
  DEMO_ACCOUNT,
  DEMO_VISITOR_KEY,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { type Bot, createBot, llm } from '../src/index.js';
import { ModelServer } from './support/model.js';

let server: TestServer;
let model: ModelServer;
let bot: Bot<Record<string, unknown>> | null = null;
let visitor: VisitorChat | null = null;

beforeAll(async () => {
  [server, model] = await Promise.all([startTestServer(), ModelServer.start()]);
});
afterEach(async () => {
  await visitor?.end().catch(() => {});
  await bot?.stop({ within: 0 });
});
afterAll(() => Promise.all([server.stop(), model.stop()]));

const quiet = () => {};
const until = (check: () => void) => vi.waitFor(check, { timeout: 8_000, interval: 10 });

function makeBot(): Bot<Record<string, unknown>> {
  bot = createBot({
    ...{ account: DEMO_ACCOUNT, domainApi: server.http, login: DEMO_BOT_KEY, signals: false },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  return bot;
}

/** A visitor, and everything that grew in front of them. */
async function ask(text: string): Promise<{ chat: VisitorChat; grew: string[] }> {
  const place = { account: DEMO_ACCOUNT, domainApi: server.http, appKey: DEMO_VISITOR_KEY };
  const chat = await startChat(place);
  visitor = chat;
  const grew: string[] = [];
  chat.on('info', ({ agentPreview }) => {
    if (typeof agentPreview === 'string' && agentPreview !== '') grew.push(agentPreview);
  });
  await until(() => expect(chat.connection.state).toBe('live'));
  await chat.say(text);
  return { chat, grew };
}

const said = (chat: VisitorChat) =>
  chat.lines.filter(({ source }) => source === 'agent').map(({ text }) => text);

it('[BOT15] a reply grows in front of the visitor, and is said once it is whole', async () => {
  let next = quiet;
  const piece = () => new Promise<void>((resolve) => (next = resolve));
  async function* pieces() {
    yield 'It is';
    await piece();
    yield ' on shelf';
    await piece();
    yield ' 7.';
  }
  const growing = makeBot();
  growing.on('line:visitor', async (ctx) => void (await ctx.stream(pieces())));
  await growing.start();
  const { chat, grew } = await ask('Where?');
  await until(() => expect(grew).toEqual(['It is']));
  expect(said(chat)).toEqual([]);
  next();
  await until(() => expect(grew).toEqual(['It is', 'It is on shelf']));
  next();
  await until(() => expect(said(chat)).toEqual(['It is on shelf 7.']));
  // The line has taken its place.
  await until(() => expect(chat.info.agentPreview ?? '').toBe(''));
});

it('[BOT15] where its pieces fail nothing is said of it, and nothing stays', async () => {
  let fail = quiet;
  async function* pieces() {
    yield 'Half of';
    await new Promise<void>((resolve) => (fail = resolve));
    throw new Error('torn');
  }
  const growing = makeBot();
  growing.on('line:visitor', async (ctx) => {
    await ctx.stream(pieces()).catch(() => ctx.reply('Once more, please.'));
  });
  await growing.start();
  const { chat, grew } = await ask('Where?');
  await until(() => expect(grew).toEqual(['Half of']));
  fail();
  await until(() => expect(said(chat)).toEqual(['Once more, please.']));
  await until(() => expect(chat.info.agentPreview ?? '').toBe(''));
});

it.each([
  ['grows while it comes', true],
  ['is not seen growing where that is turned off', false],
])('[BOT36] what a model answers %s', async (_, stream) => {
  model.script({ stalls: 'It is on shelf' });
  const growing = makeBot();
  const ask1 = { baseUrl: model.url, model: 'small', instructions: 'You help.' };
  const budget = { secondsPerReply: 1 };
  growing.on('line:visitor', llm({ ...ask1, stream, budget }));
  await growing.start();
  const { chat, grew } = await ask('Where?');
  // It says no more, takes too long, and people are asked for.
  await until(() => expect(said(chat)[0]).toMatch(/^Sorry/));
  if (stream) expect('It is on shelf'.startsWith(grew[0] ?? '-')).toBe(true);
  else expect(grew).toEqual([]);
  await until(() => expect(chat.info.agentPreview ?? '').toBe(''));
});
