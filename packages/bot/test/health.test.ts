/** How a bot is: health, metrics, and their endpoint. In a simulation, whose time is exact. */
import { afterEach, expect, it } from 'vitest';
import {
  type Bot,
  botMetrics,
  createBot,
  ERROR_KINDS,
  memoryStorage,
  serveHealth,
} from '../src/index.js';
import { simulate, type World } from '../src/simulate/index.js';

const PLACE = {
  account: 'brand',
  domainApi: 'https://chat.example.com',
  login: { username: 'robot', password: 'of the real account' },
};
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function begin(bot: Bot<Record<string, unknown>>): Promise<World> {
  const world = await simulate({ bot, people: [], seed: 3, print: null });
  cleanups.push(() => world.stop());
  return world;
}

/** The samples of a text of Prometheus, by name and labels. */
function samples(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      expect(line).toMatch(/^parley_bot_[a-z_]+\{(\w+="([^"\\\n]|\\.)*",?)+\} \d+(\.\d+)?$/);
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

it('[BOT22] a bot is ready, and says why it is not: handlers that fail, no connection, no storage', {
  timeout: 60_000,
}, async () => {
  let storageFails = false;
  const memory = memoryStorage();
  const storage = {
    ...memory,
    setItem(key: string, value: string) {
      if (storageFails) throw new Error('The disk is full.');
      return memory.setItem(key, value);
    },
  };
  const bot = createBot({ ...PLACE, storage });
  bot.on('line:visitor', async (ctx) => {
    if (ctx.line.text === 'fail') throw new Error('That was wrong.');
    await ctx.reply('Yes.');
  });
  expect(bot.health).toMatchObject({ status: 'down', reason: 'The bot is stopped.' });
  const world = await begin(bot);
  await world.pass('1s');
  expect(bot.health).toMatchObject({ status: 'ready', reason: null });
  for (let times = 0; times < 5; times += 1) await (await world.visitor()).says('fail');
  await world.pass('1s');
  expect(bot.health).toMatchObject({
    ...{ status: 'degraded', reason: 'The handlers of 5 events in a row failed.', failures: 5 },
  });
  const ann = await world.visitor({ name: 'Ann' });
  storageFails = true;
  await ann.says('Hello');
  await world.pass('1s');
  expect(bot.health).toMatchObject({
    ...{ status: 'degraded', reason: 'What is known of chats cannot be kept.' },
  });
  storageFails = false;
  await ann.says('Hello');
  await world.pass('1s');
  expect(bot.health).toMatchObject({ status: 'ready', reason: null });
  const down = world.crashServer({ downFor: '5m' });
  await world.pass('2m');
  expect(bot.health).toMatchObject({ status: 'degraded', reason: 'The connection is offline.' });
  await down;
  await world.pass('2m');
  expect(bot.health.status).toBe('ready');
});

it('[BOT23] metrics count chats, lines that wait, durations and errors, with few labels', {
  timeout: 60_000,
}, async () => {
  const bot = createBot({ ...PLACE, name: 'faq "1"', handlerTimeout: 30_000 });
  let world: World | null = null;
  bot.on('line:visitor', async (ctx) => {
    if (ctx.line.text === 'stuck') await new Promise<void>((done) => clock(90_000, done));
    if (ctx.line.text === 'refused') await ctx.transfer({ skillId: 999_999 });
    await ctx.reply(`You said: ${ctx.line.text}`);
  });
  world = await begin(bot);
  const clock = (ms: number, done: () => void) => world?.connection.clock.after(ms, done);
  const label = 'bot="faq \\"1\\""';
  const ann = await world.visitor({ name: 'Ann' });
  const ben = await world.visitor({ name: 'Ben' });
  await ann.says('stuck');
  await ann.says('second');
  await ann.says('third');
  await world.pass('1s');
  const busy = samples(bot.metrics());
  expect(busy.get(`parley_bot_chats{${label}}`)).toBe(2);
  expect(busy.get(`parley_bot_running_handlers{${label}}`)).toBe(1);
  // The one that is handled, and those behind it.
  expect(busy.get(`parley_bot_waiting_lines{${label}}`)).toBe(2);
  expect(bot.health.waitingLines).toBe(2);
  await ben.says('refused');
  await world.pass('2m');
  const after = samples(bot.metrics());
  expect(after.get(`parley_bot_waiting_lines{${label}}`)).toBe(0);
  // A chat whose handler failed is the people's, with the lines that waited in it.
  const lines = `${label},event="line:visitor"`;
  expect(after.get(`parley_bot_handler_duration_seconds_count{${lines}}`)).toBe(2);
  expect(after.get(`parley_bot_handler_duration_seconds_bucket{${lines},le="10"}`)).toBe(1);
  expect(after.get(`parley_bot_handler_duration_seconds_bucket{${lines},le="30"}`)).toBe(2);
  expect(after.get(`parley_bot_handler_duration_seconds_bucket{${lines},le="+Inf"}`)).toBe(2);
  expect(after.get(`parley_bot_handler_duration_seconds_sum{${lines}}`)).toBeCloseTo(30, 0);
  expect(after.get(`parley_bot_errors_total{${label},kind="timeout"}`)).toBe(1);
  expect(after.get(`parley_bot_errors_total{${label},kind="refused"}`)).toBe(1);
  for (const kind of ERROR_KINDS) {
    expect(after.has(`parley_bot_errors_total{${label},kind="${kind}"}`)).toBe(true);
  }
  expect([...busy.keys()]).toEqual([...after.keys()]);
});

it('[BOT24] an endpoint says how the bots of a process are, and gives metrics to who may have them', async () => {
  const bot = createBot(PLACE);
  const other = createBot({ ...PLACE, name: 'other' });
  await expect(serveHealth([bot], { host: '0.0.0.0' })).rejects.toThrow('give a token');
  await expect(serveHealth([bot], { token: 'short' })).rejects.toThrow('16 are needed');
  expect(() => botMetrics([bot, createBot(PLACE)])).toThrow('Two bots are named "robot"');
  const token = 'a-token-of-the-operator';
  const served = await serveHealth([bot, other], { token });
  cleanups.push(() => served.close());
  const get = (path: string, headers = {}) =>
    fetch(`http://127.0.0.1:${served.port}${path}`, { headers });
  expect((await get('/healthz')).status).toBe(200);
  const down = await get('/readyz');
  expect(down.status).toBe(503);
  expect(await down.json()).toEqual({
    bots: ['robot', 'other'].map((name) => ({
      ...{ name, status: 'down', reason: 'The bot is stopped.', chats: 0 },
    })),
  });
  expect((await get('/metrics')).status).toBe(401);
  expect((await get('/metrics', { authorization: 'Bearer something else' })).status).toBe(401);
  const metrics = await get('/metrics', { authorization: `Bearer ${token}` });
  expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(samples(await metrics.text()).get('parley_bot_status{bot="other",status="down"}')).toBe(1);
  expect((await get('/')).status).toBe(404);
});
