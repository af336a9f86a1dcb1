/** The endpoints of docs/webhook-bots.md, as they stand there, in the languages that this machine has. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { keyOf, signedHeaders } from '../src/webhook/signature.js';

const page = readFileSync(new URL('../../../docs/webhook-bots.md', import.meta.url), 'utf8');
const programs = new Map(
  [...page.matchAll(/<!-- endpoint: (\S+) -->\n```\w+\n(.*?)```/gs)].map(
    ([, name = '', text = '']) => [name, text],
  ),
);
const folder = mkdtempSync(join(tmpdir(), 'parley-endpoints-'));
const secret = `whsec_${randomBytes(32).toString('base64')}`;
const other = `whsec_${randomBytes(32).toString('base64')}`;
let child: ChildProcess | null = null;

afterEach(async () => {
  const running = child;
  child = null;
  if (running === null) return;
  const closed = new Promise((resolve) => running.once('close', resolve));
  running.kill('SIGKILL');
  await closed;
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string): string {
  const file = join(folder, name);
  writeFileSync(file, programs.get(name) ?? expect.fail(`the page has no ${name}`));
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts a program. @returns where it listens */
async function begin(command: string, args: readonly string[]): Promise<number> {
  const port = await freePort();
  const given = args.map((arg) => arg.replace('PORT', String(port)));
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PORT: String(port), WEBHOOK_SECRET: secret };
  child = spawn(command, given, { env, stdio: 'ignore' });
  const listens = () => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' });
  await vi.waitFor(listens, { timeout: 15_000, interval: 50 });
  return port;
}

function send(port: number, event: object, secrets: readonly string[], at = Date.now()) {
  const body = JSON.stringify(event);
  const headers = { ...signedHeaders(secrets.map(keyOf), 'msg_1', at, body) };
  return fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
}

const line = (text: string) => ({ type: 'line:visitor', data: { line: { text }, state: {} } });

/** What runs each program, and what says whether it is there. */
const RUNTIMES = [
  ['JavaScript', 'endpoint.mjs', [process.execPath], '--version'],
  ['Python', 'endpoint.py', ['python3'], '--version'],
  ['PHP', 'endpoint.php', ['php', '-S', '127.0.0.1:PORT'], '--version'],
  ['Ruby', 'endpoint.rb', ['ruby'], '--version'],
  ['Go', 'endpoint.go', ['go'], 'version'],
] as const;

const THERE = RUNTIMES.filter(
  ([, , [command], version]) => spawnSync(command, [version]).status === 0,
);

it.each(THERE)(
  '[BOT56] the endpoint in %s checks signatures, answers and hands over',
  {
    timeout: 60_000,
  },
  async (_, name, [command, ...args]) => {
    const file = write(name);
    if (command === 'go') {
      // Compiled first: `go run` leaves its program behind when it is killed.
      const build = ['build', '-o', join(folder, 'endpoint'), file];
      await promisify(execFile)('go', build, {
        env: { ...process.env, GOCACHE: join(folder, 'go') },
      });
    }
    const port =
      command === 'go'
        ? await begin(join(folder, 'endpoint'), [])
        : await begin(command, [...args, file]);
    const said = await send(port, line('Grüße, where is order 17?'), [other, secret]);
    expect([said.status, await said.json()]).toEqual([
      200,
      { reply: 'You said: Grüße, where is order 17?' },
    ]);
    const person = await send(port, line('A person, please'), [secret]);
    expect(await person.json()).toEqual({ handOver: { note: 'Asked for a person.' } });
    expect((await send(port, { type: 'chat:start', data: {} }, [secret])).status).toBe(204);
    expect((await send(port, line('Hi'), [other])).status).toBe(401);
    expect((await send(port, line('Hi'), [secret], Date.now() - 600_000)).status).toBe(401);
  },
);

it('[BOT56] a request that the shell signs is accepted', async () => {
  const port = await begin(process.execPath, [write('endpoint.mjs')]);
  const env = { PATH: process.env['PATH'], PORT: String(port), WEBHOOK_SECRET: secret };
  const { stdout } = await promisify(execFile)('sh', ['-eu', write('try.sh')], { env });
  expect(JSON.parse(stdout)).toEqual({ reply: 'You said: Where is order 17?' });
});
