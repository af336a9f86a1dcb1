// The administration of the workspace in a real browser, at a real server, beside another
// administrator of the SDK.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MailServer } from '../../packages/server/test/mail-server.ts';
import * as actors from '../actors.mjs';
import { violations } from '../axe.mjs';

/** @type {Awaited<ReturnType<typeof actors.openStage>>} */
let stage;
let page;
let requests;
/** Another administrator of the same account. */
let other;

beforeAll(async () => {
  stage = await actors.openStage();
  other = await stage.administrator();
}, 60_000);

afterAll(async () => {
  await other?.close();
  await stage?.close();
});

/** A page of a new browser profile, logged in. */
async function logIn(username) {
  page = await stage.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await actors.logIn(page, username, { at: stage.server.http });
}

/** Goes to a page of the administration as its links do. */
async function open(path) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `/admin/${path}`);
}

const save = () => page.getByRole('button', { name: 'Save', exact: true });
const userNamed = async (name) =>
  (await other.users.list()).items.find(({ loginName }) => loginName === name);

describe('the administration in a browser', { timeout: 60_000 }, () => {
  it('[ADM1] an agent sees nothing of it, and loads nothing of it', async () => {
    await logIn('agent1');
    await page.getByText('No chats. You are Online').waitFor();
    await open('users');
    await page.getByText('No chats. You are Online').waitFor();
    expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0);
    // Of the configuration agents are given what they choose from.
    const loaded = requests
      .map((url) => new URL(url).pathname)
      .filter((path) => /assets\/admin-|\/configuration\//.test(path))
      .filter((path) => !/\/(?:canned-content|status-reasons|workspace-pages)$/.test(path));
    expect(loaded).toEqual([]);
    await page.context().close();
  });

  it('[ADM1] an agent who administers sees it beside the chats', async () => {
    const agent = await userNamed('agent2');
    await other.users.update(agent.id, { profileIds: [1, 2] });
    await logIn('agent2');
    await page.getByRole('link', { name: 'Administration' }).click();
    await page.getByRole('cell', { name: 'Alex Administrator' }).waitFor();
    await page.getByRole('link', { name: 'Chats' }).click();
    await page.getByText('No chats. You are Online').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  it('[ADM1] an administrator who takes no chats sees it, with the board beside it, and makes a user by keyboard', async () => {
    await logIn('admin1');
    await page.getByRole('cell', { name: 'Anna Agent' }).waitFor();
    await page.getByRole('link', { name: 'Board' }).waitFor();
    expect(await page.getByRole('link', { name: 'Chats' }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add user' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Login name').waitFor();
    await page.keyboard.press('Tab');
    await page.getByLabel('Login name').focus();
    await page.keyboard.type('nina');
    await page.getByLabel('Password', { exact: true }).focus();
    await page.keyboard.type('a rather long one 4');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'nina' }).waitFor();
    expect(await userNamed('nina')).toMatchObject({ isEnabled: true, profileIds: [2] });
  });

  it('[ADM4] what is refused is said at the field it is about, and what was typed stays', async () => {
    await open('users/new');
    await page.getByLabel('Login name').fill('agent1');
    await page.getByLabel('Password', { exact: true }).fill('a rather long one 4');
    await save().click();
    await page.getByRole('alert').filter({ hasText: 'agent1' }).waitFor();
    const chats = page.getByLabel('Chats at once');
    await page.getByLabel('Login name').fill('agent9');
    await chats.fill('5000');
    await save().click();
    await expect.poll(() => chats.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('alert').textContent()).toMatch(/maxChats/);
    expect(await page.getByLabel('Login name').inputValue()).toBe('agent9');
    expect(await userNamed('agent9')).toBeUndefined();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('[ADM2] both versions of a record are shown when somebody else was faster', async () => {
    const { id } = await userNamed('nina');
    await open(`users/${id}`);
    await page.getByLabel('Full name').fill('Nina Mine');
    await other.users.update(id, { fullName: 'Nina Theirs' });
    await save().click();
    const conflict = page.getByRole('alert').filter({ hasText: 'Somebody else changed this' });
    await conflict.waitFor();
    expect(await conflict.getByRole('row', { name: /Full name/ }).textContent()).toBe(
      'Full nameNina MineNina Theirs',
    );
    expect((await userNamed('nina')).fullName).toBe('Nina Theirs');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Overwrite with mine' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await userNamed('nina')).fullName).toBe('Nina Mine');

    await open(`users/${id}`);
    await page.getByLabel('Full name').fill('Nina Again');
    await other.users.update(id, { fullName: 'Nina Last' });
    await save().click();
    await page.getByRole('button', { name: 'Discard mine' }).click();
    expect(await page.getByLabel('Full name').inputValue()).toBe('Nina Last');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('[ADM2] both versions of a canned text, and of a rule’s hours, are read as people write them', async () => {
    const text = (words) => ({ texts: [{ language: 'en-US', text: words }] });
    const { id } = await other.cannedContent.create({ name: 'Hello', ...text('Hello') });
    await open(`canned/${id}`);
    await page.getByLabel('Text 1', { exact: true }).fill('Good morning');
    await other.cannedContent.update(id, text('Good evening'));
    await save().click();
    const conflict = page.getByRole('alert').filter({ hasText: 'Somebody else changed this' });
    await conflict.waitFor();
    expect(await conflict.getByRole('row', { name: /Texts/ }).textContent()).toBe(
      'Textsen-US: Good morningen-US: Good evening',
    );
    await page.getByRole('button', { name: 'Discard mine' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    const { id: userId } = await userNamed('agent1');
    const hours = [{ weekday: 'Monday', from: '08:00', to: '18:00' }];
    const rule = await other.routingRules.create({
      name: 'Mornings',
      action: 'attach',
      userId,
      hours,
    });
    await open(`rules/${rule.id}`);
    await page.getByRole('combobox', { name: 'Day' }).selectOption('Tuesday');
    await page.getByLabel('Until').fill('12:00');
    await save().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const { items } = await other.routingRules.list();
    expect(items.find((each) => each.id === rule.id).hours).toEqual([
      { weekday: 'Tuesday', from: '08:00', to: '12:00' },
    ]);
  });

  it('[ADM2] a change of another record is no conflict', async () => {
    const { id } = await userNamed('nina');
    const agent = await userNamed('agent1');
    await open(`users/${id}`);
    await page.getByLabel('Nickname').fill('Nini');
    await other.users.update(agent.id, { description: 'changed meanwhile' });
    await save().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await userNamed('nina')).nickname).toBe('Nini');
  });

  it('[ADM3] secrets of an app key are shown once', async () => {
    await open('keys/new-agent');
    await page.getByLabel('Name', { exact: true }).fill('night bot');
    await page.getByLabel('User it logs in').selectOption({ label: 'bot1' });
    await save().click();
    const stored = page.getByRole('button', { name: 'I stored them' });
    await stored.waitFor();
    const shown = await page.locator('dialog code, [role=dialog] code').allTextContents();
    expect(shown.length).toBe(4);
    expect(await violations(page)).toEqual([]);
    // It is left only by saying so.
    await page.keyboard.press('Escape');
    expect(await stored.isVisible()).toBe(true);
    await stored.click();
    await page.getByRole('cell', { name: 'night bot' }).waitFor();
    const [, secret] = shown;
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('link', { name: 'night bot' }).click();
    await page.getByRole('button', { name: 'Make new secrets' }).waitFor();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  it('[ADM5] a survey with a branch is made, and its preview opens the branch', async () => {
    await open('surveys/new');
    await page.getByLabel('Name', { exact: true }).fill('Before we begin');
    const add = page.getByRole('button', { name: 'Add question' });
    await add.click();
    const first = page.getByRole('group', { name: 'Question 1' });
    await first.getByLabel('Question', { exact: true }).fill('New customer?');
    await first.getByRole('combobox', { name: 'Answer' }).selectOption('Radio Button');
    await first.getByRole('button', { name: 'Add choice' }).click();
    await first.getByLabel('Choice 1').fill('Yes');
    await first.getByRole('button', { name: 'Add choice' }).click();
    await first.getByLabel('Choice 2').fill('No');
    await add.click();
    await page
      .getByRole('group', { name: 'Question 2' })
      .getByLabel('Question', { exact: true })
      .fill('Customer number');
    const branch = first.getByText('Shows further questions').last();
    await branch.click();
    await first.getByLabel('Customer number').last().check();
    await page.getByText('Show if New customer? = No').waitFor();

    const preview = page.getByRole('complementary', { name: 'Preview' });
    expect(await preview.getByLabel('Customer number').count()).toBe(0);
    await preview.getByLabel('No', { exact: true }).check();
    await preview.getByLabel('Customer number').waitFor();
    expect(await violations(page)).toEqual([]);
    await save().click();
    await page.getByRole('cell', { name: 'Before we begin' }).waitFor();
    const { items } = await other.surveys.list();
    const { questions } = items.find(({ name }) => name === 'Before we begin');
    expect(questions.map(({ label }) => label)).toEqual(['New customer?', 'Customer number']);
    expect(questions[0].entry[1].logic.showLogicId).toEqual([questions[1].logicId]);

    await page.getByRole('link', { name: 'Before we begin' }).click();
    await page
      .getByRole('group', { name: 'Question 2' })
      .getByRole('button', { name: 'Remove question' })
      .click();
    await save().click();
    await page.getByRole('cell', { name: 'Before we begin' }).waitFor();
    const after = (await other.surveys.list()).items.find(({ name }) => name === 'Before we begin');
    expect(after.questions.length).toBe(1);
    expect(JSON.stringify(after.questions[0].entry)).not.toContain('showLogicId');
  });

  it('[ADM6] settings are saved by group, and what is edited in another one stays', async () => {
    await open('settings');
    const group = (heading) =>
      page.locator('form').filter({ has: page.getByRole('heading', { name: heading }) });
    const saveIn = (heading) => group(heading).getByRole('button', { name: 'Save', exact: true });
    const settings = async () => (await other.settings()).settings;

    await page.getByLabel('Days for which chats').fill('90');
    await page.getByLabel('A chat rings for').fill('30');
    // Somebody else changes what is edited in neither: no conflict.
    await other.changeSettings({ timeZone: 'Europe/Athens' });
    await saveIn('Times, in seconds').click();
    await expect.poll(async () => (await settings()).ringSeconds).toBe(30);
    await saveIn('Times, in seconds').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByLabel('Time zone').inputValue()).toBe('Europe/Athens');
    expect(await page.getByLabel('Days for which chats').inputValue()).toBe('90');
    await saveIn('Visitors').click();
    await expect.poll(async () => (await settings()).retentionDays).toBe(90);

    await page.getByRole('button', { name: 'Add hours on Monday' }).click();
    await saveIn('Opening hours').click();
    await expect
      .poll(async () => (await settings()).openingHours.days)
      .toEqual([{ weekday: 'Monday', from: '09:00', to: '17:00' }]);

    await page.getByLabel('Time zone').fill('Nowhere/Land');
    await saveIn('Place and language').click();
    await page.getByRole('alert').filter({ hasText: 'Nowhere/Land' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('[ADM7] the mail server is tried as it is saved, and what became of it is said', async () => {
    const mails = await MailServer.start();
    try {
      const form = page.locator('form').filter({ has: page.getByLabel('Host') });
      const button = form.getByRole('button', { name: 'Send a test mail to me' });
      expect(await button.count()).toBe(0);
      await form.getByLabel('Host').fill('127.0.0.1');
      await form.getByLabel('Port').fill(String(mails.port));
      await form.getByLabel('Sender').fill('shop@example.com');
      // What is tested is what is saved.
      expect(await button.count()).toBe(0);
      await form.getByRole('button', { name: 'Save', exact: true }).click();
      await button.click();
      await form
        .getByRole('status')
        .getByText('The mail server took a test mail to admin1@example.com.')
        .waitFor();
      const mail = await mails.mail();
      expect(mail.to).toEqual(['admin1@example.com']);
      expect(mail.headers.get('subject')).toBe('Test mail of Parley');

      mails.verdict = { status: 550, words: 'this mailbox is full' };
      await button.click();
      await form.getByRole('alert').getByText('refused the test mail').waitFor();
      expect(await form.getByRole('alert').textContent()).toContain('550');
      expect(mails.received.length).toBe(1);
      expect(await violations(page, ['light'])).toEqual([]);
    } finally {
      await mails.stop();
    }
    // Nobody is there any more.
    await page.getByRole('button', { name: 'Send a test mail to me' }).click();
    await page.getByRole('alert').getByText('could not be handed over').waitFor();
  });

  it('[ADM2] a group of settings that somebody else changed is shown as theirs, or overwritten', async () => {
    const rings = page.getByLabel('A chat rings for');
    await rings.fill('40');
    await other.changeSettings({ ringSeconds: 50 });
    await page
      .locator('form')
      .filter({ has: rings })
      .getByRole('button', { name: 'Save', exact: true })
      .click();
    await page.getByRole('button', { name: 'Discard mine' }).click();
    await expect.poll(() => rings.inputValue()).toBe('50');
    await rings.fill('45');
    await other.changeSettings({ ringSeconds: 55 });
    await page
      .locator('form')
      .filter({ has: rings })
      .getByRole('button', { name: 'Save', exact: true })
      .click();
    await page.getByRole('button', { name: 'Overwrite with mine' }).click();
    await expect.poll(async () => (await other.settings()).settings.ringSeconds).toBe(45);
  });

  it('[ADM1] every page stands on a phone, without a violation', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const [path, heading] of [
      ['users', 'Users'],
      ['skills', 'Skills'],
      ['groups', 'Agent groups'],
      ['keys', 'App keys'],
      ['surveys', 'Surveys'],
      ['rules', 'Routing rules'],
      ['reasons', 'Status reasons'],
      ['canned', 'Canned content'],
      ['categories', 'Text categories'],
      ['audit', 'Audit log'],
    ]) {
      await open(path);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await page.locator('table, p').last().waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([path, wide]).toEqual([path, 0]);
      expect(await violations(page)).toEqual([]);
    }
  });

  it('[PAGE4] the browser complains of nothing', () => {
    expect(stage.complaints).toEqual([]);
  });
});
