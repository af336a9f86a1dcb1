// The agents' workspace in a real browser, at a real server, with visitors of the SDK.
import { join } from 'node:path';
import { connectAgent } from '@parley/client/agent';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as actors from '../actors.mjs';
import { violations } from '../axe.mjs';
import { firstLoad } from '../first-load.mjs';

/** @type {Awaited<ReturnType<typeof actors.openStage>>} */
let stage;
let server;
let context;
let page;
/** A colleague, by the SDK. */
let ben;
/** The chat that the colleague listens to. */
let listens;
/** Of a visitor who comes twice. */
const VERA = '4711000042';

beforeAll(async () => {
  stage = await actors.openStage();
  ({ server } = stage);
  await stage.configure(async (admin) => {
    await actors.greeting(admin);
    await admin.statusReasons.create({ text: 'Lunch', state: 'Occupied', enabled: true });
  });
  page = await stage.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  context = page.context();
}, 60_000);

afterAll(async () => {
  await ben?.close();
  await stage?.close();
});

/** A program in the session of the page, which has to ask before it speaks. */
async function delegate() {
  const asked = page.waitForRequest(
    (each) => /\/agentSession\/\w+/.test(each.url()) && 'authorization' in each.headers(),
  );
  // That somebody types is sent.
  await field().pressSequentially('a');
  const request = await asked;
  await field().fill('');
  const [session] = request.url().match(/^.*\/agentSession\/\w+/);
  const answer = await fetch(`${session}/delegations?v=1&NC=true`, {
    method: 'POST',
    headers: {
      authorization: request.headers().authorization,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify({
      delegation: { name: 'Helper', rights: ['read', 'speak'], approval: ['speak'] },
    }),
  });
  const { delegation } = await answer.json();
  const place = { account: actors.ACCOUNT, domainApi: server.http, session };
  return [await connectAgent({ ...place, login: { bearer: delegation.bearer } }), session];
}

const visitor = (...options) => stage.visitor(...options);

const field = () => page.locator('textarea');
const transcript = () => actors.transcript(page);

describe('the workspace in a browser', { timeout: 60_000 }, () => {
  it('[DESK7] the first load is within its limit', () => {
    const size = firstLoad(join(actors.APPS, 'workspace/dist'));
    expect(size('.js')).toBeGreaterThan(50_000);
    expect(size('.js') + size('.css')).toBeLessThanOrEqual(250_000);
    expect(size('.css')).toBeLessThanOrEqual(14_000);
  });

  it('[DESK7] logs in by keyboard; a wrong password is reported', async () => {
    await page.goto(`${server.http}/workspace/?account=${actors.ACCOUNT}&user=agent1&lang=en`);
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
    const vera = await visitor('Vera', 'Is the blue one in stock?', { visitorId: VERA });
    const ring = page.locator('nav').getByRole('region', { name: 'Ringing chats' });
    await ring.getByText('Vera').waitFor();
    await expect.poll(() => page.title()).toBe('● Vera calls');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('F2');
    await transcript().getByText('Is the blue one').waitFor();
    expect(vera.over).toBeNull();
  });

  it('[DESK3] a reply reaches the visitor; a private note does not', async () => {
    const heard = [];
    stage.chats[0].on('lines', (lines) => heard.push(...lines.map(({ text }) => text)));
    await field().fill('Yes, it is.');
    await field().press('Enter');
    await expect.poll(() => heard).toContain('Yes, it is.');
    await page.keyboard.press('Control+.');
    await page.getByRole('button', { name: 'Add note' }).waitFor();
    await field().fill('Ask for the size');
    await field().press('Enter');
    // For a moment it may stand there as sent and as stored.
    await transcript().getByText('Ask for the size').first().waitFor();
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
    stage.chats[0].on('lines', (lines) => heard.push(...lines.map(({ text }) => text)));
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
    await stage.chats[0].say('<img src=x onerror="window.hit = 1"><b>bold</b>');
    await transcript().getByText('bold').waitFor();
    expect(await transcript().locator('img, script').count()).toBe(0);
    expect(await page.evaluate(() => window.hit)).toBeUndefined();
  });

  it('[DESK6] ends at the second press; the chat stays until it is done with', async () => {
    await page.getByRole('button', { name: 'End', exact: true }).click();
    expect(stage.chats[0].over).toBeNull();
    await page.getByRole('button', { name: 'End this chat?' }).click();
    await page.getByText('This chat has ended.').waitFor();
    await expect.poll(() => stage.chats[0].over).toBe('ended');
    expect(await page.getByRole('link', { name: /Vera/ }).count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => page.getByRole('link', { name: /Vera/ }).count()).toBe(0);
  });

  it('[DESK16] [DESK33] the details have the earlier chats with their transcripts, and no more than is known', async () => {
    await visitor('Vera', 'Me again', { visitorId: VERA });
    await page.keyboard.press('F2');
    await page.getByRole('heading', { name: 'Vera' }).waitFor();
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('heading', { name: 'Earlier chats' }).waitFor();
    expect(await details.getByRole('heading').allInnerTexts()).toEqual([
      ...['Details', 'Visitor', 'Visit', 'Earlier chats', 'Chat'],
    ]);
    for (const id of await details.locator('code').all()) {
      expect((await id.boundingBox()).height).toBeLessThanOrEqual(20);
    }
    await details
      .locator('section > section', { hasText: 'Earlier chats' })
      .getByRole('button')
      .last()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Is the blue one in stock?').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('[DESK13] invites a colleague to read along; the visitor hears nothing of it', async () => {
    ben = await stage.agent('agent2');
    const vera = stage.chats.at(-1);
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^Listener/ }).check();
    await dialog.getByRole('radio', { name: /^Ben/ }).check();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Invite' }).click();
    await expect.poll(() => ben.ringing[0]?.role).toBe('listener');
    listens = await ben.ringing[0].accept();
    await page.getByRole('button', { name: 'In this chat: Ben (Listener)' }).waitFor();
    await page.getByText('Ben joined').waitFor();
    await listens.whisper('She has the club card');
    await transcript().getByText('She has the club card').waitFor();
    expect(JSON.stringify(vera.lines)).not.toMatch(/Ben|club card/);
  });

  it('[DESK20] a suggestion is used, changed or dismissed above the composer', async () => {
    const vera = stage.chats.at(-1);
    const outcomes = [];
    listens.on('suggestion', ({ text, state }) => {
      if (state !== 'open') outcomes.push(`${state}: ${text}`);
    });
    const card = page.getByRole('region', { name: 'Suggested reply' });
    await listens.suggest('It is in stock.', { source: 'Catalogue', confidence: 0.9 });
    await card.getByText('It is in stock.').waitFor();
    expect(await violations(page)).toEqual([]);
    await card.getByRole('button', { name: 'Use' }).click();
    await expect.poll(() => vera.lines.at(-1)?.text).toBe('It is in stock.');
    await listens.suggest('We deliver today');
    await card.getByText('We deliver today').waitFor();
    await card.getByRole('button', { name: 'Edit' }).click();
    await expect.poll(() => field().inputValue()).toBe('We deliver today');
    await field().press('End');
    await page.keyboard.type('!');
    await page.keyboard.press('Enter');
    await expect.poll(() => vera.lines.at(-1)?.text).toBe('We deliver today!');
    await listens.suggest('Never said');
    await card.getByText('Never said').waitFor();
    await card.getByRole('button', { name: 'Dismiss' }).click();
    await card.waitFor({ state: 'detached' });
    await expect
      .poll(() => outcomes)
      .toEqual(['accepted: It is in stock.', 'edited: We deliver today', 'dismissed: Never said']);
  });

  it('[DESK14] a supervisor watches, whispers and takes over from the board', async () => {
    expect(await page.getByRole('link', { name: 'Board' }).count()).toBe(0);
    const vera = stage.chats.at(-1);
    const mia = await context.newPage();
    await actors.logIn(mia, 'manager1', { at: server.http });
    await mia.getByRole('link', { name: 'Board' }).click();
    const row = mia.getByRole('row', { name: /Vera/ });
    await row.getByText('Anna').waitFor();
    expect(await violations(mia)).toEqual([]);
    await mia.getByRole('button', { name: 'As a table' }).first().click();
    await mia.getByRole('columnheader', { name: 'Agents online' }).waitFor();
    await mia.getByRole('button', { name: 'Actions for Ben' }).click();
    await mia.getByRole('menuitemradio', { name: 'Occupied' }).click();
    await expect.poll(() => ben.availability.chat).toBe('Occupied');
    await row.getByRole('button', { name: 'Watch' }).click();
    await mia.getByText('Watching, the visitor cannot see you.').waitFor();
    expect(await mia.getByRole('button', { name: 'Reply', exact: true }).count()).toBe(0);
    await mia.locator('textarea').fill('Offer her the discount');
    await mia.keyboard.press('Enter');
    await transcript().getByText('Offer her the discount').waitFor();
    expect(await violations(mia)).toEqual([]);
    expect(JSON.stringify(vera.lines)).not.toMatch(/Mia|discount/);
    await mia.getByRole('button', { name: 'Take over' }).click();
    await mia.getByRole('dialog').getByRole('button', { name: 'Take over' }).click();
    await mia.getByRole('button', { name: 'Reply', exact: true }).waitFor();
    await page.getByText('This chat is with somebody else now.').waitFor();
    await expect.poll(() => JSON.stringify(vera.lines)).toMatch(/chatting with Mia/);
    await mia.close();
  });

  it('[DESK15] [DESK36] commands are found by Ctrl+K, regions by F6, and the list is resized by arrows', async () => {
    const focused = () => page.evaluate(() => document.activeElement?.tagName);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.type('walter');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Walter' }).waitFor();
    const regions = new Set();
    for (let presses = 0; presses < 7; presses += 1) {
      await page.keyboard.press('F6');
      regions.add(
        await page.evaluate(() => document.activeElement?.closest('[data-region]')?.className),
      );
      expect(await focused()).not.toBe('BODY');
    }
    expect(regions.size).toBeGreaterThanOrEqual(5);
    const outline = (place) =>
      place.evaluate((at) => {
        at.focus();
        return getComputedStyle(at).outlineStyle;
      });
    expect(await outline(page.locator('#conversation'))).toBe('none');
    const edge = page.getByRole('separator', { name: 'Width of the chat list' });
    expect(await outline(edge)).toBe('solid');
    await page.keyboard.press('ArrowRight');
    expect(await edge.getAttribute('aria-valuenow')).toBe('328');
    await page.keyboard.press('n');
    await page.getByRole('button', { name: 'Add note' }).waitFor();
    await page.keyboard.press('Control+.');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('transfer');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Transfer Walter' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused).not.toBe('BODY');
  });

  it('[DESK21] a program asks for what it may not do by itself, and is allowed it', async () => {
    const [program, session] = await delegate();
    const chat = [...program.chats.values()].find(({ info }) => info.visitorName === 'Walter');
    const said = chat.say('On behalf of Anna');
    await page.getByText('Helper wants to write to the visitor in the chat with Walter.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Approve' }).click();
    expect(await said).not.toBeNull();
    await transcript().getByText('On behalf of Anna').waitFor();
    expect(session).toBeTruthy();
    await program.close();
  });

  it('[DESK8] says when another place took the session over', async () => {
    await page.getByRole('link', { name: /Walter/ }).click();
    await field().fill('not sent yet');
    const elsewhere = await stage.agent('agent1');
    await page.getByText('You are working somewhere else').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await field().inputValue()).toBe('not sent yet');
    await elsewhere.close();
  });

  it('[DESK19] opens without a connection once it was opened with one', async () => {
    await page.goto(`${server.http}/workspace/`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await page.getByRole('heading', { name: 'Log in to Parley' }).waitFor();
    await context.setOffline(true);
    await page.reload();
    await page.getByRole('heading', { name: 'Log in to Parley' }).waitFor();
    await context.setOffline(false);
  });

  it('[PAGE4] the browser complains of nothing', () => {
    expect(stage.complaints).toEqual([]);
  });
});
