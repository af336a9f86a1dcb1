// Every state of the workspace's views, as its gallery shows them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage } from '../actors.mjs';
import { violations } from '../axe.mjs';

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
let page;

beforeAll(async () => {
  stage = await openStage();
  page = await stage.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
}, 60_000);

afterAll(async () => {
  await stage?.close();
});

describe('the gallery', { timeout: 120_000 }, () => {
  it('[DESK17] every state of the gallery passes the checks, in both themes and directions', async () => {
    await page.goto(`${stage.server.http}/workspace/gallery.html`);
    await page.locator('[data-entry]').last().waitFor();
    expect(await page.locator('[data-entry]').count()).toBeGreaterThan(20);
    expect(await violations(page)).toEqual([]);
  });

  it('[DESK17] so does what stands over the whole page, which fits on a narrow one', async () => {
    // By themselves: axe reads the whole page each time.
    await page.goto(`${stage.server.http}/workspace/gallery.html?modal`);
    await page.locator('[data-modal]').last().waitFor();
    // One after the other: light from left to right, dark the other way.
    const modal = await page
      .locator('[data-modal]')
      .evaluateAll((all) => all.map(({ dataset }) => dataset.modal));
    expect(modal.length).toBeGreaterThanOrEqual(8);
    const dialog = page.getByRole('dialog');
    for (const name of modal) {
      await page.locator(`[data-modal="${name}"]`).click();
      await dialog.waitFor();
      expect([name, await violations(page, ['light'], '[role=dialog]')]).toEqual([name, []]);
      await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
      expect([name, await violations(page, ['dark'], '[role=dialog]')]).toEqual([name, []]);
      await page.evaluate(() => document.documentElement.setAttribute('dir', 'ltr'));
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    await page.setViewportSize({ width: 320, height: 800 });
    for (const name of modal) {
      await page.locator(`[data-modal="${name}"]`).click();
      await dialog.waitFor();
      const box = await dialog.boundingBox();
      expect([name, box.x >= 0 && box.x + box.width <= 320]).toEqual([name, true]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
  });

  it('[DESK17] [DESK35] nothing is cut in a narrow page, from right to left, or in longer texts', async () => {
    const beyond = () => document.documentElement.scrollWidth - innerWidth;
    await page.goto(`${stage.server.http}/workspace/gallery.html?dir=rtl&lang=de`);
    await page.locator('[data-entry]').last().waitFor();
    expect(await violations(page, ['light'])).toEqual([]);
    // Nothing is wider than the page, at the width of 1280 pixels magnified four times.
    expect(await page.evaluate(beyond)).toBeLessThanOrEqual(0);
    // Signs that point somewhere point the other way.
    const send = page.locator('.lucide-send-horizontal').first();
    expect(await send.evaluate((at) => getComputedStyle(at).transform)).toBe(
      'matrix(-1, 0, 0, 1, 0, 0)',
    );
    const tables = await page
      .locator('table[data-acts]')
      .evaluateAll((all) =>
        all.map(({ parentElement: place }) => place.scrollWidth - place.clientWidth),
      );
    expect(tables.length).toBeGreaterThanOrEqual(2);
    expect(tables.filter((hidden) => hidden > 0)).toEqual([]);
    // Texts that are a third longer are cut nowhere, in both directions.
    await page.setViewportSize({ width: 1440, height: 900 });
    for (const dir of ['ltr', 'rtl']) {
      await page.goto(`${stage.server.http}/workspace/gallery.html?lang=en-XA&dir=${dir}`);
      await page.locator('[data-entry]').last().waitFor();
      await page.getByText('⟦').first().waitFor();
      expect(await page.evaluate(beyond)).toBeLessThanOrEqual(0);
    }
  });

  it('[DESK19] phones can install it: icons of their sizes, one of which may be cut into any shape', async () => {
    await page.goto(`${stage.server.http}/workspace/`);
    const sizes = await page.evaluate(async () => {
      const address = document.querySelector('link[rel=manifest]').href;
      const { icons } = await (await fetch(address)).json();
      const pictures = icons.filter(({ type }) => type === 'image/png');
      return Promise.all(
        pictures.map(async ({ src, sizes: said, purpose }) => {
          const picture = new Image();
          picture.src = new URL(src, address).href;
          await picture.decode();
          return [said, `${picture.naturalWidth}x${picture.naturalHeight}`, purpose];
        }),
      );
    });
    expect(sizes).toEqual([
      ['192x192', '192x192', 'any'],
      ['512x512', '512x512', 'any'],
      ['512x512', '512x512', 'maskable'],
    ]);
  });

  it('[PAGE4] the browser complains of nothing', () => {
    expect(stage.complaints).toEqual([]);
  });
});
