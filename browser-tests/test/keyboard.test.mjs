// Whole days at the workspace without a mouse: keys alone, nothing is focused by the test.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, openStage, PASSWORD, textsAndSurveys, transcript } from '../actors.mjs';

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
/** A colleague, who is no page: invited, suggests, and is transferred to. */
let ben;
/** Of a visitor who comes twice. */
const VERA = '4711000042';

beforeAll(async () => {
  stage = await openStage();
  await stage.configure(textsAndSurveys);
  ben = await stage.agent('agent2');
  await ben.setAvailability('Occupied');
  // What she had asked before is in the details.
  const earlier = await stage.visitor('Vera', 'Do you have vases?', { visitorId: VERA });
  await earlier.end();
}, 60_000);

afterAll(async () => {
  await ben?.close();
  await stage?.close();
});

/** Waits until an agent has a text in a chat. */
async function hears(chat, text) {
  for await (const event of chat.events({ after: 0, signal: AbortSignal.timeout(20_000) })) {
    if (JSON.stringify(event).includes(text)) return;
  }
  throw new Error(`Nobody said ${text}.`);
}

/** Somebody at a new workspace who has no mouse. */
async function atKeys(user) {
  const page = await stage.newPage({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  // A step that fails says so before the test's own time is over.
  page.setDefaultTimeout(20_000);
  const { keyboard } = page;
  const focus = () =>
    page.evaluate(() => {
      const { activeElement: at } = document;
      return at === null || at === document.body
        ? 'body'
        : `${at.localName} ${at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? ''}`;
    });
  const onSomething = () => expect.poll(focus).not.toBe('body');
  /** Presses a key until what has the focus is called so. */
  const tabTo = async (name, key = 'Tab') => {
    const been = [];
    for (let presses = 0; presses < 60; presses += 1) {
      been.push(await focus());
      if (name.test(been.at(-1))) return;
      await keyboard.press(key);
    }
    throw new Error(`${key} does not reach ${name}, but ${been.join(', ')}`);
  };
  /** Goes to what is called so, and presses it. */
  const press = async (name, key = 'Tab') => {
    await tabTo(name, key);
    await keyboard.press('Enter');
  };
  const command = async (words) => {
    await keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands' }).waitFor();
    await keyboard.type(words);
    await keyboard.press('Enter');
  };
  /** Chooses one of a group of radio buttons, of which one has the focus. */
  const choose = async (radio) => {
    for (let presses = 0; presses < 8 && !(await radio.isChecked()); presses += 1) {
      await keyboard.press('ArrowDown');
    }
    expect(await radio.isChecked()).toBe(true);
  };

  await page.goto(`${stage.server.http}/workspace/?lang=en`);
  await page.getByRole('heading', { name: 'Log in to Parley' }).waitFor();
  for (const text of [ACCOUNT, user, PASSWORD]) {
    await keyboard.type(text);
    await keyboard.press('Tab');
  }
  await keyboard.press('Enter');
  await page.locator('header').first().waitFor();
  await onSomething();
  return { page, keyboard, focus, onSomething, tabTo, press, command, choose };
}

it('[DESK15] an agent’s day without a mouse', { timeout: 60_000 }, async () => {
  const { page, keyboard, focus, onSomething, tabTo, press, command, choose } =
    await atKeys('agent1');
  const dialog = page.getByRole('dialog');
  await page.getByText('No chats. You are Online').waitFor();

  await command('be occupied');
  await page.getByRole('button', { name: /^Occupied/ }).waitFor();
  await onSomething();
  await command('be online');
  await page.getByRole('button', { name: /^Online/ }).waitFor();

  // Accepts: with nothing being written, the button of what rings has the focus.
  const vera = await stage.visitor('Vera', 'Is it in stock?', { visitorId: VERA });
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

  // The details: an earlier chat is read, they are closed, and opened again.
  await tabTo(/^section Visitor/);
  await press(/^button .*\d:\d\d/);
  await dialog.getByText('Do you have vases?').waitFor();
  await onSomething();
  await keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await onSomething();
  const details = page.getByRole('complementary', { name: 'Details' });
  await press(/^button Close details/, 'Shift+Tab');
  await details.waitFor({ state: 'hidden' });
  await onSomething();
  await press(/^button Details/);
  await details.waitFor();
  await onSomething();

  // Invites a colleague, by the letter, since nothing is being written.
  await keyboard.press('i');
  await dialog.getByRole('radio', { name: /^Ben/ }).waitFor();
  await onSomething();
  await tabTo(/^input/);
  await choose(dialog.getByRole('radio', { name: /^Listener/ }));
  await keyboard.press('Tab');
  await tabTo(/^input/);
  await choose(dialog.getByRole('radio', { name: /^Ben/ }));
  await press(/^button Invite/);
  await expect.poll(() => ben.ringing[0]?.role).toBe('listener');
  const beside = await ben.ringing[0].accept();
  await page.getByRole('button', { name: 'In this chat: Ben (Listener)' }).waitFor();
  await onSomething();

  // Uses what the colleague suggests, changes it, and puts it away.
  const card = page.getByRole('region', { name: 'Suggested reply' });
  const suggested = async (text) => {
    await beside.suggest(text);
    await card.getByText(text).waitFor();
    await keyboard.press('r');
    if (!/^textarea/.test(await focus())) await tabTo(/^textarea Reply/);
  };
  await suggested('It is in stock');
  await press(/^button Use/, 'Shift+Tab');
  await expect.poll(() => vera.lines.at(-1)?.text).toBe('It is in stock');
  await onSomething();
  await suggested('We deliver today');
  await press(/^button Edit/, 'Shift+Tab');
  await expect.poll(() => page.locator('textarea').inputValue()).toBe('We deliver today');
  await expect.poll(focus).toMatch(/^textarea Reply/);
  await keyboard.press('End');
  await keyboard.type('!');
  await keyboard.press('Enter');
  await expect.poll(() => vera.lines.at(-1)?.text).toBe('We deliver today!');
  await suggested('Buy two');
  await press(/^button Dismiss/, 'Shift+Tab');
  await card.waitFor({ state: 'detached' });
  await onSomething();

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
  await ben.setAvailability('Online');
  await keyboard.press('F8');
  await page.getByRole('heading', { name: 'Walter' }).waitFor();
  await onSomething();
  await command('transfer');
  await dialog.getByRole('radio', { name: /^Ben/ }).waitFor();
  await onSomething();
  await tabTo(/^input/);
  await choose(dialog.getByRole('radio', { name: /^Ben/ }));
  await tabTo(/^textarea/);
  await keyboard.type('He asks for the size');
  await tabTo(/^button Transfer/);
  await keyboard.press('Enter');
  await page.getByRole('link', { name: /Walter/ }).waitFor({ state: 'detached' });
  await onSomething();
  await expect.poll(() => ben.ringing[0]?.role).toBe('agent');
  const walter = await ben.ringing[0].accept();
  await hears(walter, 'He asks for the size');

  // Logs out.
  await tabTo(/^button Menu of Anna/, 'Shift+Tab');
  await keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Log out' }).waitFor();
  await keyboard.press('End');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Log in to Parley' }).waitFor();
  // The server knows of it by then, so that nothing rings at her any more.
  await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
  await expect.poll(focus).toMatch(/^input/);
  await page.context().close();
});

it('[DESK15] a supervisor’s day without a mouse', { timeout: 60_000 }, async () => {
  const { page, keyboard, onSomething, press, tabTo, command } = await atKeys('manager1');
  // She looks on, and is not rung herself.
  await command('be occupied');
  await page.getByRole('button', { name: /^Occupied/ }).waitFor();
  const dialog = page.getByRole('dialog');
  await ben.setAvailability('Online');
  const rita = await stage.visitor('Rita', 'Where is my parcel?');
  await expect.poll(() => ben.ringing.length).toBe(1);
  const chat = await ben.ringing[0].accept();

  // The board: a chart as its table, and a colleague made to pause.
  if (!/#\/board/.test(page.url())) await press(/^a Board/);
  await page.getByRole('row', { name: /Rita/ }).getByText('Ben').waitFor();
  await onSomething();
  await press(/^button As a table/);
  await page.getByRole('columnheader', { name: 'Agents online' }).waitFor();
  await onSomething();
  await press(/^button Actions for Ben/);
  await page.getByRole('menuitemradio', { name: 'Occupied' }).waitFor();
  await tabTo(/^\w+ Occupied/, 'ArrowDown');
  await keyboard.press('Enter');
  await expect.poll(() => ben.availability.chat).toBe('Occupied');
  await onSomething();

  // Watches, and whispers to the agent alone.
  await press(/^button Watch/, 'Shift+Tab');
  await page.getByText('Watching, the visitor cannot see you.').waitFor();
  await onSomething();
  await tabTo(/^textarea/);
  await keyboard.type('Offer her the discount');
  await keyboard.press('Enter');
  await hears(chat, 'Offer her the discount');
  expect(JSON.stringify(rita.lines)).not.toMatch(/Mia|discount/);

  // Takes the chat over: asked once more, then it is hers.
  await press(/^button Take over/, 'Shift+Tab');
  await dialog.waitFor();
  await onSomething();
  await press(/^button Take over/);
  await page.getByRole('button', { name: 'Reply', exact: true }).waitFor();
  await onSomething();
  await tabTo(/^textarea/);
  await keyboard.type('I have your parcel here.');
  await keyboard.press('Enter');
  await expect.poll(() => rita.lines.at(-1)?.text).toBe('I have your parcel here.');

  // Back to the board, and ends another chat there.
  await press(/^a Board/, 'Shift+Tab');
  await page.waitForURL(/#\/board/);
  await onSomething();
  await press(/^button Actions for Rita/);
  await page.getByRole('menuitem', { name: /^End/ }).waitFor();
  await keyboard.press('End');
  await keyboard.press('Enter');
  await dialog.waitFor();
  await onSomething();
  await press(/^button End/);
  await expect.poll(() => rita.state).toBe('ended');
  // Her row goes, with what had the focus.
  await page.getByRole('row', { name: /Rita/ }).waitFor({ state: 'detached' });
  await onSomething();
  await page.context().close();
});

it('[DESK15] an administrator’s day without a mouse', { timeout: 60_000 }, async () => {
  const { page, keyboard, focus, onSomething, press, tabTo } = await atKeys('admin1');
  await page.getByRole('cell', { name: 'Anna Agent' }).waitFor();

  // Makes a user.
  await press(/^button Add user/);
  await tabTo(/^input Login name/);
  await keyboard.type('nina');
  await tabTo(/^input Password/);
  await keyboard.type('a rather long one 4');
  await keyboard.press('Enter');
  await page.getByRole('link', { name: 'nina' }).waitFor();
  await onSomething();

  // Changes one, and closes another one without.
  await press(/^a nina/);
  await tabTo(/^input Full name/);
  await keyboard.type('Nina Neu');
  await press(/^button Save/);
  await page.getByRole('cell', { name: 'Nina Neu' }).waitFor();
  await onSomething();
  await press(/^a nina/);
  await expect.poll(focus).not.toMatch(/^a /);
  await keyboard.press('Escape');
  await page.getByLabel('Login name').waitFor({ state: 'detached' });
  await onSomething();

  // Goes on to another page of the administration.
  await press(/^a Settings/, 'Shift+Tab');
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  await onSomething();
  await tabTo(/^input A chat rings for/);
  await keyboard.press('ControlOrMeta+a');
  await keyboard.type('25');
  await press(/^button Save/);
  await stage.configure((admin) =>
    expect.poll(async () => (await admin.settings()).settings.ringSeconds).toBe(25),
  );
  await onSomething();
  await page.context().close();
});
