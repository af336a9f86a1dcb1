/**
 * Bots against the real server. One file, though it is long: all of them share one server.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { DEMO_BOT_KEY } from '@parley/server';
import { type Agent, connectAgent } from '@parley/client/agent';
import { PlainVisitor } from '../../client/test/support/visitor.js';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { addSurveyAt, question, survey } from '../../server/test/survey-fixture.js';
import { type Bot, type BotOptions, createBot, fileStorage, type Log } from '../src/index.js';

let server: TestServer;
const folder = mkdtempSync(join(tmpdir(), 'parley-bot-test-'));
const cleanups: (() => Promise<unknown>)[] = [];
let logged: { level: string; [field: string]: unknown }[] = [];

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  logged = [];
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const at = (level: string) => (fields: object, msg?: string) => {
  logged.push({ level, msg, ...fields });
};
const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };

function makeBot<S = Record<string, unknown>>(options: Partial<BotOptions<S>> = {}): Bot<S> {
  const bot = createBot<S>({
    account: DEMO_ACCOUNT,
    domainApi: server.http,
    login: DEMO_BOT_KEY,
    signals: false,
    log,
    ...options,
  });
  cleanups.push(() => bot.stop({ within: 0 }));
  return bot;
}

async function person(username = 'agent2'): Promise<Agent> {
  const login = { username, password: DEMO_PASSWORD };
  const agent = await connectAgent({ account: DEMO_ACCOUNT, domainApi: server.http, login });
  cleanups.push(() => agent.close());
  return agent;
}

const visitors = (request: object = {}) => PlainVisitor.start(server, request);

const until = <T>(what: () => T | Promise<T>) => vi.waitFor(what, { timeout: 8_000, interval: 20 });

const heard = (visitor: PlainVisitor, ...texts: string[]) =>
  until(async () => expect(await visitor.texts('agent')).toEqual(texts));

/** Ends a chat that another test may not see. */
function endLater(visitor: PlainVisitor): void {
  cleanups.push(() => visitor.end().catch(() => {}));
}

/** The next chat that rings for a person, and what they read with it. */
async function taken(agent: Agent) {
  for await (const offer of agent.offers()) {
    const chat = await offer.accept();
    if (chat === null) continue;
    const line = chat.history.findLast(
      (event) => event.type === 'line' && event.subType === 'ONLY_TO_REP',
    );
    return { chat, note: line?.type === 'line' ? line.text : null };
  }
  throw new Error('no chat came');
}

it('[BOT1] greets, answers each line once and in order, and ends', async () => {
  const bot = makeBot();
  const ends: string[] = [];
  bot.on('chat:start', (ctx) => ctx.reply(`Hello ${ctx.visitor.name ?? 'there'}.`));
  bot.on('line:visitor', async (ctx) => {
    await ctx.typing();
    await ctx.whisper('Only for agents.');
    await ctx.reply(`You said: ${ctx.line.text}`);
    if (ctx.line.text === 'bye') await ctx.end();
  });
  bot.on('chat:end', (ctx) => void ends.push(ctx.why));
  await bot.start();
  const visitor = await visitors({ visitorName: 'Vera' });
  for (const text of ['one', 'two', 'bye']) await visitor.say(text);
  await heard(visitor, 'Hello Vera.', 'You said: one', 'You said: two', 'You said: bye');
  await until(() => expect(ends).toEqual(['ended']));
  const nobody = await visitors();
  endLater(nobody);
  await heard(nobody, 'Hello there.');
  expect(bot.health).toMatchObject({ state: 'running', chats: 1, failures: 0 });
  expect(bot.connection.state).toBe('live');
});

