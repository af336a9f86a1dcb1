// Every screen of the workspace, for whoever looks them over: in English and German, light and dark, on a desk
// and on a phone.
import { ask, log, write } from './actors.mjs';
import { layCable } from './cable.mjs';

const DESK = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const ADMIN = [
  'users',
  'skills',
  'groups',
  'keys',
  'surveys',
  'rules',
  'reasons',
  'canned',
  'categories',
];

/**
 * @param stage of `openStage`
 * @param take takes a picture of a page, by its name
 */
export async function allScreens(stage, take) {
  // The manager works in chats of the shop, too.
  await stage.configure(async (admin) => {
    const users = (await admin.users.list()).items;
    const mia = users.find(({ loginName }) => loginName === 'manager1');
    const skills = (await admin.skills.list()).items;
    await admin.users.update(mia.id, { skillIds: skills.map(({ id }) => id) });
  });
  // The phone in German first: it has the least room for the longest words.
  for (const [where, size, lang, colorScheme] of [
    ['phone', PHONE, 'de', 'light'],
    ['desk', DESK, 'de', 'light'],
    ['desk', DESK, 'en', 'dark'],
    ['phone', PHONE, 'en', 'dark'],
  ]) {
    const named = (name) => `${where}-${lang}-${colorScheme}-${name}`;
    const login = await stage.newPage({ ...size, colorScheme });
    await login.goto(`${stage.server.http}/workspace/?lang=${lang}`);
    await login.locator('form').waitFor();
    await take(login, named('login'));
    await login.context().close();
    await agentScreens(stage, take, named, { ...size, colorScheme, query: `lang=${lang}` });
    await adminScreens(stage, take, named, { ...size, colorScheme, query: `lang=${lang}` });
  }
}

async function agentScreens(stage, take, named, { query, ...size }) {
  // A browser that is told to be offline keeps the connections that it has.
  const cable = await layCable(stage.server);
  const page = await stage.workspace('manager1', { ...size, query, at: cable.http });
  const goto = (hash) =>
    page.evaluate((to) => {
      location.hash = to;
    }, hash);
  await page.waitForTimeout(500);
  await goto('#/board');
  await take(page, named('board'));
  await goto('#/chats');
  const shopper = await stage.shopper(
    'Is the Fjord dimmable? And do you deliver it to Graz?',
    size,
  );
  await take(page, named('ring'));
  await page.keyboard.press('F2');
  await page.locator('textarea').waitFor();
  await write(page, 'It is, from 5 to 100 %.');
  await log(shopper).getByText('It is, from 5').waitFor();
  await ask(shopper, 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen');
  await take(shopper, named('widget'));
  await take(page, named('chat'));
  await page.keyboard.press('Control+.');
  await page.locator('textarea').fill('A note, not sent');
  await take(page, named('note'));
  await page.locator('textarea').fill('');
  await page.keyboard.press('Control+.');
  await page.locator('textarea').pressSequentially('/');
  await take(page, named('canned'));
  await page.locator('textarea').fill('');
  await page.keyboard.press('Control+k');
  await take(page, named('palette'));
  await page.keyboard.press('Escape');
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('t');
  await take(page, named('transfer'));
  await page.keyboard.press('Escape');
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('i');
  await take(page, named('invite'));
  await page.keyboard.press('Escape');
  cable.cut();
  await page.waitForTimeout(3_000);
  await take(page, named('offline'));
  cable.mend();
  await page.locator('[data-kind=back]').waitFor();
  await goto('#/programs');
  await take(page, named('programs'));
  await page.locator('main button').first().click();
  await take(page, named('program'));
  await page.keyboard.press('Escape');
  await page.goBack();
  await goto('#/chats');
  await take(page, named('list'));
  await page.goBack();
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('e');
  await page.locator('header button[class*="end"]').click();
  await page.waitForTimeout(500);
  await take(page, named('survey'));
  await take(shopper, named('widget-survey'));
  await shopper.context().close();
  await page.context().close();
  cable.close();
}

async function adminScreens(stage, take, named, options) {
  const page = await stage.workspace('admin1', options);
  await page.waitForTimeout(800);
  for (const path of [
    ...ADMIN,
    'settings',
    'audit',
    'users/101',
    'surveys/new',
    'rules/new',
    'canned/1',
  ]) {
    await page.evaluate((to) => {
      location.hash = `#/admin/${to}`;
    }, path);
    await take(page, named(`admin-${path.replace('/', '-')}`));
  }
  await page.context().close();
}
