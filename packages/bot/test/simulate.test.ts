import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleepReally } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { connectAgent } from '@parley/client/agent';
import { createBot, memoryStorage } from '../src/index.js';
import { type Faults, simulate, type SimulateOptions, type World } from '../src/simulate/index.js';

const NOWHERE = {
  account: 'brand',
  domainApi: 'https://chat.example.com',
  login: { username: 'robot', password: 'of the real account' },
};
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Answers all but what a person is for; `storage` outlives a crash. */
function makeBot(storage = memoryStorage()) {
  const bot = createBot({ ...NOWHERE, handOver: { skill: 'Support' }, storage });
  bot.on('chat:start', (ctx) => ctx.reply(`Hello ${ctx.visitor.name}.`));
  bot.on('line:visitor').filter(
    (ctx) => /person/.test(ctx.line.text),
    async (ctx) => {
      await ctx.whisper('They asked for a person.');
      await ctx.handOver({ note: 'Asked for a person.' });
    },
  );
  bot.on('line:visitor', (ctx) => ctx.reply(`You said: ${ctx.line.text}`));
  return bot;
}

async function begin(options: SimulateOptions = {}): Promise<World> {
  const world = await simulate({ seed: 7, print: null, ...options });
  cleanups.push(() => world.stop());
  return world;
}

it('[SIM1] a bot meets the real server: greets, answers, and hands over to a person, in virtual time', async () => {
  const world = await begin({ bot: makeBot(), clock: '2026-03-02T09:00:00+01:00' });
  const ann = await world.visitor({ name: 'Ann' });
  await ann.says('Where is order 17?');
  expect(await ann.hears()).toBe('Hello Ann.');
  expect(await ann.hears()).toBe('You said: Where is order 17?');
  ann
    .expect()
    .agentSaid(/order 17/)
    .notHandedOver()
    .goesOn();
  await ann.says('A person, please.');
  const began = performance.now();
  await world.pass({ minutes: 2 });
  expect(performance.now() - began).toBeLessThan(60_000);
  expect(world.now.toISOString()).toBe('2026-03-02T08:02:00.000Z');
  ann
    .expect()
    .whispered('They asked')
    .handedOverTo('Support', { note: 'Asked for a person.' })
    .agentSaid('Hello, this is agent1.');
  await ann.ends();
  ann.expect().ended();
  world.expect().noLineTwice().noLineLost().noVisitorUnanswered({ longerThan: '60s' });
  expect(ann.transcript).toMatch(/^\+00:00:00 Ann: Where is order 17\?$/m);
});

it('[SIM2] what is expected and is not so fails with the transcript', async () => {
  const world = await begin({ bot: makeBot(), people: [] });
  const ann = await world.visitor({ name: 'Ann' });
  await ann.says('Hi');
  await ann.hears();
  const says = /The chat of Ann: expected .*\n\+00:00:00 /;
  expect(() => ann.expect().agentSaid('Goodbye')).toThrow(says);
  expect(() => ann.expect().agentNeverSaid('Hello')).toThrow(says);
  expect(() => ann.expect().handedOverTo('Support')).toThrow(says);
  expect(() => ann.expect().whispered('')).toThrow(says);
  expect(() => ann.expect().ended()).toThrow(says);
  await world.crashBot({ downFor: '1h' }).catch(() => {});
  world.expect().noVisitorUnanswered({ longerThan: '10s' });
});

it('[ESC1] whom a bot leaves without an answer a person answers, soon after the limit', async () => {
  const world = await begin({
    bot: createBot(NOWHERE),
    people: { agent1: { greets: 'A person is here.' } },
    skills: { Help: ['bot1', 'agent1'] },
  });
  for (const name of ['Ann', 'Ben', 'Cat']) {
    const visitor = await world.visitor({ name, skill: 'Help' });
    await visitor.says('Anybody?');
  }
  await world.pass('59s');
  // Some of them wait for the bot, which says nothing.
  expect(() => world.expect().noVisitorUnanswered({ longerThan: '50s' })).toThrow('waited');
  await world.pass('31s');
  world.expect().noVisitorUnanswered({ longerThan: '85s' });
});

it('[SIM3] a visitor who waits too long, and a line that stands twice, are found', async () => {
  const deaf = createBot(NOWHERE);
  deaf.on('line:visitor', async (ctx) => {
    if (ctx.line.text === 'twice') for (const _ of [1, 2]) await ctx.reply('Here.');
  });
  const world = await begin({ bot: deaf, people: [] });
  const ann = await world.visitor({ name: 'Ann' });
  await ann.says('Anybody?');
  await world.pass('61s');
  expect(() => world.expect().noVisitorUnanswered({ longerThan: '60s' })).toThrow(
    /chat of Ann waited 61 s for an answer, from \+00:00:00 on \(seed 7\)/,
  );
  await ann.says('twice');
  await world.pass('1s');
  expect(() => world.expect().noLineTwice()).toThrow('has a line twice: Parley Bot: Here.');
});

it('[SIM4] with the same seed the same happens, a crash included', {
  timeout: 60_000,
}, async () => {
  const play = async () => {
    const storage = memoryStorage();
    const world = await begin({ bot: () => makeBot(storage) });
    await world.day({ chats: 5, within: '10m' });
    await world.crashBot();
    await world.day({ chats: 3, within: '5m' });
    await world.stop();
    return world.transcript;
  };
  const first = await play();
  expect(first).toContain('# Visitor 8\n');
  expect(await play()).toBe(first);
});

