import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAgent } from '@parley/client/agent';
import { startChat } from '@parley/client/visitor';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DemoServer } from '../../agent-sample/test/demo-server.js';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'parley-faq-bot-'));

let server: DemoServer;
let child: ChildProcess | null = null;
let output = '';

beforeAll(async () => {
  server = await DemoServer.start();
}, 60_000);

afterAll(async () => {
  child?.kill('SIGKILL');
  await server.stop();
  rmSync(data, { recursive: true });
});

const until = (what: () => void) => vi.waitFor(what, { timeout: 20_000, interval: 50 });

/** Settles when the bot is connected. */
async function startBot() {
  output = '';
  const { http, account } = server.ready;
  const started = spawn(process.execPath, [program], {
    env: {
      PATH: process.env['PATH'],
      PARLEY_DOMAIN: http,
      PARLEY_ACCOUNT: account,
      BOT_DATA: data,
    },
  });
  child = started;
  started.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await until(() => expect(output).toContain('"live"'));
  return { exited: new Promise<number | null>((resolve) => started.once('close', resolve)) };
}

it('[BOT40] answers, is killed and goes on, and hands over what it does not know', {
  timeout: 90_000,
}, async () => {
  await startBot();
  const { http: domainApi, account } = server.ready;
  const chat = await startChat({
    ...{ account, domainApi, appKey: 'parley-demo-visitor-key', visitorName: 'Vera' },
  });
  const said = () => chat.lines.filter(({ by }) => by === 'Parley Bot').map(({ text }) => text);
  const expected = ['Hello Vera, what would you like to know?'];
  const next = async (line: string, ...answers: string[]) => {
    await chat.say(line);
    expected.push(...answers);
    await until(() => expect(said()).toEqual(expected));
  };
  await next('What is the delivery cost?', '<p>Nothing from 20 €, below that 3 €.</p>');
  await next(
    'Can I return a book?',
    '<p>Yes, within 30 days, unread. The label is in the parcel.</p>',
  );
  const again = 'I am not sure that I understand. Can you say it in other words?';
  await next('Is Emma a novel?', again);
  child?.kill('SIGKILL');
  const { exited } = await startBot();
  await next(
    'Who wrote Emma?',
    'I do not know that. Let me find somebody who does.',
    'Nobody is free at the moment. Please stay: the first who is free will write to you here.',
  );
  const person = await connectAgent({
    ...{ account, domainApi, login: { username: 'agent2', password: 'parley-demo' } },
  });
  for await (const offer of person.offers()) {
    const taken = await offer.accept();
    if (taken === null) continue;
    expect(JSON.stringify(taken.history)).toContain(
      'Could not answer: Is Emma a novel? / Who wrote Emma?',
    );
    await taken.end();
    break;
  }
  await person.close();
  child?.kill('SIGTERM');
  expect(await exited, output).toBe(0);
  expect(output).toContain('Stopped.');
});
