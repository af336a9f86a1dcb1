// The example of a CRM page, of another origin than the server, in a real browser.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openStage } from '../actors.mjs';

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
let program;
let origin;

beforeAll(async () => {
  stage = await openStage();
  const main = fileURLToPath(new URL('../../examples/crm-page/dist/main.js', import.meta.url));
  program = spawn(process.execPath, [main], { env: { ...process.env, PORT: '0' } });
  const [said] = await once(program.stdout.setEncoding('utf8'), 'data');
  origin = /http:\S+/.exec(said)[0];
  await stage.configure((admin) => admin.changeSettings({ agentOrigins: [origin] }));
}, 60_000);

afterAll(async () => {
  program?.kill();
  await stage?.close();
});

it('[BOT42] a page in plain HTML takes a chat, knows the customer, answers and ends', {
  timeout: 60_000,
}, async () => {
  const page = await stage.newPage();
  await page.goto(origin);
  await page.getByLabel('Server').fill(stage.server.http);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Connect' }).click();
  await page
    .getByText(/user name|password|credential/i)
    .first()
    .waitFor();
  await page.getByLabel('Password').fill('parley-demo');
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByText('Connection: live').waitFor();
  const chat = await stage.visitor('Vera', '<b>Where</b> is my order?');
  await page.getByRole('button', { name: 'Accept Vera' }).click();
  await page.getByText('last order: 17').waitFor();
  await page.getByText('Vera: <b>Where</b> is my order?').waitFor();
  await page.getByLabel('Answer').fill('On its way.');
  await page.getByRole('button', { name: 'Send' }).click();
  await vi.waitFor(() => expect(chat.lines.at(-1)?.text).toBe('On its way.'), 10_000);
  await page.getByRole('button', { name: 'End the chat' }).click();
  await page.getByText('The chat is over.').waitFor();
  await vi.waitFor(() => expect(chat.over).toBe('ended'), 10_000);
  expect(stage.complaints).toEqual([]);
});
