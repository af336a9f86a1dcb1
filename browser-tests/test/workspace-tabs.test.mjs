// Several tabs of the agents' workspace in one browser, at a real server.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, openStage, PASSWORD, transcript, write } from '../actors.mjs';

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
let context;
/** The tab that logged in, and one that came later. */
let first;
let second;
let visitor;
/** Logins and sessions that pages asked for. */
const opened = [];

beforeAll(async () => {
  stage = await openStage();
  context = await stage.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(() => {
    globalThis.tones = 0;
    const { createOscillator } = AudioContext.prototype;
    AudioContext.prototype.createOscillator = function () {
      globalThis.tones += 1;
      return createOscillator.call(this);
    };
  });
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() !== 'POST') return;
    if (/\/(agentSession|login)$/.test(pathname)) opened.push(pathname.split('/').at(-1));
  });
}, 60_000);

afterAll(async () => {
  visitor?.close();
  await stage?.close();
});

async function tab(user = 'agent1') {
  const page = await context.newPage();
  await page.goto(`${stage.server.http}/workspace/?account=${ACCOUNT}&user=${user}&lang=en`);
  return page;
}

const ring = (visitorName) => stage.visitor(visitorName, 'Hello', { skill: 'Sales' });
const logIn = async (page) => {
  await page.locator('[name=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
};
const TONES = () => globalThis.tones;
const FIELD = () => document.querySelector('textarea').value;
const open = (page) => page.getByRole('link', { name: /Vera/ }).click();
/** Once: what was sent stands there as waiting until it is answered, beside what the stream brings. */
const shows = (page, text) =>
  expect
    .poll(() => transcript(page).getByText(text, { exact: true }).count(), { timeout: 10_000 })
    .toBe(1);

describe('two tabs of one user', { timeout: 60_000 }, () => {
  it('[DESK18, CLIENT87] share one session: the second asks for nothing, shows the same chats, and both write', async () => {
    first = await tab();
    await logIn(first);
    visitor = await ring('Vera');
    await first.getByRole('button', { name: 'Accept' }).first().click();
    await shows(first, 'Hello');
    second = await tab();
    await open(second);
    await open(first);
    await write(second, 'From the second');
    await write(first, 'From the first');
    for (const page of [first, second]) {
      await shows(page, 'From the second');
      await shows(page, 'From the first');
      expect(await page.getByText('You are working somewhere else').count()).toBe(0);
    }
    // What is written in one stands in the other, until it is sent.
    await first.bringToFront();
    await first.locator('textarea').fill('Half a sen');
    await expect.poll(() => second.evaluate(FIELD)).toBe('Half a sen');
    await write(first, 'Half a sentence');
    await expect.poll(() => second.evaluate(FIELD)).toBe('');
    // Both may play sounds by now; one does.
    const caller = await ring('Wim');
    await expect.poll(() => first.evaluate(TONES), { timeout: 10_000 }).toBeGreaterThan(0);
    await expect.poll(() => second.title(), { timeout: 10_000 }).toBe('● Wim calls');
    expect(await second.evaluate(TONES)).toBe(0);
    await caller.end();
    expect(opened).toEqual(['login', 'agentSession']);
  });

  it('[DESK18, CLIENT87] go on without a gap when the one that listens for both is closed', async () => {
    const COUNT = 30;
    const lines = Array.from({ length: COUNT }, (_, n) => `Line ${n + 1} of ${COUNT}`);
    const said = (async () => {
      for (const line of lines) await visitor.say(line);
    })();
    await shows(second, 'Line 3 of 30');
    await first.close();
    await said;
    await shows(second, `Line ${COUNT} of ${COUNT}`);
    const shown = await transcript(second)
      .getByText(/^Line \d+ of \d+$/)
      .allTextContents();
    expect(shown).toEqual(lines);
    await write(second, 'Still here');
    await shows(second, 'Still here');
    expect(opened).toEqual(['login', 'agentSession']);
  });

  it('[DESK18] are taken over by another place together, and come back together', async () => {
    first = await tab();
    await open(first);
    await shows(first, 'Still here');
    const elsewhere = await stage.agent('agent1');
    for (const page of [first, second]) {
      await page.getByText('You are working somewhere else').waitFor();
    }
    await first.getByRole('button', { name: 'Work here' }).click();
    await logIn(first);
    expect(await elsewhere.ended).toBe('taken-over');
    await second.getByRole('button', { name: 'Work here' }).click();
    await second.getByText('You are working somewhere else').waitFor({ state: 'hidden' });
    await write(second, 'Back again');
    await shows(first, 'Back again');
    expect(opened).toEqual(['login', 'agentSession', 'login', 'agentSession']);
  });

  it('[DESK18] share the session of a supervisor, beside those of another user', async () => {
    const board = await tab('manager1');
    await logIn(board);
    await board.getByRole('link', { name: 'Board' }).waitFor();
    const before = opened.length;
    const another = await tab('manager1');
    await another.getByRole('link', { name: 'Board' }).waitFor();
    expect(opened.length).toBe(before);
    expect(await first.getByText('You are working somewhere else').count()).toBe(0);
    await another.close();
    await board.close();
  });

  it('[DESK18] log out together', async () => {
    await second.getByRole('button', { name: 'Menu of Anna' }).click();
    await second.getByRole('menuitem', { name: 'Log out' }).click();
    await second.getByRole('dialog').getByRole('button', { name: 'Log out' }).click();
    for (const page of [first, second]) {
      await page.getByRole('heading', { name: 'Log in to Parley' }).waitFor();
    }
    expect(stage.complaints).toEqual([]);
  });

  it('[CLIENT87, DESK18] ask for the password once for all when the login ends, whichever tab is answered', async () => {
    const reset = (password) =>
      stage.configure(async (admin) => {
        const { items } = await admin.users.list();
        const { id } = items.find(({ loginName }) => loginName === 'agent1');
        await admin.resetPassword(id, password, { changeAtNextLogin: false });
      });
    await logIn(first);
    await first.locator('header').first().waitFor();
    await second.reload();
    await second.locator('header').first().waitFor();
    const asked = (page) => page.getByRole('dialog').locator('[name=password]');
    let number = 0;
    for (const [answered, other] of [
      [first, second],
      [second, first],
    ]) {
      const before = opened.filter((each) => each === 'login').length;
      number += 1;
      const password = `Another-password-${number}`;
      // It ends all logins of the user.
      await reset(password);
      for (const page of [first, second]) await asked(page).waitFor();
      await asked(answered).fill(password);
      await answered.keyboard.press('Enter');
      for (const page of [first, second]) await asked(page).waitFor({ state: 'hidden' });
      // Both go on in one session: what one chooses stands in the other.
      const chosen = number === 1 ? 'Away' : 'Online';
      await other
        .getByRole('button', { name: /^(Online|Away)/ })
        .first()
        .click();
      await other.getByRole('menuitemradio', { name: new RegExp(`^${chosen}`) }).click();
      for (const page of [answered, other]) {
        await page.getByRole('button', { name: new RegExp(`^${chosen}`) }).waitFor();
        expect(await page.getByText('You are working somewhere else').count()).toBe(0);
      }
      expect(opened.filter((each) => each === 'login').length).toBe(before + 1);
    }
  });
});
