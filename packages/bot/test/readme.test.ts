/** Every program in the README runs as it stands there, against a server with demo data. */
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../server/test/harness.js';
import { PlainVisitor } from '../../client/test/support/visitor.js';
import { Readme } from '../../client/test/support/readme.js';

const readme = new Readme(fileURLToPath(new URL('..', import.meta.url)));
let server: TestServer;

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

it('[BOT12] no program of the README was left out', () => {
  expect(readme.left).toEqual([]);
  expect(readme.size).toBeGreaterThan(2);
});