it('[BOT25] the survey of the agent is there where the account has one, and is filled in', async () => {
  const found: unknown[] = [];
  const bot = makeBot();
  bot.on('line:visitor', async (ctx) => {
    const asked = await ctx.survey();
    found.push(asked?.questions.map(({ label }) => label) ?? null);
    if (asked !== null) await ctx.submitSurvey({ 1: 'Solved' });
    await ctx.end();
  });
  await bot.start();
  await (await visitors()).say('one');
  await until(() => expect(found).toEqual([null]));
  await addSurveyAt(server, survey('agent', { questions: [question(1)] }));
  await (await visitors()).say('two');
  await until(() => expect(found).toEqual([null, ['Question 1']]));
  await until(() => expect(bot.health).toMatchObject({ chats: 0, failures: 0 }));
  const { state } = (await server.running.server.accounts.get(DEMO_ACCOUNT))?.host ?? {};
  const filled = [...(state?.chats.values() ?? [])].map(({ surveys }) => surveys?.agent?.answers);
  expect(filled.at(-1)).toMatchObject([{ questionId: 1, values: ['Solved'] }]);
});

it('[BOT2] a name that is none does not compile, and throws with the names there are', () => {
  const bot = makeBot();
  // @ts-expect-error: there is no such event.
  expect(() => bot.on('line:vistor', () => {})).toThrow(
    'There is no event "line:vistor". A bot can hear "offer:assistant", "offer:listener", "chat:start", "join", "chat:resume", "line:visitor", "line:system", "suggestion:outcome", "chat:end".',
  );
  // @ts-expect-error: they have no context in common.
  expect(() => bot.on(['offer:listener', 'chat:start'], () => {})).toThrow('in common');
  // @ts-expect-error: there is no chat yet.
  bot.on('offer:listener', (ctx) => ctx.reply);
  // @ts-expect-error: only lines have one.
  bot.on('chat:start', (ctx) => ctx.line);
  // @ts-expect-error: nor have both in common.
  bot.on(['chat:start', 'line:visitor'], (ctx) => ctx.line);
  bot.on(['line:visitor', 'line:system'], (ctx) => ctx.line.text);
});

it('[BOT3] middleware is run from the first on, as long as each calls next', async () => {
  const bot = makeBot();
  const ran: string[] = [];
  bot.use(async (ctx, next) => {
    ran.push(`+${ctx.type}`);
    await next();
    ran.push(`-${ctx.type}`);
  });
  bot.on('line:visitor').filter(
    (ctx) => /person/.test(ctx.line.text),
    (ctx) => ctx.reply('Filtered.'),
  );
  bot.on('line:visitor', async (_, next) => {
    ran.push('first');
    await next();
  });
  bot.on('line:visitor', (ctx) => ctx.reply('Last.'));
  bot.on('line:visitor', () => ran.push('never'));
  await bot.start();
  const visitor = await visitors();
  endLater(visitor);
  await heard(visitor);
  await visitor.say('a person');
  await visitor.say('else');
  await heard(visitor, 'Filtered.', 'Last.');
  await until(() =>
    expect(ran.slice(-5)).toEqual([
      ...['+line:visitor', '-line:visitor', '+line:visitor', 'first', '-line:visitor'],
    ]),
  );
});

it('[BOT4] the lines of a chat wait for each other, chats do not', async () => {
  const bot = makeBot();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  bot.on('line:visitor', async (ctx) => {
    if (ctx.line.text === 'slow') await held;
    await ctx.reply(ctx.line.text);
  });
  await bot.start();
  const [slow, fast] = [await visitors(), await visitors()];
  endLater(slow);
  endLater(fast);
  await slow.say('slow');
  await slow.say('after it');
  await fast.say('fast');
  await heard(fast, 'fast');
  expect(await slow.texts('agent')).toEqual([]);
  release();
  await heard(slow, 'slow', 'after it');
});

