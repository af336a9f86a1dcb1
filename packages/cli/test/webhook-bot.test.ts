import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyWebhook } from '@parley/bot';
import { startChat } from '@parley/client/visitor';
import { expect, it, onTestFinished, vi } from 'vitest';
import { newFolder, parleyHere, serve, start } from './parley.js';

const SECRET = 'whsec_bXkgc2VjcmV0IG9mIHRoaXJ0eS10d28gYnl0ZXMgLi4=';

it('[BOT57] parley bot webhook answers by an endpoint until it is stopped', {
  timeout: 60_000,
}, async () => {
  const folder = await newFolder();
  const endpoint = createServer(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    if (!verifyWebhook(SECRET, request.headers, body)) return response.writeHead(401).end();
    const { data } = JSON.parse(body);
    return response.end(JSON.stringify({ reply: `${data.line?.text ?? 'Hello'}!` }));
  });
  onTestFinished(() => void endpoint.close());
  await new Promise<void>((listening) => endpoint.listen(0, '127.0.0.1', listening));
  const ports = ['--http-port', '0', '--https-port', 'off', '--no-ui'];
  const { ready } = await serve(['--demo', '--data-dir', join(folder, 'data'), ...ports]);
  // A newer secret that the endpoint does not know yet.
  const secrets = join(folder, 'secrets');
  writeFileSync(secrets, `${SECRET.replace('bXkg', 'bXlz')}\n${SECRET}\n`);
  const bot = start(
    [
      ...['bot', 'webhook', '--account', '12345678', '--user', 'bot1', '--server', ready.http],
      ...['--url', `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/?key=hidden`],
      ...['--secret-file', secrets, '--later-port', '0', '--hand-over', 'Support'],
    ],
    { PARLEY_PASSWORD: 'parley-demo' },
  );
  const chat = await startChat({
    ...{ account: '12345678', domainApi: ready.http, appKey: 'parley-demo-visitor-key' },
  });
  await chat.say('Tea');
  await vi.waitFor(
    () =>
      expect(chat.lines.flatMap(({ source, text }) => (source === 'agent' ? [text] : []))).toEqual([
        'Hello!',
        'Tea!',
      ]),
    20_000,
  );
  await chat.end();
  bot.child.kill('SIGTERM');
  const { code, err } = await bot.ended;
  expect([code, err]).toEqual([0, expect.stringContaining('Later answers are taken on port')]);
  expect(err).not.toMatch(/hidden|whsec_/);
});

it.each([
  [[], {}, 'There is no secret: give --secret-file'],
  [[], { WEBHOOK_SECRET: 'whsec_c2hvcnQ=' }, 'must be "whsec_" and the Base64'],
  [['--url', 'nowhere'], { WEBHOOK_SECRET: SECRET }, 'got "nowhere"'],
  [['--key-file', '/nowhere.json'], { WEBHOOK_SECRET: SECRET }, 'cannot be read (ENOENT)'],
])('[BOT57] parley bot webhook refuses what cannot work: %j', async (args, variables, words) => {
  const base = ['bot', 'webhook', '--url', 'http://127.0.0.1:9/', '--account', '1', '--user', 'b'];
  const { code, err } = await parleyHere([...base, ...args], {
    PARLEY_PASSWORD: 'x',
    ...variables,
  });
  expect([code, err]).toEqual([1, expect.stringContaining(words)]);
  expect(err).not.toContain('c2hvcnQ');
});
