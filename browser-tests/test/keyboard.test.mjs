// All of an agent's day at the workspace without a mouse: keys alone, nothing is focused by the test.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accept, openStage, textsAndSurveys, transcript } from '../actors.mjs';
import { closeBrowser } from '../browser.mjs';

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.configure(textsAndSurveys);
}, 60_000);

afterAll(async () => {
  await closeBrowser();
  await stage?.close();
});

it('[DESK15] an agent’s day without a mouse', { timeout: 60_000 }, async () => {
  const page = await stage.newPage({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  const { keyboard } = page;
  const focus = () =>
    page.evaluate(() => {
      const { activeElement: at } = document;
      return at === null || at === document.body
        ? 'body'
        : `${at.localName} ${at.getAttribute('aria-label') ?? at.textContent ?? ''}`;
    });
  const onSomething = () => expect.poll(focus).not.toBe('body');
  /** Tabs until what has the focus is called so. */
  const tabTo = async (name, key = 'Tab') => {
    for (let presses = 0; presses < 40; presses += 1) {
      if (name.test(await focus())) return;
      await keyboard.press(key);
    }
    throw new Error(`${key} does not reach ${name}, but stands at ${await focus()}`);
  };
  const dialog = page.getByRole('dialog');
  const command = async (words) => {
    await keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands' }).waitFor();
    await keyboard.type(words);
    await keyboard.press('Enter');
  };

  // Logs in.
  await page.goto(`${stage.server.http}/workspace/?lang=en`);
  await page.getByRole('heading', { name: 'Log in to Parley' }).waitFor();
  for (const text of ['12345678', 'agent1', 'parley-demo']) {
    await keyboard.type(text);
    await keyboard.press('Tab');
  }
  await keyboard.press('Enter');
  await page.getByText('No chats. You are Online').waitFor();

  // A second agent, to transfer to.
  const ben = await stage.workspace('agent2');
  await command('be occupied');
  await page.getByRole('button', { name: /^Occupied/ }).waitFor();
  await onSomething();
  await command('be online');
  await page.getByRole('button', { name: /^Online/ }).waitFor();

  // Accepts: with nothing being written, the button of what rings has the focus.
  await ben.getByRole('button', { name: /^Online/ }).click();
  await ben.getByRole('menuitemradio', { name: /^Away/ }).click();
  await ben.getByRole('button', { name: /^Away/ }).waitFor();
  const vera = await stage.visitor('Vera', 'Is it in stock?');
  await page.locator('nav').getByText('Vera').waitFor();
  await keyboard.press('F2');
  await page.getByRole('heading', { name: 'Vera' }).waitFor();
  await expect.poll(focus).toMatch(/^textarea/);

  // Replies, with a canned text, an emoji and a mark.
  await keyboard.type('/gre');
  await page.getByRole('option', { name: 'Greeting' }).waitFor();
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  await expect.poll(() => vera.lines.at(-1)?.text).toBe('Hello Vera, this is Anna.');
  await onSomething();
  await keyboard.type('It is :smil');
  await page.getByRole('option').first().waitFor();
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  await expect.poll(() => vera.lines.at(-1)?.text).toMatch(/^It is .*\p{Emoji_Presentation}/u);

  // A private note.
  await keyboard.press('Control+.');
  await page.getByRole('button', { name: 'Add note' }).waitFor();
  await expect.poll(focus).toMatch(/^textarea/);
  await keyboard.type('Has the club card');
  await keyboard.press('Enter');
  await transcript(page).getByText('Has the club card').waitFor();
  await keyboard.press('Control+.');
  await expect.poll(focus).toMatch(/^textarea Reply/);

  // A second chat, and back by the list.
  await stage.visitor('Walter', 'Hello');
  await page.locator('nav').getByText('Walter').waitFor();
  await keyboard.press('F2');
  await page.getByRole('heading', { name: 'Walter' }).waitFor();
  for (let presses = 0; presses < 8 && !/^a /.test(await focus()); presses += 1) {
    await keyboard.press('F6');
  }
  expect(await focus()).toMatch(/^a .*Walter/);
  await keyboard.press('End');
  if (!/Vera/.test(await focus())) await keyboard.press('Home');
  expect(await focus()).toMatch(/Vera/);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Vera' }).waitFor();
  await onSomething();

  // Ends it at the second press, and answers the survey with its branch.
  await tabTo(/^button End/, 'Shift+Tab');
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  await page.getByText('This chat has ended.').waitFor();
  await onSomething();
  await tabTo(/^input/);
  expect(await page.getByLabel('What is left?').count()).toBe(0);
  await keyboard.press('Space');
  await keyboard.press('ArrowDown');
  await page.getByLabel('What is left?').waitFor();
  await keyboard.press('Tab');
  await keyboard.type('The parcel');
  await tabTo(/^button Save answers/);
  await keyboard.press('Enter');
  await page.getByRole('link', { name: /Vera/ }).waitFor({ state: 'detached' });
  await onSomething();

  // Transfers the other one: by its letter, since nothing is being written.
  await ben.getByRole('button', { name: /^Away/ }).click();
  await ben.getByRole('menuitemradio', { name: /^Online/ }).click();
  await ben.getByRole('button', { name: /^Online/ }).waitFor();
  await keyboard.press('F8');
  await page.getByRole('heading', { name: 'Walter' }).waitFor();
  await onSomething();
  await command('transfer');
  await dialog.getByRole('radio', { name: /^Ben/ }).waitFor();
  await onSomething();
  await tabTo(/^input/);
  for (let presses = 0; presses < 4; presses += 1) {
    if (await dialog.getByRole('radio', { name: /^Ben/ }).isChecked()) break;
    await keyboard.press('ArrowDown');
  }
  expect(await dialog.getByRole('radio', { name: /^Ben/ }).isChecked()).toBe(true);
  await tabTo(/^textarea/);
  await keyboard.type('He asks for the size');
  await tabTo(/^button Transfer/);
  await keyboard.press('Enter');
  await page.getByRole('link', { name: /Walter/ }).waitFor({ state: 'detached' });
  await onSomething();
  await accept(ben);
  await ben.getByText('He asks for the size').first().waitFor();

  // Logs out.
  await tabTo(/^button Menu of Anna/, 'Shift+Tab');
  await keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Log out' }).waitFor();
  await keyboard.press('End');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Log in to Parley' }).waitFor();
  await expect.poll(focus).toMatch(/^input/);
  await page.context().close();
});