it('[BOT5] a handler that fails is logged, and the chat goes to a person with a note', async () => {
  const agent = await person();
  const bot = makeBot({ handOver: { skill: 'Support' }, language: 'de-DE' });
  bot.on('line:visitor', () => {
    throw new Error('The order book is gone.');
  });
  await agent.setAvailability('Away');
  await bot.start();
  const visitor = await visitors();
  endLater(visitor);
  await until(() => expect(bot.health.chats).toBe(1));
  await agent.setAvailability('Online');
  await visitor.say('Where is order 17?');
  const { chat, note } = await taken(agent);
  expect(note).toBe('The bot failed: The order book is gone.');
  expect(chat.id).toBe(visitor.id);
  await heard(
    visitor,
    'Bei mir ist leider etwas schiefgegangen. Ich gebe Sie an einen Menschen weiter.',
  );
  const entry = logged.find(({ level }) => level === 'error');
  expect(entry).toMatchObject({ chat: visitor.id, event: 'line:visitor' });
  expect(entry?.['line']).toMatch(/^\d+$/);
  expect(entry?.['err']).toMatchObject({ stack: expect.stringContaining('bot.test.ts') });
  expect(JSON.stringify(entry)).not.toContain('order 17');
  expect(bot.health.failures).toBe(1);
});

it('[BOT6] a handler that takes too long has failed, and says nothing afterwards', async () => {
  const agent = await person();
  const bot = makeBot({ handlerTimeout: 50, sentences: { failed: 'Sorry.' } });
  let late: unknown = 'not yet';
  bot.on('line:visitor', async (ctx) => {
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
    late = await ctx.reply('Too late.');
  });
  await agent.setAvailability('Away');
  await bot.start();
  const visitor = await visitors();
  endLater(visitor);
  await until(() => expect(bot.health.chats).toBe(1));
  await agent.setAvailability('Online');
  await visitor.say('Hello?');
  const { note } = await taken(agent);
  expect(note).toBe('The bot failed: It took longer than 0.05 s (handlerTimeout).');
  expect(late).toBeNull();
  expect(await visitor.texts('agent')).toEqual(['Sorry.']);
});

it('[BOT7] where nobody is free the visitor reads so once and waits, and the first who is gets the chat', async () => {
  const bot = makeBot();
  const handedOver: boolean[] = [];
  bot.on('line:visitor', async (ctx) => {
    handedOver.push(await ctx.handOver({ skill: 'Support', note: 'Wants a person.' }));
    expect(await ctx.reply('One more thing.')).toBeNull();
  });
  await bot.start();
  const visitor = await visitors();
  endLater(visitor);
  for (const text of ['person', 'person!', 'still there?']) await visitor.say(text);
  const sorry =
    'Nobody is free at the moment. Please stay: the first who is free will write to you here.';
  await heard(visitor, sorry);
  await until(() => expect(bot.health.chats).toBe(0));
  expect(handedOver).toEqual([false]);
  expect((await visitor.events()).findLast((event) => 'state' in event)).toMatchObject({
    state: 'waiting',
  });
  const agent = await person();
  const { chat, note } = await taken(agent);
  expect(chat.id).toBe(visitor.id);
  expect(note).toBe('Wants a person.');
  expect(await visitor.texts('agent')).toEqual([sorry]);
});

it('[BOT8] a skill that is none fails with the names there are', async () => {
  const bot = makeBot();
  let error: unknown;
  bot.on('line:visitor', async (ctx) => {
    error = await ctx.handOver({ skill: 'Suport' }).catch((thrown: unknown) => thrown);
    await ctx.end();
  });
  await bot.start();
  const visitor = await visitors();
  endLater(visitor);
  await visitor.say('person');
  await until(() => expect(error).toBeInstanceOf(TypeError));
  expect(String(error)).toMatch(/no skill "Suport"\. The account has: .*"Support"/);
});

it('[BOT9] cards, quick replies and html reach the visitor', async () => {
  const bot = makeBot();
  bot.on('chat:start', async (ctx) => {
    await ctx.reply('<b>Hi</b>', { as: 'html' });
    await ctx.reply('Pick one', {
      quickReplies: ['Thanks', { title: 'More', says: 'Tell me more' }],
    });
    await ctx.reply('Our books', {
      cards: [
        {
          title: 'Emma',
          text: '1815',
          image: { url: 'https://example.com/emma.png', alt: 'Its cover' },
          buttons: [{ title: 'Open', url: 'https://example.com/emma' }],
        },
        { title: 'Persuasion' },
      ],
    });
  });
  await bot.start();
  const visitor = await visitors();
  endLater(visitor);
  await heard(visitor, '<b>Hi</b>', 'Pick one', 'Our books');
  const lines = (await visitor.events()).filter(({ source }) => source === 'agent');
  expect(lines.map(({ textType }) => textType)).toEqual(['html', 'rich-content', 'rich-content']);
  expect(lines[1]?.['json']).toMatchObject({
    quickReplies: {
      replies: [
        { title: 'Thanks', click: { actions: [{ type: 'publishText', text: 'Thanks' }] } },
        { title: 'More', click: { actions: [{ text: 'Tell me more' }] } },
      ],
    },
  });
  expect(lines[2]?.['json']).toMatchObject({ type: 'carousel', elements: [{}, {}] });
});

