/** Every program in the README runs as it stands there, against a server with demo data. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../server/test/harness.js';
import { PlainVisitor } from '../../client/test/support/visitor.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const blocks = new Map(
  [
    ...readFileSync(`${folder}/README.md`, 'utf8').matchAll(
      /<!-- runs: (\w+) -->\n```js\n(.*?)```/gs,
    ),
  ].map(([, name = '', code = '']) => [name, code]),
);
const ran = new Set<string>();
const running: Program[] = [];
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(() => {
  for (const program of running.splice(0)) program.kill();
});

afterAll(() => server.stop());

/** A program of the README as a process of its own, on the built package. */
class Program {
  output = '';
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(name: string) {
    const code = blocks.get(name)?.replaceAll('http://localhost:8080', server.http);
    if (code === undefined) throw new Error(`the README has no program "${name}"`);
    ran.add(name);
    this.#child = spawn(process.execPath, ['--input-type=module', '-'], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.exited = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin?.end(code);
    running.push(this);
  }

  printed(text: string): Promise<void> {
    return vi.waitFor(() => expect(this.output).toContain(text), { timeout: 15_000, interval: 30 });
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}

it('[BOT12] the first bot greets its visitor, answers, and stops when it is asked to', {
  timeout: 40_000,
}, async () => {
  const bot = new Program('bot');
  await bot.printed('"live"');
  const visitor = new Program('visitor');
  expect(await visitor.exited, visitor.output).toBe(0);
  expect(visitor.output).toContain('Parley Bot: Hello Vera, ask me anything.\n');
  expect(visitor.output).toContain('Parley Bot: You said: Where is my order?\n');
  bot.kill('SIGTERM');
  expect(await bot.exited, bot.output).toBe(0);
  expect(bot.output).toContain('Stopped.');
});

it('[BOT12] middleware measures, and a bot stops itself', { timeout: 40_000 }, async () => {
  const bot = new Program('middleware');
  await bot.printed('"live"');
  const visitor = await PlainVisitor.start(server);
  await visitor.say('Which books are there?');
  await visitor.say('Thanks');
  expect(await bot.exited, bot.output).toBe(0);
  expect(await visitor.texts('agent')).toEqual(['Which of them?']);
  expect(bot.output).toMatch(/"msg":"Handled\.","chat":"[^"]+","event":"line:visitor","ms":\d+/);
});

it('[BOT12] a bot is tested without a network', { timeout: 60_000 }, async () => {
  const program = new Program('simulate');
  expect(await program.exited, program.output).toBe(0);
  expect(program.output).toMatch(/^Simulation with seed 17\.\nYou said: Hello\n/);
  expect(program.output).toMatch(/8 chats, \d+ answers\n$/);
});

it('[BOT12] no program of the README was left out', () => {
  expect([...ran].sort()).toEqual([...blocks.keys()].sort());
  expect(blocks.size).toBeGreaterThan(2);
});
