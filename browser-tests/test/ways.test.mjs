// The main ways of agents and visitors through the workspace and the widget, each with real pages on both
// sides.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accept,
  ask,
  away,
  log,
  openStage,
  textsAndSurveys,
  times,
  transcript,
  write,
} from '../actors.mjs';
import { layCable } from '../cable.mjs';

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
let cable;
/** Agents at work. */
let anna;
let ben;
/** A visitor, the agent who answers, and where. */
let shopper;
let seller;
let sold;

beforeAll(async () => {
  stage = await openStage();
  cable = await layCable(stage.server);
  await stage.configure(async (admin) => {
    await textsAndSurveys(admin);
    await admin.changeSettings({ visitorPreview: true });
  });
}, 60_000);

afterAll(async () => {
  await stage?.close();
  cable?.close();
});

/** Answers to lines come long after the stream has brought the lines. */
const delayAnswers = (page) =>
  page.route('**/events*', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    const response = await route.fetch();
    await new Promise((resolve) => setTimeout(resolve, 250));
    await route.fulfill({ response });
  });

/** Counts how often a text stands in a conversation after every change of the page, from now on. */
const watch = (page, text) =>
  page.evaluate((wanted) => {
    const root = document.querySelector('parley-widget')?.shadowRoot ?? document.body;
    const counts = [];
    const look = () => {
      const box = root.querySelector('section[aria-label="Transcript"], [role=log]');
      const count = (box?.textContent ?? '').split(wanted).length - 1;
      if (counts.at(-1) !== count) counts.push(count);
    };
    look();
    new MutationObserver(look).observe(root, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    window.counted = () => counts;
  }, text);

describe('ways through the pages', { timeout: 60_000 }, () => {
  it('[DESK32] a line that was sent stands there once, whichever of answer and stream comes first', async () => {
    anna = await stage.workspace('agent1', { at: cable.http });
    await stage.visitor('Lina', 'Hello');
    await accept(anna);
    await delayAnswers(anna);
    for (const text of ['One & only', '**Bold** <one>', 'ok', 'ok']) {
      const shown = text.replaceAll('*', '');
      await watch(anna, shown);
      const posted = anna.waitForResponse((each) => each.request().method() === 'POST');
      await write(anna, text);
      await posted;
      await expect.poll(() => anna.evaluate(() => window.counted().length)).toBeGreaterThan(1);
      // The second one of the same text, too: never two more, and never gone again.
      const counts = await anna.evaluate(() => window.counted());
      expect(counts).toEqual([counts[0], counts[0] + 1]);
    }
    await anna.unroute('**/events*');
    await watch(anna, 'Number');
    for (const number of [1, 2, 3, 4, 5]) await write(anna, `Number ${number}`);
    await expect.poll(() => times(transcript(anna), 'Number')).toBe(5);
    expect(await anna.evaluate(() => window.counted())).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('[DESK29] what the visitor types is shown as text, until it is said', async () => {
    const lina = stage.chats.find(({ info }) => info.visitorName === 'Lina');
    await lina.typing(true, 'May I <b>ask</b>');
    const typed = transcript(anna).getByText('May I <b>ask</b>');
    await typed.waitFor();
    await transcript(anna).getByText('Typing, not sent yet').waitFor();
    await lina.say('May I ask something?');
    await transcript(anna).getByText('May I ask something?').waitFor();
    await typed.waitFor({ state: 'detached' });
  });

  it('[DESK23] two agents and three visitors at once: each line once, to whom it is for', async () => {
    ben = await stage.workspace('agent2');
    const shoppers = [];
    for (const name of ['red', 'green', 'blue']) {
      shoppers.push([name, await stage.shopper(`I want the ${name} one`)]);
      // The one with fewer chats is rung.
      const rung = [anna, ben].map((page) =>
        page
          .locator('nav')
          .getByRole('button', { name: /^Accept/ })
          .waitFor()
          .then(() => page),
      );
      const page = await Promise.race(rung);
      for (const each of rung) each.catch(() => {});
      await page.keyboard.press('F2');
      await transcript(page).getByText(`I want the ${name} one`).waitFor();
      await write(page, `The ${name} one is here`);
      shoppers.at(-1).push(page, page.url());
    }
    expect(new Set(shoppers.map(([, , page]) => page)).size).toBe(2);
    // All at once.
    await Promise.all(
      shoppers.map(async ([name, page]) => {
        await log(page).getByText(`The ${name} one is here`).waitFor();
        for (const number of [1, 2, 3]) await ask(page, `${name} question ${number}`);
      }),
    );
    for (const [name, page, agent, address] of shoppers) {
      await agent.goto(address);
      await transcript(agent).getByText(`${name} question 3`).waitFor();
      await write(agent, `${name} answer`);
      await log(page).getByText(`${name} answer`).waitFor();
      const seen = await transcript(agent).innerText();
      for (const [other] of shoppers) {
        const lines = [1, 2, 3].map((number) => `${other} question ${number}`);
        const counts = lines.map((line) => seen.split(line).length - 1);
        expect([name, other, counts]).toEqual([name, other, Array(3).fill(name === other ? 1 : 0)]);
        expect(await times(log(page), `${other} answer`)).toBe(name === other ? 1 : 0);
      }
    }
    for (const [, page] of shoppers.slice(1)) await page.context().close();
    [, shopper, seller, sold] = shoppers[0];
  });

  it('[WIDGET12] a line of the visitor stands there once, though the stream brings it before its answer', async () => {
    await delayAnswers(shopper);
    for (const text of ['Just one', 'Just one more']) {
      await watch(shopper, text);
      const posted = shopper.waitForResponse((each) => each.request().method() === 'POST');
      await ask(shopper, text);
      await posted;
      await expect.poll(() => shopper.getByText('Sending').count()).toBe(0);
      const counts = await shopper.evaluate(() => window.counted());
      expect([text, counts]).toEqual([text, [counts[0], counts[0] + 1]]);
    }
    await shopper.unroute('**/events*');
  });

  it('[DESK24] a supervisor’s whisper is nowhere in the visitor’s page or traffic', async () => {
    await away(anna);
    const visitors = await layCable(stage.server);
    const page = await stage.shopper('Is anybody watching?', { at: visitors.http });
    await accept(ben);
    await transcript(ben).getByText('Is anybody watching?').waitFor();
    await write(ben, 'Hello, this is Ben');
    await log(page).getByText('Hello, this is Ben').waitFor();
    const mia = await stage.workspace('manager1');
    await mia.getByRole('link', { name: 'Board' }).click();
    // The longest-waiting stand first: the last one is the newest.
    const row = mia.getByRole('row').filter({ hasText: 'Ben' }).filter({ hasText: 'Watch' }).last();
    await row.getByRole('button', { name: 'Watch' }).click();
    await mia.getByText('Watching, the visitor cannot see you.').waitFor();
    await write(mia, 'Offer the secret discount');
    await transcript(ben).getByText('Offer the secret discount').waitFor();
    await write(ben, 'One moment please');
    await log(page).getByText('One moment please').waitFor();
    await page.reload();
    await page.locator('parley-widget .button').click();
    await log(page).getByText('One moment please').waitFor();
    // What is looked at is what came: the lines that are for the visitor are found in it.
    expect(visitors.traffic()).toContain('One moment please');
    const html = await page.locator('parley-widget').evaluate((host) => host.shadowRoot.innerHTML);
    expect(html).toContain('One moment please');
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    for (const place of [visitors.traffic(), html, kept]) {
      expect(place).not.toMatch(/secret discount|Mia|supervisor/);
    }
    await away(mia);
    await mia.context().close();
    await page.context().close();
    visitors.close();
  });

  it('[DESK25] what is said while the network is cut is sent once, in order, without a reload', async () => {
    await seller.goto(sold);
    await seller.locator('textarea').waitFor();
    await anna.evaluate(() => {
      window.isSame = true;
    });
    await anna.getByRole('link', { name: /Lina/ }).click();
    await anna.getByRole('heading', { name: 'Lina' }).waitFor();
    const lina = stage.chats.find(({ info }) => info.visitorName === 'Lina');
    cable.cut();
    for (const number of [1, 2]) await write(anna, `Kept ${number}`);
    await anna.getByText('Reconnecting. What you write is kept').waitFor();
    expect(await times(transcript(anna), 'Kept')).toBe(2);
    await lina.say('Are you there?');
    cable.mend();
    await transcript(anna).getByText('Are you there?').waitFor();
    await expect
      .poll(() => lina.lines.map(({ text }) => text).filter((text) => text.startsWith('Kept')))
      .toEqual(['Kept 1', 'Kept 2']);
    await expect.poll(() => times(transcript(anna), 'Kept')).toBe(2);
    expect(await anna.evaluate(() => window.isSame)).toBe(true);
  });

  it('[DESK26] a chat goes on over a restart of the server, in both pages', async () => {
    await write(seller, 'Before the restart');
    await log(shopper).getByText('Before the restart').waitFor();
    await stage.restart();
    await ask(shopper, 'Still there?');
    await transcript(seller).getByText('Still there?').waitFor();
    await write(seller, 'After the restart');
    await log(shopper).getByText('After the restart').waitFor();
    for (const text of ['Before the restart', 'Still there?', 'After the restart']) {
      expect([text, await times(log(shopper), text)]).toEqual([text, 1]);
      expect([text, await times(transcript(seller), text)]).toEqual([text, 1]);
    }
  });

  it('[DESK27] surveys with branches: what an answer opens is asked, and what it hides is not kept', async () => {
    await seller.getByRole('button', { name: 'End', exact: true }).click();
    await seller.getByRole('button', { name: 'End this chat?' }).click();
    await shopper.getByLabel('Not happy', { exact: true }).waitFor();
    expect(await shopper.getByLabel('What was wrong?').count()).toBe(0);
    await shopper.getByLabel('Not happy', { exact: true }).check();
    await shopper.getByLabel('What was wrong?').fill('The colour');
    await shopper.getByRole('button', { name: /Send/ }).click();
    await shopper.getByText(/Thank/).first().waitFor();
    const what = seller.getByLabel('What is left?');
    expect(await what.count()).toBe(0);
    await seller.getByLabel('Open', { exact: true }).check();
    await what.fill('Never mind');
    await seller.getByLabel('Solved', { exact: true }).check();
    await what.waitFor({ state: 'detached' });
    const put = seller.waitForRequest(
      (each) => each.method() === 'PUT' && /survey/.test(each.url()),
    );
    await seller.getByRole('button', { name: 'Save answers' }).click();
    expect((await put).postData()).not.toContain('Never mind');
    expect((await put).postData()).toContain('Solved');
  });

  it('[DESK8] a second device takes the session over within a second or so, and says so here', async () => {
    await anna.locator('textarea').fill('not sent yet');
    const device = await stage.workspace('agent1');
    await anna.getByText('You are working somewhere else').waitFor({ timeout: 5_000 });
    expect(await anna.locator('textarea').inputValue()).toBe('not sent yet');
    // Nothing says any more that chats would ring here, on whichever page.
    expect(await anna.getByRole('button', { name: /^(Online|Away)/ }).count()).toBe(0);
    await anna.evaluate(() => {
      location.hash = '#/programs';
    });
    await anna.getByRole('heading', { name: 'Programs beside you' }).waitFor();
    await anna.getByText('You are working somewhere else').waitFor();
    await device.getByRole('link', { name: /Lina/ }).click();
    await transcript(device).getByText('Kept 2').waitFor();
    await device.context().close();
  });

  it('[DESK28] [DESK34] [DESK35] the way of a chat on a phone, in one pane at a time', async () => {
    await anna.context().close();
    await away(ben);
    await ben.context().close();
    const phone = await stage.workspace('agent1', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const beyond = () => document.documentElement.scrollWidth - innerWidth;
    await stage.visitor('Pia', 'From the train');
    const sheet = phone.getByRole('region', { name: 'Ringing chats' }).locator('visible=true');
    await sheet.getByText('Pia').waitFor();
    expect(await phone.evaluate(beyond)).toBeLessThanOrEqual(0);
    await sheet.getByRole('button', { name: /^Accept/ }).tap();
    await phone.getByRole('heading', { name: 'Pia' }).waitFor();
    expect(await phone.getByRole('navigation', { name: 'Chats' }).isVisible()).toBe(false);
    // One row: the switch, or the tools.
    const bold = phone.getByRole('button', { name: 'Bold' });
    const note = phone.getByRole('button', { name: 'Private note' });
    const heightOf = async (place) => (await place.boundingBox()).height;
    const row = phone.locator('[data-open]').filter({ has: phone.locator('fieldset') });
    expect(await bold.isVisible()).toBe(false);
    await phone.getByRole('button', { name: 'More tools' }).tap();
    await bold.waitFor();
    expect(await note.isVisible()).toBe(false);
    expect(await heightOf(row)).toBeLessThanOrEqual(44);
    await phone.getByRole('button', { name: 'Fewer tools' }).tap();
    await note.waitFor();
    expect(await heightOf(row)).toBeLessThanOrEqual(44);
    await phone.locator('textarea').tap();
    await write(phone, 'Good journey');
    await transcript(phone).getByText('Good journey').waitFor();
    const box = await phone.locator('textarea').boundingBox();
    expect(box.y + box.height).toBeLessThanOrEqual(844);
    const font = await phone.locator('textarea').evaluate((at) => getComputedStyle(at).fontSize);
    expect(font).toBe('16px');
    expect(await phone.evaluate(beyond)).toBeLessThanOrEqual(0);
    // The phone's own way back leads to the list.
    await phone.goBack();
    await phone.getByRole('link', { name: /Pia/ }).waitFor();
    expect(await phone.evaluate(beyond)).toBeLessThanOrEqual(0);
    await phone.context().close();
  });

  it('[PAGE4] the browser complains of nothing', () => {
    expect(stage.complaints).toEqual([]);
  });
});
