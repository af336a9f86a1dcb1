// The reference at /docs in a real browser: what its script adds, and that nothing of it is too wide.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage } from '../actors.mjs';

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
let context;
/** What the browser complained of: scripts and styles that the policy forbids, and whatever else it says. */
const complaints = [];

beforeAll(async () => {
  stage = await openStage();
  const origin = stage.server.http;
  context = await stage.newContext({ viewport: { width: 1280, height: 900 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  context.on('console', (message) => complaints.push(message.text()));
}, 60_000);

afterAll(async () => {
  await stage?.close();
});

/** A page of the reference, at a width. */
async function open(path, width = 1280) {
  const page = await context.newPage();
  await page.setViewportSize({ width, height: 900 });
  await page.goto(stage.server.http + path);
  return page;
}

const PAGES = ['/', '/docs', '/docs/agent-chats', '/docs/configuration', '/docs/errors'];
const GUIDES = ['/docs/guides/porting-a-bot', '/docs/guides/cors', '/docs/guides/proxies'];

describe('the reference in a browser', { timeout: 60_000 }, () => {
  it('[REF19] a button copies its command by keyboard, with the server’s address, and says so', async () => {
    const page = await open('/docs/agent-chats');
    const first = page.locator('figure.first');
    await first.locator('button').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.said').textContent()).toContain('Copied: In this shell');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await first.locator('pre code').textContent());
    expect(copied.split('\n')[0]).toBe(`PARLEY=${stage.server.http}`);
    expect(await first.locator('button').textContent()).toBe('Copied');
    const buttons = await page.locator('figure button:visible').count();
    expect(buttons).toBe(await page.locator('figure').count());
    await page.close();
  });

  it('[REF19] a button copies where pages have no clipboard of their own, too', async () => {
    const page = await open('/docs/login');
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    const request = page.locator('#postLogin figure.request');
    await request.locator('button').click();
    await expect.poll(() => page.locator('.said').textContent()).toContain('Copied: Request');
    const text = await request.locator('pre code').textContent();
    await page.locator('form.search input').focus();
    await page.keyboard.press('Control+V');
    // One line has room for what several had.
    const pasted = await page.locator('form.search input').inputValue();
    expect(pasted.replaceAll(/\s/g, '')).toBe(text.slice(0, pasted.length).replaceAll(/\s/g, ''));
    expect(pasted).toContain('curl -X POST');
    await page.close();
  });

  it('[REF20] finds operations, guides and errors while one types, by keyboard alone', async () => {
    const page = await open('/docs');
    const input = page.locator('form.search input');
    const hits = page.locator('.hits');
    await page.keyboard.press('/');
    await page.keyboard.type('trans');
    await expect.poll(() => hits.locator('a').count()).toBeGreaterThan(1);
    const broad = await page.locator('.said').textContent();
    await page.keyboard.type('fer skill');
    await expect.poll(() => page.locator('.said').textContent()).not.toBe(broad);
    await expect.poll(() => hits.locator('a').first().textContent()).toContain('transfer');
    expect(await input.getAttribute('aria-expanded')).toBe('true');

    for (const [words, kind] of [
      ['nginx', 'guide'],
      ['1301', 'error'],
    ]) {
      await input.fill(words);
      await expect.poll(() => hits.locator('.tag').first().textContent()).toBe(kind);
    }
    await input.fill('no-such-word');
    await expect.poll(() => page.locator('.said').textContent()).toBe('Nothing found');
    await input.fill('<b>');
    await expect.poll(() => hits.locator('a, p').count()).toBeGreaterThan(0);
    expect(await hits.locator('b').count()).toBe(0);

    await input.fill('accepts a chat');
    await expect.poll(() => hits.locator('a').count()).toBeGreaterThan(0);
    await page.keyboard.press('ArrowDown');
    const chosen = hits.locator('[aria-selected="true"]');
    expect(await input.getAttribute('aria-activedescendant')).toBe(await chosen.getAttribute('id'));
    const href = await chosen.getAttribute('href');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname + url.hash === href);

    await page.locator('form.search input').fill('proxy');
    await expect.poll(() => page.locator('.hits a').count()).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    expect(await page.locator('.hits').isVisible()).toBe(false);
    await page.close();
  });

  it.each([1280, 390])(
    '[REF21] nothing is wider than %i pixels; commands are wrapped',
    async (width) => {
      for (const path of [...PAGES, ...GUIDES]) {
        const page = await open(path, width);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect([path, wide]).toEqual([path, 0]);
        const cut = await page.evaluate(
          () =>
            [...document.querySelectorAll('pre.shell')].filter(
              (pre) => pre.scrollWidth > pre.clientWidth,
            ).length,
        );
        expect([path, cut]).toEqual([path, 0]);
        await page.close();
      }
    },
  );

  it('[REF9] the browser complains of nothing', () => {
    expect([...complaints, ...stage.complaints]).toEqual([]);
  });
});
