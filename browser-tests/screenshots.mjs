// Takes the screenshots of docs/images anew: `node browser-tests/screenshots.mjs`, after `npm run build` and
// `npm ci` in browser-tests. They show the demo account, with some texts and reasons added.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAdministration } from '@parley/client/administration';
import { startChat } from '@parley/client/visitor';
import { startServer } from '@parley/server';
import { browser, closeBrowser } from './browser.mjs';

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
const ACCOUNT = '12345678';
const PASSWORD = 'parley-demo';

const folder = mkdtempSync(join(tmpdir(), 'parley-screenshots-'));
const server = await startServer({
  dataDir: folder,
  demo: true,
  httpPort: 0,
  httpsPort: null,
  logLevel: 'silent',
  pages: fileURLToPath(new URL('../apps/', import.meta.url)),
});
const place = { account: ACCOUNT, domainApi: server.http };
const visitors = [];

async function configure() {
  const admin = await connectAdministration({
    ...place,
    login: { username: 'admin1', password: PASSWORD },
  });
  await admin.cannedContent.createAll(
    [
      ['Hello', 'Hello {visitorName}, this is {agentName}. How can I help?'],
      ['Delivery time', 'We deliver within two working days; you get an email when it leaves.'],
      ['Returns', 'You can return it within 30 days. I will send you a label by email.'],
    ].map(([name, text]) => ({ name, isEnabled: true, texts: [{ language: 'en-US', text }] })),
  );
  await admin.statusReasons.create({ text: 'Lunch', state: 'Away', enabled: true });
  await admin.close();
}

async function visitor(visitorName, firstLine, skill) {
  const chat = await startChat({
    ...place,
    appKey: 'parley-demo-visitor-key',
    visitorName,
    firstLine,
    skill,
  });
  visitors.push(chat);
  return chat;
}

async function workspace(user, { query = 'lang=en', width = 1440, height = 900, ...more } = {}) {
  const context = await (await browser()).newContext({
    viewport: { width, height },
    reducedMotion: 'reduce',
    ...more,
  });
  const page = await context.newPage();
  await page.goto(`${server.http}/workspace/?account=${ACCOUNT}&user=${user}&${query}`);
  await page.locator('[name=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('header').first().waitFor();
  return page;
}

const take = (page, name) => page.screenshot({ path: join(IMAGES, `${name}.png`) });

/** Accepts what rings. */
async function accept(page) {
  await page.locator('nav').getByRole('button', { name: 'Accept' }).click();
  await page.locator('textarea').waitFor();
}

async function write(page, text) {
  await page.locator('textarea').fill(text);
  await page.keyboard.press('Enter');
  await page.getByText(text).last().waitFor();
}

/** The pixels have come to rest. */
const rest = (page) => page.waitForTimeout(700);

async function chats(anna) {
  const vera = await visitor('Vera Lind', 'Hello! Is the blue chair in stock?', 'Sales');
  await accept(anna);
  await write(anna, 'Hello Vera, this is Anna. It is: we have four of them.');
  await vera.say('Lovely. And when would it be here?');
  await anna.getByText('when would it be').last().waitFor();
  await anna.keyboard.press('Control+.');
  await write(anna, 'She has the club card: delivery is free');
  await anna.keyboard.press('Control+.');
  for (const [name, line] of [
    ['Walter Oster', 'My parcel has not come yet'],
    ['Ömer Çelik', 'Do you deliver to Graz?'],
  ]) {
    await visitor(name, line, 'Support');
    await accept(anna);
  }
  await write(anna, 'We do, within two working days.');
  await anna.getByRole('link', { name: /Vera/ }).click();
  await anna.getByRole('heading', { name: 'Vera Lind' }).waitFor();
}

mkdirSync(IMAGES, { recursive: true });
await configure();
const anna = await workspace('agent1');
await chats(anna);
await visitor('Zoë', 'I have a question about my order', 'Sales');
await anna.locator('nav').getByRole('button', { name: 'Accept' }).waitFor();
await anna.locator('textarea').pressSequentially('/');
await anna.getByRole('option').first().waitFor();
await rest(anna);
await take(anna, 'workspace');
await anna.locator('textarea').fill('');
await anna.emulateMedia({ colorScheme: 'dark' });
await rest(anna);
await take(anna, 'workspace-dark');
await anna.emulateMedia({ colorScheme: 'light' });
await accept(anna);

const mia = await workspace('manager1');
await mia.getByRole('link', { name: 'Board' }).click();
await mia.getByRole('row', { name: /Vera/ }).waitFor();
await visitor('Lena Moser', 'Can I still change my address?', 'Support');
await mia.getByRole('row', { name: /Lena/ }).waitFor();
await rest(mia);
await take(mia, 'board');

// The same agent on a phone, and from right to left: each takes the chats over.
const phone = await workspace('agent1', { width: 390, height: 844, hasTouch: true });
await phone.getByRole('link', { name: /Vera/ }).click();
await phone.getByRole('heading', { name: 'Vera Lind' }).waitFor();
await rest(phone);
await take(phone, 'workspace-phone');
const rtl = await workspace('agent1', { query: 'lang=en&dir=rtl' });
await rtl.getByRole('link', { name: /Vera/ }).click();
await rtl.getByRole('heading', { name: 'Vera Lind' }).waitFor();
await rest(rtl);
await take(rtl, 'workspace-rtl');

for (const chat of visitors) chat.close();
await closeBrowser();
await server.close();
rmSync(folder, { recursive: true, force: true });
