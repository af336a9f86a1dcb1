// What the pages may take: time to draw, to type and to ring, nodes, shifts of the layout, memory. Times are held
// to the limits of the design on the machine they were set on, and elsewhere to as many times more as that machine
// is slower at the moment (pace.mjs): CI shares its two cores with other tests.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage } from '../actors.mjs';
import { browser, closeBrowser } from '../browser.mjs';
import { pace } from '../pace.mjs';

/** Things that happen: 3,000 by default; of an hour, at 25 a second, with `PARLEY_SOAK=1`. */
const SOAK = process.env.PARLEY_SOAK === undefined ? 3_000 : 90_000;

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
let page;

beforeAll(async () => {
  stage = await openStage();
  page = await stage.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
}, 60_000);

afterAll(async () => {
  await closeBrowser();
  await stage?.close();
});

/** An agent at work with so many chats; the first of them is open. */
async function underLoad(query) {
  await page.goto(`${stage.server.http}/workspace/gallery.html?lang=en&${query}#/chats/1`);
  await page.locator('textarea').waitFor();
  await page.waitForFunction(() => document.querySelectorAll('nav a').length >= 50);
}

const p95 = (times) => times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)];

describe('what the workspace may take', { timeout: 300_000 }, () => {
  it('[DESK30] types, draws and rings in time, with 50 chats, 100,000 lines and 25 updates a second', async () => {
    await underLoad('load=50&lines=2000&rate=25');
    await page.evaluate(() => {
      window.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          if (!entry.hadRecentInput) window.shifts += entry.value;
      }).observe({ type: 'layout-shift', buffered: false });
      window.keys = { handled: [], painted: [] };
      const field = document.querySelector('textarea');
      let began = 0;
      window.addEventListener(
        'keydown',
        () => {
          began = performance.now();
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => window.keys.painted.push(performance.now() - began);
          requestAnimationFrame(() => port2.postMessage(null));
        },
        true,
      );
      field.addEventListener('input', () => {
        // After the field's own listeners.
        queueMicrotask(() => window.keys.handled.push(performance.now() - began));
      });
    });
    await page.locator('textarea').click();
    await page.keyboard.type('What an agent writes while fifty others write to them, too.', {
      delay: 25,
    });
    const slow = await pace(page);
    const keys = await page.evaluate(() => window.keys);
    expect(keys.handled.length).toBeGreaterThan(50);
    const figures = { handler: p95(keys.handled), painted: p95(keys.painted), slow };
    // A frame is 16.7 ms: what has to be painted waits for the next one.
    expect(figures.handler, JSON.stringify(figures)).toBeLessThanOrEqual(4 * slow);
    expect(figures.painted, JSON.stringify(figures)).toBeLessThanOrEqual(20 * slow + 17);
    expect(await page.locator('section[aria-label=Transcript] *').count()).toBeLessThanOrEqual(400);
    expect(await page.evaluate(() => window.shifts)).toBeLessThanOrEqual(0.001);

    const rang = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const began = performance.now();
          window.load.ring('Zora');
          const look = () => {
            const there = document.querySelector('nav')?.textContent?.includes('Zora');
            if (there) resolve(performance.now() - began);
            else requestAnimationFrame(look);
          };
          look();
        }),
    );
    expect(rang).toBeLessThanOrEqual(100 * slow);
    const opened = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const began = performance.now();
          const buttons = [...document.querySelectorAll('nav button')];
          buttons.find((button) => button.textContent?.startsWith('Accept'))?.click();
          const look = () => {
            const heading = document.querySelector('h2')?.textContent;
            const usable = heading === 'Visitor 51' && document.querySelector('textarea') !== null;
            if (usable) resolve(performance.now() - began);
            else requestAnimationFrame(look);
          };
          look();
        }),
    );
    expect(opened).toBeLessThanOrEqual(200 * slow);
  });

  it('[DESK30] keeps the line that is read where it is, whatever comes', async () => {
    const box = page.locator('section[aria-label=Transcript]');
    await page.evaluate(() => {
      location.hash = '#/chats/2';
    });
    await page.getByRole('heading', { name: 'Visitor 2', exact: true }).waitFor();
    await box.evaluate((element) => {
      element.scrollTop = element.scrollHeight / 2;
    });
    await page.waitForTimeout(300);
    const place = () =>
      box.evaluate((element) => {
        const top = element.getBoundingClientRect().top;
        const shown = [...element.querySelectorAll('[data-index]')].find(
          (item) => item.getBoundingClientRect().bottom > top + 10,
        );
        return [
          shown?.textContent?.slice(0, 12),
          Math.round(shown?.getBoundingClientRect().top ?? 0),
        ];
      });
    const before = await place();
    await page.evaluate(() => window.load.steps(400));
    expect(await place()).toEqual(before);
  });

  it('[DESK31] grows by less than 10 MB over what happens in a day of chats that come and end', async () => {
    await underLoad('load=50&lines=20');
    const client = await page.context().newCDPSession(page);
    const used = async () => {
      await client.send('HeapProfiler.collectGarbage');
      await client.send('HeapProfiler.collectGarbage');
      const { usedSize } = await client.send('Runtime.getHeapUsage');
      return usedSize / 1e6;
    };
    const steps = (count) => page.evaluate((many) => window.load.steps(many), count);
    // Until every chat was ended once, and the caches are full. The chat on screen is another one then.
    await steps(3_000);
    const before = await used();
    await steps(SOAK);
    const after = await used();
    if (process.env.PARLEY_SOAK !== undefined) {
      console.log(`${SOAK} updates: ${before.toFixed(1)} MB before, ${after.toFixed(1)} MB after`);
    }
    expect(after - before).toBeLessThan(10);
  });

  it('[DESK30] an agent is ready to be rung two seconds after logging in', async () => {
    const fresh = await stage.newPage({ viewport: { width: 1440, height: 900 } });
    await fresh.goto(`${stage.server.http}/workspace/?account=12345678&user=agent1&lang=en`);
    const slow = await pace(fresh);
    await fresh.locator('[name=password]').fill('parley-demo');
    const began = Date.now();
    await fresh.keyboard.press('Enter');
    await fresh.getByText('No chats. You are Online').waitFor();
    expect(Date.now() - began).toBeLessThanOrEqual(2_000 * slow);
    await fresh.context().close();
  });
});