const ALL_FAULTS: Faults = {
  ...{ delay: 0.2, drop: 0.05, duplicate: 0.1, tooMany: 0.05, serverErrors: 0.05 },
  ...{ crashBotEvery: '4m', crashServerEvery: '7m' },
};

const SAME_RUNS = Number(process.env['PARLEY_SIMULATE_SAME'] ?? 2);

it('[SIM4, SIM12] whatever is delayed, lost, doubled, refused or killed: no line is lost or stands twice, and with the same seed the same happens', {
  timeout: 60_000 + SAME_RUNS * 15_000,
}, async () => {
  const play = async () => {
    const storage = memoryStorage();
    const world = await begin({ bot: () => makeBot(storage) });
    await world.faults(ALL_FAULTS);
    const report = await world.day({ chats: 8, within: '15m' });
    expect(report.answers).toBeGreaterThan(3);
    world.expect().noLineTwice().noLineLost();
    await world.stop();
    return world.transcript;
  };
  const first = await play();
  for (let run = 1; run < SAME_RUNS; run += 1) expect(await play(), `run ${run}`).toBe(first);
});

it('[SIM5] a bot that was killed goes on where it was, and so does a server', async () => {
  const storage = memoryStorage();
  const world = await begin({ bot: () => makeBot(storage), people: [] });
  const ann = await world.visitor({ name: 'Ann' });
  await ann.says('One');
  await ann.hears();
  const before = world.bot;
  await world.crashBot();
  expect(world.bot).not.toBe(before);
  await ann.says('Two');
  await world.pass('10s');
  await world.crashServer({ downFor: '20s' });
  await ann.says('Three');
  await world.pass('2m');
  ann.expect().agentSaid('You said: One').agentSaid('You said: Two').agentSaid('You said: Three');
  world.expect().noLineTwice().noLineLost();
});

it('[SIM6] no time passes while a handler waits for something real', async () => {
  const bot = createBot({ ...NOWHERE, handlerTimeout: 5_000 });
  bot.on('line:visitor', async (ctx) => {
    await sleepReally(300);
    await ctx.reply('From afar.');
  });
  const world = await begin({ bot, people: [] });
  const ann = await world.visitor({ name: 'Ann' });
  await ann.says('Hi');
  await world.pass('10s');
  ann.expect().agentSaid('From afar.').notHandedOver();
  expect(ann.transcript).toContain('+00:00:00 Parley Bot: From afar.');
});

it('[SIM7] a golden transcript is written once, and compared from then on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-golden-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'order.txt');
  const world = await begin({ bot: makeBot(), people: [] });
  const ann = await world.visitor({ name: 'Ann' });
  await ann.says('Hi');
  await ann.hears();
  world.golden(file);
  expect(readFileSync(file, 'utf8')).toContain('# Ann\n');
  world.golden(file);
  writeFileSync(file, readFileSync(file, 'utf8').replace('Hello Ann.', 'Hello Bob.'));
  expect(() => world.golden(file)).toThrow(/line \d on:\n- .*Hello Bob\.\n\+ .*Hello Ann\./);
});

it('[SIM8] a mistake in what is asked of it names what there is', async () => {
  await expect(begin({ clock: 'yesterday' })).rejects.toThrow('clock is yesterday');
  await expect(begin({ skills: { Bot: ['bot2'] } })).rejects.toThrow(
    'There is no user "bot2" in a simulation. There are: agent1, agent2, bot1, manager1, admin1.',
  );
  const world = await begin({ people: [] });
  await expect(world.pass('soon' as '1s')).rejects.toThrow('"soon" is no duration');
  await expect(world.faults({ drop: 2 })).rejects.toThrow('faults.drop is 2');
  await expect(world.faults({ fire: 1 } as object)).rejects.toThrow('There is no fault "fire"');
});

it('[SIM9] any client of the account works in it, at its time', async () => {
  const world = await begin({ people: [] });
  const login = { username: 'agent2', password: 'parley-demo' };
  const agent = await world.until(connectAgent({ ...world.connection, login }));
  const ann = await world.visitor({ name: 'Ann', skill: 'Sales' });
  const [offer] = agent.ringing;
  expect(offer?.ringing).toBe(1);
  const chat = await world.until(offer?.accept() ?? Promise.resolve(null));
  await world.until(chat?.say('By hand.') ?? Promise.resolve(null));
  await world.pass('1s');
  ann.expect().agentSaid('By hand.');
});

const CHATS = Number(process.env['PARLEY_SIMULATE_CHATS'] ?? 30);

it(`[SIM10] a day with ${CHATS} chats passes: everybody is answered, no line is lost or stands twice`, {
  timeout: 300_000,
}, async () => {
  const printed: string[] = [];
  const world = await begin({ bot: makeBot(), seed: 42, print: (line) => printed.push(line) });
  const report = await world.day({ chats: CHATS, within: CHATS < 500 ? '40m' : '24h' });
  world.expect().noVisitorUnanswered({ longerThan: '60s' }).noLineTwice().noLineLost();
  expect(report).toMatchObject({ chats: CHATS, refused: 0 });
  expect(report.answers).toBeGreaterThan(report.lines);
  expect(report.handedOver).toBeGreaterThan(CHATS / 20);
  expect(printed[0]).toBe('Simulation with seed 42.');
  if (CHATS >= 1_000) expect(report.took).toBeLessThan(30_000);
});
