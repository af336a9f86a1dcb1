// The agents' workspace in a real browser, at a real server, with visitors of the SDK.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { connectAdministration } from '@parley/client/administration';
import { connectAgent } from '@parley/client/agent';
import { startChat } from '@parley/client/visitor';
import { startServer } from '@parley/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../axe.mjs';
import { browser, closeBrowser } from '../browser.mjs';

const APPS = fileURLToPath(new URL('../../apps/', import.meta.url));
const ASSETS = join(APPS, 'workspace/dist/assets');
const ACCOUNT = '12345678';

let folder;
let server;
let context;
let page;
const visitors = [];
/** Errors of the page, and what its policy forbade. */
const complaints = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-workspace-'));
  server = await startServer({
    dataDir: folder,
    demo: true,
    httpPort: 0,
    httpsPort: null,
    logLevel: 'silent',
    pages: APPS,
  });
  await configure();
  context = await (await browser()).newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
  });
}, 60_000);

afterAll(async () => {
  for (const each of visitors) each.close();
  await closeBrowser();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What agents choose from. */
async function configure() {
  const login = { username: 'admin1', password: 'parley-demo' };
  const admin = await connectAdministration({ account: ACCOUNT, domainApi: server.http, login });
  const greeting = 'Hello {visitorName}, this is {agentName}.';
  await admin.cannedContent.create({
    name: 'Greeting',
    isEnabled: true,
    texts: [{ language: 'en-US', text: greeting }],
  });
  await admin.statusReasons.create({ text: 'Lunch', state: 'Occupied', enabled: true });
  await admin.close();
}

async function visitor(visitorName, firstLine) {
  const place = { account: ACCOUNT, domainApi: server.http, appKey: 'parley-demo-visitor-key' };
  const chat = await startChat({ ...place, visitorName, firstLine });
  visitors.push(chat);
  return chat;
}

const field = () => page.locator('textarea');

describe('the workspace in a browser', { timeout: 60_000 }, () => {
  it('[DESK7] the first load is within its limit', () => {
    // What the page names, and what those files need before they run.
    const html = readFileSync(join(APPS, 'workspace/dist/index.html'), 'utf8');
    const loaded = new Set(html.match(/(?<=assets\/)[\w.-]+\.(js|css)/g));
    for (const name of loaded) {
      if (!name.endsWith('.js')) continue;
      const source = readFileSync(join(ASSETS, name), 'utf8');
      for (const [, other] of source.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) {
        loaded.add(other);
      }
    }
    const size = (ending) =>
      [...loaded]
        .filter((name) => name.endsWith(ending))
        .reduce((sum, name) => sum + gzipSync(readFileSync(join(ASSETS, name))).length, 0);
    expect(size('.js')).toBeGreaterThan(50_000);
    expect(size('.js') + size('.css')).toBeLessThanOrEqual(250_000);
    expect(size('.css')).toBeLessThanOrEqual(14_000);
  });

  it('[DESK7] logs in by keyboard; a wrong password is reported', async () => {
    await page.goto(`${server.http}/workspace/?account=${ACCOUNT}&user=agent1&lang=en`);
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator('[name=password]').fill('parley-demo');
    await page.keyboard.press('Enter');
    await page.getByText('No chats. You are Online').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('[DESK1] a chat rings, is shown in the title, and is accepted by F2', async () => {
    const vera = await visitor('Vera', 'Is the blue one in stock?');
    const ring = page.locator('nav').getByRole('region', { name: 'Ringing chats' });
    await ring.getByText('Vera').waitFor();
    await expect.poll(() => page.title()).toBe('● Vera calls');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('F2');
    await page.getByRole('region', { name: 'Transcript' }).getByText('Is the blue one').waitFor();
    expect(vera.over).toBeNull();
  });

  it('[DESK3] a reply reaches the visitor; a private note does not', async () => {
    const heard = [];
    visitors[0].on('lines', (lines) => heard.push(...lines.map(({ text }) => text)));
    await field().fill('Yes, it is.');
    await field().press('Enter');
    await expect.poll(() => heard).toContain('Yes, it is.');
    await page.keyboard.press('Control+.');
    await page.getByRole('button', { name: 'Add note' }).waitFor();
    await field().fill('Ask for the size');
    await field().press('Enter');
    await page.getByRole('region', { name: 'Transcript' }).getByText('Ask for the size').waitFor();
    await page.keyboard.press('Control+.');
    await field().fill('Which size?');
    await field().press('Enter');
    // It came after the note: whoever has it would have the note, too.
    await expect.poll(() => heard).toContain('Which size?');
    expect(heard).not.toContain('Ask for the size');
    expect(await violations(page)).toEqual([]);
  });

  it('[DESK10] `/` completes a canned text, filled in for the chat', async () => {
    await field().pressSequentially('Well /gre');
    const choice = page.getByRole('option', { name: 'Greeting' });
    await choice.waitFor();
    await page.getByText('Hello Vera, this is Anna.').waitFor();
    expect(await violations(page)).toEqual([]);
    await field().press('Enter');
    expect(await field().inputValue()).toBe('Well Hello Vera, this is Anna.');
    await choice.waitFor({ state: 'detached' });
  });

  it('[DESK11] marks of a line reach the visitor as HTML', async () => {
    const heard = [];
    visitors[0].on('lines', (lines) => heard.push(...lines.map(({ text }) => text)));
    await field().fill('1 < 2, _really_');
    await field().selectText();
    await field().press('Control+b');
    await field().press('Enter');
    await expect.poll(() => heard).toContain('<b>1 &lt; 2, <i>really</i></b>');
  });

  it('[DESK12] a status reason is chosen under its state, and shown', async () => {
    await page.getByRole('button', { name: /^Online/ }).click();
    await page.getByRole('menuitemradio', { name: 'Lunch' }).click();
    await page.getByRole('button', { name: /^Occupied.*Lunch/ }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('menuitemradio', { name: /^Online/ }).click();
    await page.getByRole('button', { name: /^Online/ }).waitFor();
  });

  it('[DESK4] drafts stay with their chat and mode', async () => {
    await field().fill('a reply for Vera');
    await page.keyboard.press('Control+.');
    await field().fill('a note about Vera');
    await visitor('Walter', 'Hello');
    await page.locator('nav').getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('heading', { name: 'Walter' }).waitFor();
    expect(await field().inputValue()).toBe('');
    await page.getByRole('link', { name: /Vera/ }).click();
    await page.getByRole('heading', { name: 'Vera' }).waitFor();
    expect(await field().inputValue()).toBe('a note about Vera');
    await page.keyboard.press('Control+.');
    await expect.poll(() => field().inputValue()).toBe('a reply for Vera');
  });

  it('[DESK5] markup of a line is text or an allowed element', async () => {
    await visitors[0].say('<img src=x onerror="window.hit = 1"><b>bold</b>');
    const transcript = page.getByRole('region', { name: 'Transcript' });
    await transcript.getByText('bold').waitFor();
    expect(await transcript.locator('img, script').count()).toBe(0);
    expect(await page.evaluate(() => window.hit)).toBeUndefined();
  });

  it('[DESK6] ends at the second press; the chat stays until it is done with', async () => {
    await page.getByRole('button', { name: 'End', exact: true }).click();
    expect(visitors[0].over).toBeNull();
    await page.getByRole('button', { name: 'End this chat?' }).click();
    await page.getByText('This chat has ended.').waitFor();
    await expect.poll(() => visitors[0].over).toBe('ended');
    expect(await page.getByRole('link', { name: /Vera/ }).count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => page.getByRole('link', { name: /Vera/ }).count()).toBe(0);
  });

  it('[DESK8] says when another place took the session over', async () => {
    await page.getByRole('link', { name: /Walter/ }).click();
    await field().fill('not sent yet');
    const login = { username: 'agent1', password: 'parley-demo' };
    const elsewhere = await connectAgent({ account: ACCOUNT, domainApi: server.http, login });
    await page.getByText('You are working somewhere else').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await field().inputValue()).toBe('not sent yet');
    await elsewhere.close();
  });

  it('[PAGE4] the browser complains of nothing', () => {
    expect(complaints).toEqual([]);
  });
});
