// The example of a CRM page, of another origin than the server, in a real browser.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAdministration } from '@parley/client/administration';
import { startChat } from '@parley/client/visitor';
import { startServer } from '@parley/server';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { browser, closeBrowser } from '../browser.mjs';

const ACCOUNT = '12345678';
let folder;
let server;
let program;
let origin;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-crm-'));
  server = await startServer({
    ...{ dataDir: folder, demo: true, httpPort: 0, httpsPort: null, logLevel: 'silent' },
  });
  const main = fileURLToPath(new URL('../../examples/crm-page/dist/main.js', import.meta.url));
  program = spawn(process.execPath, [main], { env: { ...process.env, PORT: '0' } });
  const [said] = await once(program.stdout.setEncoding('utf8'), 'data');
  origin = /http:\S+/.exec(said)[0];
  const admin = await connectAdministration({
    ...{ account: ACCOUNT, domainApi: server.http },
    login: { username: 'admin1', password: 'parley-demo' },
  });
  await admin.changeSettings({ agentOrigins: [origin] });
  await admin.close();
}, 60_000);

afterAll(async () => {
  program?.kill();
  await closeBrowser();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('[BOT42] a page in plain HTML takes a chat, knows the customer, answers and ends', {
  timeout: 60_000,
}, async () => {
  const page = await (await browser()).newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(origin);
  await page.getByLabel('Server').fill(server.http);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Connect' }).click();
  await page
    .getByText(/user name|password|credential/i)
    .first()
    .waitFor();
  await page.getByLabel('Password').fill('parley-demo');
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByText('Connection: live').waitFor();
  const chat = await startChat({
    ...{ account: ACCOUNT, domainApi: server.http, appKey: 'parley-demo-visitor-key' },
    visitorName: 'Vera',
  });
  await chat.say('<b>Where</b> is my order?');
  await page.getByRole('button', { name: 'Accept Vera' }).click();
  await page.getByText('last order: 17').waitFor();
  await page.getByText('Vera: <b>Where</b> is my order?').waitFor();
  await page.getByLabel('Answer').fill('On its way.');
  await page.getByRole('button', { name: 'Send' }).click();
  await vi.waitFor(() => expect(chat.lines.at(-1)?.text).toBe('On its way.'), 10_000);
  await page.getByRole('button', { name: 'End the chat' }).click();
  await page.getByText('The chat is over.').waitFor();
  await vi.waitFor(() => expect(chat.over).toBe('ended'), 10_000);
  expect(problems).toEqual([]);
  await page.close();
});
