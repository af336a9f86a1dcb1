// The visitors' widget in a real browser: in the demo shop, and on host pages that make it hard.
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, APPS, openStage } from '../actors.mjs';

const DIST = join(APPS, 'widget/dist');

/** Strict in what it allows, hostile in what it does to elements and keys. */
const hostile = (origin) => `<!doctype html><html lang="en"><head><title>host</title>
<link rel="stylesheet" href="/hostile.css">
<script src="/hostile.js"></script>
<script async src="${origin}/widget.js" data-account="${ACCOUNT}" data-app-key="parley-demo-visitor-key"></script>
</head><body><p>host</p></body></html>`;
const HOSTILE_CSS =
  'html { font-size: 62.5% } * { all: unset !important; color: red !important } body * { display: none !important }';
const HOSTILE_JS = `window.keys = 0; window.violations = [];
document.addEventListener('keydown', () => { window.keys += 1; });
document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));`;

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
let server;
let host;
let hostOrigin;
let agent;

beforeAll(async () => {
  stage = await openStage();
  ({ server } = stage);
  const policy = [
    `default-src 'none'`,
    `script-src 'self' ${server.http}`,
    `connect-src ${server.http}`,
    `style-src-elem 'self'`,
    `style-src-attr 'none'`,
    `require-trusted-types-for 'script'`,
  ].join('; ');
  host = createServer((request, response) => {
    const kind = request.url?.endsWith('.css')
      ? 'css'
      : request.url?.endsWith('.js')
        ? 'javascript'
        : 'html';
    const body = { css: HOSTILE_CSS, javascript: HOSTILE_JS, html: hostile(server.http) }[kind];
    response
      .setHeader('content-type', `text/${kind}`)
      .setHeader('content-security-policy', policy)
      .end(body);
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  hostOrigin = `http://127.0.0.1:${host.address().port}`;
}, 60_000);

afterAll(async () => {
  await agent?.close();
  await stage?.close();
  host?.close();
});

/** An agent that repeats what is said, and has a card and HTML to give. */
async function withAgent() {
  if (agent !== undefined) return;
  agent = await stage.agent('agent1');
  void agent.serve(async (chat) => {
    for await (const { text } of chat.lines({ from: 'visitor' })) {
      if (text === 'html') {
        await chat.say(
          'See <b>this</b> <a href="javascript:boom()">bad</a> <a href="https://example.com/">good</a><img src=x onerror=boom()>',
          { textType: 'html' },
        );
      } else if (text === 'grow') {
        for (const preview of ['It is', 'It is <b>dimmable</b>', 'It is <b>dimmable</b>, from']) {
          await chat.typing(true, preview);
          await new Promise((resolve) => setTimeout(resolve, 600));
        }
        await chat.say('It is <b>dimmable</b>, from 5 to 100 %.');
      } else if (text === 'count') {
        for (let number = 1; number <= 40; number += 1) {
          await chat.say(`number ${number}.`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      } else await chat.say(`You said: ${text}`);
    }
  });
}

async function pageOf(address, options = {}) {
  const context = await stage.newContext({
    viewport: { width: 1280, height: 860 },
    ...options,
  });
  const page = await context.newPage();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(address);
  await page.getByRole('button', { name: /Chat with|Leave a message/ }).waitFor();
  return { page, asked, context };
}

/** How many streams the server has open. */
async function streams() {
  const text = await (await fetch(`${server.http}/metrics`)).text();
  const counts = [...text.matchAll(/^parley_streams\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

const field = (page) => page.getByPlaceholder('Write a message …');

/** Waits until it stands in the log. */
const said = (page, text) => page.getByRole('log').getByText(text).waitFor();

async function say(page, text) {
  await field(page).fill(text);
  await field(page).press('Enter');
}

describe('the widget', () => {
  it('[PAGE1] [WIDGET5] says that nobody is there, and nothing is stored before an act [WIDGET1]', async () => {
    const { page, asked, context } = await pageOf(`${server.http}/demo/`);
    await page.getByRole('button', { name: 'Chat with Northwind' }).waitFor();
    await expect.poll(() => asked.filter((url) => url.includes('/api/')).length).toBe(1);
    expect(asked.filter((url) => url.includes('/api/'))[0]).toContain('/chat/availability.json');
    expect(asked.some((url) => url.includes('/widget/panel-'))).toBe(false);
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
    expect(await context.cookies()).toEqual([]);
    await page.getByRole('button', { name: 'Chat with Northwind' }).click();
    await page
      .getByRole('dialog')
      .getByText(/Nobody is here/)
      .first()
      .waitFor();
    await context.close();
  });

  it('[WIDGET3] [WIDGET4] [WIDGET8] [WIDGET10] asks, chats, goes on after a reload and ends', async () => {
    await withAgent();
    const { page, context } = await pageOf(`${server.http}/demo/`);
    const button = page.locator('parley-widget .button');
    await button.click();
    await page.getByLabel('Your message').fill('Is the Fjord dimmable?');
    await page.getByRole('button', { name: 'Start chat' }).click();
    await said(page, 'You said: Is the Fjord dimmable?');
    await say(page, 'html');
    await page.getByRole('link', { name: /good/ }).waitFor();
    expect(await page.getByRole('link', { name: /bad/ }).count()).toBe(0);
    expect(await page.locator('parley-widget .log img').count()).toBe(0);
    await say(page, 'grow');
    // As text, whatever it looks like, and gone once it is said.
    const growing = page.locator('parley-widget .bubble.waiting:not(.mine)');
    await growing.getByText('It is <b>dimmable</b>').waitFor();
    await said(page, 'It is <b>dimmable</b>, from 5 to 100 %.');
    expect(await growing.count()).toBe(0);
    await field(page).press('Escape');
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('parley-widget');
    await page.goto(`${server.http}/demo/delivery`);
    await button.click();
    await said(page, 'You said: Is the Fjord dimmable?');
    expect(await page.locator('parley-widget .bubble.mine', { hasText: 'Fjord' }).count()).toBe(1);
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('menuitem', { name: 'End chat' }).click();
    await page.getByRole('button', { name: 'End', exact: true }).click();
    await page.getByText('The chat has ended.').first().waitFor();
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    await context.close();
  });

  it('[WIDGET2] [WIDGET6] works on a page with strict rules and a hostile style sheet', async () => {
    await withAgent();
    const { page, context } = await pageOf(hostOrigin);
    const button = page.locator('parley-widget .button');
    expect(await button.boundingBox()).toMatchObject({ width: 56, height: 56 });
    await button.click();
    await page.getByLabel('Your message').fill('Hello');
    await page.getByRole('button', { name: 'Start chat' }).click();
    await said(page, 'You said: Hello');
    await say(page, 'again');
    await said(page, 'You said: again');
    await expect
      .poll(() => page.getByRole('dialog').boundingBox())
      .toMatchObject({ width: 384, height: 640 });
    expect(await page.evaluate(() => [window.keys, window.violations])).toEqual([0, []]);
    await context.close();
  });

  it('fills a phone, and its field does not make the phone zoom', async () => {
    await withAgent();
    const { page, context } = await pageOf(`${server.http}/demo/`, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    await page.locator('parley-widget .button').tap();
    await page.getByLabel('Your message').waitFor();
    // It opens within 160 ms.
    await expect
      .poll(() => page.getByRole('dialog').boundingBox())
      .toEqual({
        x: 0,
        y: 0,
        width: 390,
        height: 844,
      });
    const size = await page
      .getByLabel('Your message')
      .evaluate((element) => getComputedStyle(element).fontSize);
    expect(size).toBe('16px');
    await context.close();
  });

  it('[WIDGET9] [CLIENT70] tabs share one stream; when the one that leads is closed, another goes on', async () => {
    await withAgent();
    const { page: first, context } = await pageOf(`${server.http}/demo/`);
    await first.locator('parley-widget .button').click();
    await first.getByLabel('Your message').fill('Hello from a tab');
    await first.getByRole('button', { name: 'Start chat' }).click();
    await said(first, 'You said: Hello from a tab');
    const second = await context.newPage();
    await second.goto(`${server.http}/demo/delivery`);
    await second.locator('parley-widget .button').click();
    await said(second, 'You said: Hello from a tab');
    const third = await context.newPage();
    await third.goto(`${server.http}/demo/`);
    await third.locator('parley-widget .button').click();
    // The agent's, and one for all three tabs.
    await expect.poll(streams).toBe(2);
    await say(third, 'from the third');
    await said(first, 'You said: from the third');
    await said(second, 'You said: from the third');
    expect(await streams()).toBe(2);

    await say(second, 'count');
    await said(second, 'number 5.');
    await first.close();
    await said(second, 'number 40.');
    await said(third, 'number 40.');
    const numbers = Array.from({ length: 40 }, (_, index) => `number ${index + 1}.`);
    for (const page of [second, third]) {
      const bubbles = await page.locator('parley-widget .bubble').allInnerTexts();
      expect(bubbles.join(' ').match(/number \d+\./g)).toEqual(numbers);
    }
    await expect.poll(streams).toBe(2);
    await context.close();
    await expect.poll(streams).toBe(1);
  });

  it('[WIDGET7] is small', () => {
    const sizes = Object.fromEntries(
      readdirSync(DIST)
        .filter((name) => name.endsWith('.js'))
        .map((name) => [
          name.replace(/-.*/, ''),
          gzipSync(readFileSync(join(DIST, name)), { level: 9 }).length,
        ]),
    );
    expect(sizes['widget.js']).toBeLessThanOrEqual(4_000);
    expect(sizes['widget.js'] + sizes.panel).toBeLessThanOrEqual(30_000);
  });
});

describe('its files', () => {
  it('[PAGE2] [PAGE3] are kept as long as their names allow, and sent compressed', async () => {
    const panel = readdirSync(DIST).find((name) => /^panel-.*\.js$/.test(name));
    const get = (path, headers = {}) => fetch(`${server.http}${path}`, { headers });
    const kept = await get(`/widget/${panel}`, { 'accept-encoding': 'br, gzip' });
    expect(kept.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(kept.headers.get('content-encoding')).toBe('br');
    expect(kept.headers.get('access-control-allow-origin')).toBe('*');
    expect(await kept.text()).toBe(readFileSync(join(DIST, panel), 'utf8'));
    const loader = await get('/widget.js', { 'accept-encoding': 'br;q=0, gzip' });
    expect(loader.headers.get('content-encoding')).toBe('gzip');
    const etag = loader.headers.get('etag');
    expect((await get('/widget.js', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/widget/../../package.json')).status).toBe(404);
    expect((await get('/widget/none.js')).status).toBe(404);
  });

  it('[PAGE4] of pages run nothing but their own', async () => {
    const { headers } = await fetch(`${server.http}/demo/`);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });
});
