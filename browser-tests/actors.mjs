// A server with the demo account and the built pages, and the people who use it: agents at the workspace,
// visitors at the widget of the demo shop.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAdministration } from '@parley/client/administration';
import { connectAgent } from '@parley/client/agent';
import { startChat } from '@parley/client/visitor';
import { startServer } from '@parley/server';
import { browser } from './browser.mjs';

export const APPS = fileURLToPath(new URL('../apps/', import.meta.url));
export const ACCOUNT = '12345678';
export const PASSWORD = 'parley-demo';
export const VISITOR_KEY = 'parley-demo-visitor-key';

/** @param {object} [more] options of `startServer` */
export async function openStage(more = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-stage-'));
  const options = {
    dataDir: folder,
    demo: true,
    httpsPort: null,
    logLevel: 'silent',
    pages: APPS,
    ...more,
  };
  const complaints = [];
  /** Chats of visitors without a page. */
  const chats = [];
  /** Profiles of the browser: it is shared, so each file leaves it as it was. */
  const contexts = [];
  const stage = {
    chats,
    server: await startServer({ ...options, httpPort: 0 }),
    /** Errors of pages, and what their policy forbade. */
    complaints,
    /** Another life of the server, at the same address. */
    async restart() {
      const port = Number(new URL(stage.server.http).port);
      await stage.server.close();
      stage.server = await startServer({ ...options, httpPort: port });
    },
    async close() {
      for (const chat of chats) chat.close();
      await Promise.all(contexts.map((context) => context.close()));
      await stage.server.close();
      rmSync(folder, { recursive: true, force: true });
    },
    async configure(act) {
      const admin = await stage.administrator();
      await act(admin);
      await admin.close();
    },
    /** A visitor without a page. */
    async visitor(visitorName, firstLine, options = {}) {
      const place = { account: ACCOUNT, domainApi: stage.server.http, appKey: VISITOR_KEY };
      const chat = await startChat({ ...place, visitorName, firstLine, ...options });
      chats.push(chat);
      return chat;
    },
    /** A visitor at the shop, whose chat has begun. */
    async shopper(firstLine, { at = stage.server.http, ...more } = {}) {
      const page = await newPage({ viewport: { width: 1280, height: 860 }, ...more });
      await page.goto(`${at}/demo/`);
      await page.locator('parley-widget .button').click();
      await page.getByLabel('Your message').fill(firstLine);
      await page.getByRole('button', { name: 'Start chat' }).click();
      await page.getByRole('log').getByText(firstLine).waitFor();
      return page;
    },
    /** Somebody's workspace. */
    async workspace(user, { at = stage.server.http, query = 'lang=en', ...more } = {}) {
      const page = await newPage({
        viewport: { width: 1440, height: 900 },
        reducedMotion: 'reduce',
        ...more,
      });
      await logIn(page, user, { at, query });
      await page.locator('header').first().waitFor();
      return page;
    },
    newContext,
    newPage,
    /** Somebody who works by the SDK. */
    agent(username, options = {}) {
      const login = { username, password: PASSWORD };
      return connectAgent({ account: ACCOUNT, domainApi: stage.server.http, login, ...options });
    },
    administrator() {
      const login = { username: 'admin1', password: PASSWORD };
      return connectAdministration({ account: ACCOUNT, domainApi: stage.server.http, login });
    },
  };
  async function newContext(options) {
    const context = await (await browser()).newContext(options);
    contexts.push(context);
    // A busy machine is no failure: a test has its own limit.
    context.setDefaultTimeout(60_000);
    context.on('weberror', (error) => complaints.push(String(error.error())));
    context.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text()))
        complaints.push(message.text());
    });
    return context;
  }
  async function newPage(options) {
    return (await newContext(options)).newPage();
  }
  return stage;
}

/** Logs in at a workspace, with a password that may be wrong. */
export async function logIn(page, user, { at, query = 'lang=en', password = PASSWORD }) {
  await page.goto(`${at}/workspace/?account=${ACCOUNT}&user=${user}&${query}`);
  await page.locator('[name=password]').fill(password);
  await page.keyboard.press('Enter');
}

/** A canned text that is filled in. */
export function greeting(admin) {
  const text = 'Hello {visitorName}, this is {agentName}.';
  return admin.cannedContent.create({
    name: 'Greeting',
    isEnabled: true,
    texts: [{ language: 'en-US', text }],
  });
}

/** A canned text, and surveys after the chat for both sides, each with a branch. */
export async function textsAndSurveys(admin) {
  await greeting(admin);
  const question = { mandatory: false, validationType: 'alpha_numeric', type: 'Text Field' };
  const entry = (value, ...showLogicId) => ({
    value,
    displayValue: value,
    checked: false,
    ...(showLogicId.length === 0 ? {} : { logic: { showLogicId } }),
  });
  const branched = (label, choices, opens) => [
    {
      ...question,
      type: 'Radio Button',
      label,
      logicId: 50,
      entry: [entry(choices[0]), entry(choices[1], 60)],
    },
    { ...question, label: opens, logicId: 60 },
  ];
  await admin.surveys.create({
    kind: 'agent',
    name: 'Ours',
    questions: branched('Solved?', ['Solved', 'Open'], 'What is left?'),
  });
  await admin.surveys.create({
    kind: 'exit',
    name: 'Yours',
    questions: branched('Happy?', ['Happy', 'Not happy'], 'What was wrong?'),
  });
}

/** Accepts what rings at a workspace, and opens it. */
export async function accept(page) {
  const before = page.url();
  await page
    .getByRole('button', { name: /^Accept/ })
    .locator('visible=true')
    .click();
  await page.waitForURL(({ href }) => href !== before);
  await page.locator('textarea').waitFor();
}

/** Has an agent take no chats: nothing rings there for its twenty seconds. */
export async function away(page) {
  await page.getByRole('button', { name: /^Online/ }).click();
  await page.getByRole('menuitemradio', { name: /^Away/ }).click();
  await page.getByRole('button', { name: /^Away/ }).waitFor();
}

/** Says something at a workspace. */
export async function write(page, text) {
  await page.locator('textarea').fill(text);
  await page.keyboard.press('Enter');
}

export const transcript = (page) => page.getByRole('region', { name: 'Transcript' });

/** Says something at the shop. */
export async function ask(page, text) {
  const field = page.getByPlaceholder('Write a message …');
  await field.fill(text);
  await field.press('Enter');
}

export const log = (page) => page.getByRole('log');

/** How often a text stands somewhere. */
export async function times(place, text) {
  return (await place.innerText()).split(text).length - 1;
}