describe('what the widget may take', { timeout: 60_000 }, () => {
  it('[WIDGET11] its loader takes 15 ms of the page, and its panel comes within 50 ms on a phone four times slower', async () => {
    const context = await (await browser()).newContext({ viewport: { width: 1280, height: 860 } });
    const shop = await context.newPage();
    const client = await context.newCDPSession(shop);
    await client.send('Profiler.enable');
    await client.send('Profiler.setSamplingInterval', { interval: 200 });
    await client.send('Profiler.start');
    await shop.goto(`${stage.server.http}/demo/`);
    await shop.locator('parley-widget .button').waitFor();
    await shop.waitForTimeout(300);
    const { profile } = await client.send('Profiler.stop');
    const slow = await pace(shop);
    const own = new Map(
      profile.nodes.map((node) => [node.id, node.callFrame.url.endsWith('/widget.js')]),
    );
    const spent = profile.samples.reduce(
      (sum, id, index) => sum + (own.get(id) ? profile.timeDeltas[index] : 0),
      0,
    );
    expect(spent / 1_000).toBeLessThanOrEqual(15 * slow);

    await client.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    // Loaded before: what is measured is how long it takes to stand there.
    await shop.locator('parley-widget .button').hover();
    await shop.waitForTimeout(500);
    const mounted = await shop.evaluate(
      () =>
        new Promise((resolve) => {
          const { shadowRoot } = document.querySelector('parley-widget');
          const began = performance.now();
          shadowRoot.querySelector('.button').click();
          const look = () => {
            if (shadowRoot.querySelector('[role=dialog] *') !== null) {
              resolve(performance.now() - began);
            } else setTimeout(look, 0);
          };
          look();
        }),
    );
    const slower = await pace(shop);
    // The pace is that of the page as it was slowed down: four times on the machine of the limits.
    expect(mounted).toBeLessThanOrEqual(50 * Math.max(1, slower / 4) * 1.5);
    await context.close();
  });
});
