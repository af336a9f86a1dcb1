// Takes the screenshots of docs/images anew: `node browser-tests/screenshots.mjs`, after `npm run build` and
// `npm ci` in browser-tests. They show the demo account, with some texts and reasons added. A folder as argument
// takes those of all screens there, in both languages and themes, for whoever looks them over.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAgent } from '@parley/client/agent';
import {
  accept,
  ACCOUNT,
  ask,
  log,
  openStage,
  PASSWORD,
  textsAndSurveys,
  write,
} from './actors.mjs';
import { closeBrowser } from './browser.mjs';

const stage = await openStage();
const images = process.argv[2] ?? fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(images, { recursive: true });

/** A picture once the pixels have come to rest. */
async function take(page, name) {
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(images, `${name}.png`) });
}

async function configure(admin) {
  await admin.cannedContent.createAll(
    [
      ['Hello', 'Hello {visitorName}, this is {agentName}. How can I help?'],
      ['Delivery time', 'We deliver within two working days; you get an email when it leaves.'],
      ['Returns', 'You can return it within 30 days. I will send you a label by email.'],
    ].map(([name, text]) => ({ name, isEnabled: true, texts: [{ language: 'en-US', text }] })),
  );
  await admin.statusReasons.create({ text: 'Lunch', state: 'Away', enabled: true });
  await textsAndSurveys(admin);
}

/** Opens a chat of the list, and leaves its draft empty. */
async function open(page, name) {
  await page.getByRole('link', { name: new RegExp(name) }).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
}

/** A colleague at the program's side, who suggests. */
async function colleague() {
  const login = { username: 'agent2', password: PASSWORD };
  const ben = await connectAgent({ account: ACCOUNT, domainApi: stage.server.http, login });
  await ben.setAvailability('Occupied');
  return ben;
}

/** Anna's chats, of which Vera's is open, with a note and a suggestion. */
async function chats(anna, ben) {
  const vera = await stage.visitor('Vera Lind', 'Hello! Is the blue chair in stock?', {
    skill: 'Sales',
  });
  await accept(anna);
  await write(anna, 'Hello Vera, this is Anna. It is: we have four of them.');
  await anna.keyboard.press('Control+.');
  await write(anna, 'She has the club card: delivery is free');
  await anna.keyboard.press('Control+.');
  for (const [name, line] of [
    ['Walter Oster', 'My parcel has not come yet'],
    ['Ömer Çelik', 'Do you deliver to Graz?'],
  ]) {
    await stage.visitor(name, line, { skill: 'Support' });
    await accept(anna);
    await anna.getByRole('heading', { name, exact: true }).waitFor();
  }
  await write(anna, 'We do, within two working days.');
  await open(anna, 'Vera Lind');
  await anna.getByRole('button', { name: 'Invite' }).click();
  const dialog = anna.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Listener/ }).check();
  await dialog.getByRole('radio', { name: /^Ben/ }).check();
  await dialog.getByRole('button', { name: 'Invite' }).click();
  for (let tries = 0; ben.ringing.length === 0 && tries < 50; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const listens = await ben.ringing[0].accept();
  await vera.say('Lovely. And when would it be here?');
  await anna.getByText('when would it be').last().waitFor();
  await listens.suggest('Within two working days, and for you it is free.', {
    source: 'Delivery times, 2026',
    confidence: 0.92,
  });
  await anna.getByRole('region', { name: 'Suggested reply' }).waitFor();
}

await stage.configure(configure);
const ben = await colleague();
const anna = await stage.workspace('agent1');
await chats(anna, ben);
await stage.visitor('Zoë', 'I have a question about my order', { skill: 'Sales' });
await anna.locator('nav').getByRole('button', { name: 'Accept' }).waitFor();
await take(anna, 'workspace');
await anna.emulateMedia({ colorScheme: 'dark' });
await take(anna, 'workspace-dark');
await anna.emulateMedia({ colorScheme: 'light' });
await accept(anna);
await anna.getByRole('heading', { name: 'Zoë' }).waitFor();

const mia = await stage.workspace('manager1');
await mia.getByRole('link', { name: 'Board' }).click();
await mia.getByRole('row', { name: /Vera/ }).waitFor();
await stage.visitor('Lena Moser', 'Can I still change my address?', { skill: 'Support' });
await mia.getByRole('row', { name: /Lena/ }).waitFor();
await take(mia, 'board');

const admin = await stage.workspace('admin1');
await admin.getByRole('link', { name: 'Surveys' }).click();
await admin.getByRole('link', { name: 'Ours', exact: true }).click();
await admin.getByRole('complementary', { name: 'Preview' }).getByLabel('Open').check();
await take(admin, 'surveys');

// The same agent from right to left, and on a phone: each takes the chats over.
const rtl = await stage.workspace('agent1', { query: 'lang=en&dir=rtl' });
await open(rtl, 'Vera Lind');
await take(rtl, 'workspace-rtl');
await accept(rtl);
const phone = await stage.workspace('agent1', {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
});
await open(phone, 'Vera Lind');
await take(phone, 'workspace-phone');

// And what visitors see.
const shopper = await stage.shopper('Is the Fjord dimmable?');
await accept(phone);
await write(phone, 'It is, from 5 to 100 %. Shall I put one aside for you?');
await log(shopper).getByText('put one aside').waitFor();
await ask(shopper, 'Yes please!');
await take(shopper, 'widget');

if (process.argv[2] !== undefined) {
  // From here on nothing rings at Anna's.
  await phone.getByRole('button', { name: /^Online/ }).tap();
  await phone.getByRole('menuitemradio', { name: /^Away/ }).tap();
  const { allScreens } = await import('./all-screens.mjs');
  await allScreens(stage, take);
}
await ben.close();
await closeBrowser();
await stage.close();
