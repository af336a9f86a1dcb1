/** Every program in the README runs as it stands there, against a server with demo data. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import { connectAgent } from '../src/agent/index.js';
import { PlainVisitor } from './support/visitor.js';

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

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

it('[CLIENT50] the first agent and its visitor talk', { timeout: 40_000 }, async () => {
  const agent = new Program('agent');
  await agent.printed('Online.');
  const visitor = new Program('visitor');
  expect(await visitor.exited, visitor.output).toBe(0);
  expect(visitor.output).toContain('Vera: Hello!\n');
  expect(visitor.output).toContain('You said: Hello!\n');
  expect(visitor.output).toContain('You said: Bye.\n');
  expect(agent.output).toContain('Chatting with Vera.');
});

it('[CLIENT50] the loop over offers takes one chat', { timeout: 40_000 }, async () => {
  const visitor = await PlainVisitor.start(server, { visitorName: 'Vera' });
  const agent = new Program('offers');
  await vi.waitFor(async () => expect(await visitor.texts('agent')).toHaveLength(1), 15_000);
  expect(await visitor.texts('agent')).toEqual(['Hello Vera, what can I do for you?']);
  await visitor.say('Nothing');
  expect(await agent.exited, agent.output).toBe(0);
  expect((await visitor.events()).at(-1)).toMatchObject({ state: 'ended' });
});

it('[CLIENT50] the connection is reported', { timeout: 40_000 }, async () => {
  const agent = new Program('connection');
  expect(await agent.exited, agent.output).toBe(0);
  expect(agent.output.trimEnd().split('\n').slice(-2)).toEqual(['ended', 'ended']);
});

it('[CLIENT50] a page starts a chat while somebody is there', { timeout: 40_000 }, async () => {
  const away = new Program('page');
  expect(await away.exited, away.output).toBe(0);
  expect(away.output).toBe('');
  const agent = await connectAgent({
    account: DEMO_ACCOUNT,
    domainApi: server.http,
    login: { username: 'agent1', password: DEMO_PASSWORD },
  });
  const there = new Program('page');
  expect(await there.exited, there.output).toBe(0);
  expect(there.output).toMatch(/^\d+$/m);
  await agent.close();
});

it('[CLIENT50] without tabs each page has a stream of its own', { timeout: 40_000 }, async () => {
  const tabs = new Program('tabs');
  expect(await tabs.exited, tabs.output).toBe(0);
  expect(tabs.output).toBe('waiting\n');
});

it('[CLIENT50] an administrator makes a skill', { timeout: 40_000 }, async () => {
  const admin = new Program('administration');
  expect(await admin.exited, admin.output).toBe(0);
  expect(admin.output).toContain('skill');
});

it('[CLIENT50] no program of the README was left out', () => {
  expect([...ran].sort()).toEqual([...blocks.keys()].sort());
  expect(blocks.size).toBeGreaterThan(4);
});
