import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startChat } from '@parley/client/visitor';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { DemoServer } from '../../agent-sample/test/demo-server.js';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let server: DemoServer;
let child: ChildProcess | null = null;
let output = '';

beforeAll(async () => {
  server = await DemoServer.start();
}, 60_000);

afterEach(() => child?.kill('SIGKILL'));

afterAll(() => server.stop());

function start(environment: Readonly<Record<string, string>>): Promise<number | null> {
  output = '';
  const { https, account } = server.ready;
  const started = spawn(process.execPath, [program, '--domain', https, '--account', account], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  child = started;
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text.replace(/^\d\d:\d\d:\d\d {2}/gm, '');
    });
  }
  return new Promise((resolve) => started.once('close', resolve));
}

const until = (what: () => void) => vi.waitFor(what, { timeout: 30_000, interval: 50 });

it('[CLIENT55] over TLS it finds its account, talks to a visitor to the end of its script, and logs out', {
  timeout: 120_000,
}, async () => {
  const { ready } = server;
  const exited = start({ NODE_EXTRA_CA_CERTS: ready.caCert });
  await until(() => expect(output).toContain('Online; waiting for chats.'));
  const chat = await startChat({
    account: ready.account,
    domainApi: ready.http,
    appKey: 'parley-demo-visitor-key',
    visitorName: 'Vera',
  });
  const answers = () => chat.lines.filter(({ source }) => source === 'agent');
  for (const [index, text] of ['Hi', 'My parcel has not come.', 'Thank you!'].entries()) {
    await chat.say(text);
    await until(() => expect(answers()).toHaveLength(index + 1));
  }
  await until(() => expect(chat.over).toBe('ended'));
  await until(() => expect(output).toContain('The chat with Vera is over.'));
  expect(output).toContain('Vera: My parcel has not come.\n');
  child?.kill('SIGINT');
  expect(await exited, output).toBe(0);
  expect(output).toMatch(/Logged out\.\n$/);
});

it('[CLIENT56] says in one line what to do about a certificate that is not trusted, and about a wrong password', {
  timeout: 60_000,
}, async () => {
  expect(await start({})).toBe(1);
  expect(output).toMatch(
    /^The connection is ended\.\nThe certificate of https:.* is not trusted .*NODE_EXTRA_CA_CERTS.*\n$/,
  );
  const { caCert } = server.ready;
  expect(await start({ NODE_EXTRA_CA_CERTS: caCert, PARLEY_PASSWORD: 'not-it' })).toBe(1);
  expect(output).toMatch(/password .* is wrong/);
});