it('[BOT10] the state of a chat survives a restart, and no line is answered twice or missed', async () => {
  const make = () => {
    const bot = makeBot<{ lines: number }>({
      state: () => ({ lines: 0 }),
      storage: fileStorage(join(folder, 'kept')),
    });
    bot.on('chat:start', (ctx) => ctx.reply('Hello.'));
    bot.on('chat:resume', (ctx) => ctx.reply(`Back after ${ctx.state.lines}.`));
    bot.on('line:visitor', async (ctx) => {
      ctx.state.lines += 1;
      await ctx.reply(`${ctx.state.lines}: ${ctx.line.text}`);
    });
    return bot;
  };
  const first = make();
  await first.start();
  const visitor = await visitors();
  endLater(visitor);
  await visitor.say('a');
  await visitor.say('b');
  await heard(visitor, 'Hello.', '1: a', '2: b');
  // The user works somewhere else: as after a crash, the session before does nothing more.
  const second = make();
  await second.start();
  await until(() => expect(first.health.state).toBe('stopped'));
  await visitor.say('c');
  await heard(visitor, 'Hello.', '1: a', '2: b', 'Back after 2.', '3: c');
});

it('[BOT11] a bot that stops takes no more chats, lets chats end, and hands over the others', async () => {
  const agent = await person();
  await agent.setAvailability('Away');
  const bot = makeBot({ handOver: { skill: 'Support' } });
  bot.on('line:visitor', async (ctx) => {
    await ctx.reply(ctx.line.text);
    if (ctx.line.text === 'bye') await ctx.end();
  });
  await bot.start();
  const [ends, stays] = [await visitors(), await visitors()];
  endLater(stays);
  await until(() => expect(bot.health.chats).toBe(2));
  const stopped = bot.stop({ within: 1_000 });
  expect(bot.health.state).toBe('draining');
  await ends.say('bye');
  await heard(ends, 'bye');
  await agent.setAvailability('Online');
  const late = await visitors();
  endLater(late);
  const chats = [await taken(agent), await taken(agent)];
  await stopped;
  expect(chats.map(({ chat }) => chat.id).sort()).toEqual([late.id, stays.id].sort());
  expect(chats.find(({ chat }) => chat.id === stays.id)?.note).toBe('The bot is being stopped.');
  expect(bot.health).toMatchObject({ state: 'stopped', chats: 0 });
});

it('[BOT13] a handler can stop its bot, and wait for that', async () => {
  const bot = makeBot();
  bot.on('chat:end', () => bot.stop({ within: 60_000 }));
  await bot.start();
  const visitor = await visitors();
  await until(() => expect(bot.health.chats).toBe(1));
  await visitor.end();
  await until(() => expect(bot.health.state).toBe('stopped'));
});

it('[BOT14] a handler that was cut off runs again, and what it said stands there once', async () => {
  const storage = fileStorage(join(folder, 'cut'));
  const first = makeBot({ storage });
  first.on('line:visitor', async (ctx) => {
    await ctx.reply('Looking.');
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
  });
  await first.start();
  const visitor = await visitors();
  endLater(visitor);
  await visitor.say('Where?');
  await heard(visitor, 'Looking.');
  const second = makeBot({ storage });
  second.on('line:visitor', async (ctx) => {
    await ctx.reply('Looking.');
    await ctx.reply('Shelf 7.');
  });
  await second.start();
  await heard(visitor, 'Looking.', 'Shelf 7.');
});
