// Programs beside an agent: let in on a page of the workspace, working by what it shows, asking there.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { connectAgent } from '@parley/client/agent';
import { serveHttp } from '@parley/mcp';
import { DEMO_BOT_KEY } from '@parley/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, logIn, openStage } from '../actors.mjs';
import { violations } from '../axe.mjs';

const TOKEN = 'a-token-of-32-characters-or-more';

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
/** Of the server. */
let at;
let page;

beforeAll(async () => {
  stage = await openStage();
  at = stage.server.http;
  page = await stage.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
}, 60_000);

afterAll(async () => {
  await stage?.close();
});

/** An assistant program, by the protocol's own client. */
async function assistant(agent, more) {
  const options = { agent, cannedTexts: async () => [], version: '1', ...more };
  const served = await serveHttp(options, { port: 0, token: TOKEN });
  const client = new Client({ name: 'test', version: '1.0.0' });
  const requestInit = { headers: { authorization: `Bearer ${TOKEN}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(served.url), { requestInit }));
  const call = async (name, args) => {
    const { isError, content } = await client.callTool({ name, arguments: args });
    return { isError: isError === true, text: content[0].text };
  };
  const close = async () => {
    await client.close();
    await served.close();
  };
  return { call, close };
}

const secret = (what) => page.locator(`[data-secret=${what}]`).textContent();

describe('programs in the workspace', { timeout: 60_000 }, () => {
  it('[DESK22] an agent lets a program in, which works by what is shown once and asks in the workspace', async () => {
    await logIn(page, 'agent1', { at, query: 'lang=en' });
    await page.getByText('No chats. You are Online').waitFor();
    const vera = await stage.visitor('Vera', 'Is it in stock?', { skill: 'Sales' });
    await page.keyboard.press('F2');
    await page.getByRole('region', { name: 'Transcript' }).getByText('Is it in stock').waitFor();
    await page.getByRole('button', { name: /Anna/ }).first().click();
    await page.getByRole('menuitem', { name: 'Programs' }).click();
    await page.getByText('No program works beside you.').waitFor();
    expect(await violations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Let a program in' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Let it in' }).click();
    await dialog.getByText('Give it a name.').waitFor();
    await dialog.getByLabel('Name').fill('Helper');
    await dialog.getByLabel('For how long').selectOption({ label: '4 hours' });
    await dialog.getByLabel('write to visitors', { exact: true }).check();
    await dialog.getByLabel('end chats', { exact: true }).check();
    expect(await dialog.getByLabel('Asks first: write to visitors').isChecked()).toBe(true);
    await dialog.getByLabel('Asks first: end chats').uncheck();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Let it in' }).click();
    await dialog.getByText('Helper can work now').waitFor();
    expect(await violations(page)).toEqual([]);
    const [session, bearer] = [await secret('session'), await secret('bearer')];
    expect(await secret('command')).toContain(`parley mcp --server ${at}`);
    await dialog.getByRole('button', { name: 'I stored it' }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'Helper' });
    await row.getByText('write to visitors').first().waitFor();
    expect(await page.content()).not.toContain(bearer);

    const place = { account: ACCOUNT, domainApi: at };
    const program = await connectAgent({ ...place, session, login: { bearer } });
    const { call, close } = await assistant(program, { beside: true });
    const [chat] = program.chats.keys();
    const reply = call('reply', { chat, text: 'Yes, it is.' });
    const asked = page
      .getByRole('alert')
      .filter({ hasText: 'Helper wants to write to the visitor' });
    await asked.getByText('Yes, it is.').waitFor();
    expect(vera.lines.map(({ text }) => text)).not.toContain('Yes, it is.');
    expect(await violations(page)).toEqual([]);
    await asked.getByRole('button', { name: 'Approve' }).click();
    expect((await reply).isError).toBe(false);
    await expect.poll(() => vera.lines.at(-1)?.text).toBe('Yes, it is.');
    const second = call('reply', { chat, text: 'Buy two!' });
    await asked.getByRole('button', { name: 'Refuse' }).click();
    expect((await second).text).toContain('The agent refused this: do not send it again.');

    await row.getByRole('button', { name: 'End Helper' }).click();
    await dialog.getByRole('button', { name: 'End', exact: true }).click();
    await page.getByText('No program works beside you.').waitFor();
    expect(await program.ended).toBe('login-refused');
    await close();
    await vera.end();
  });

  it('[DESK22] a bot that has to ask is answered by whoever supervises it, in German too', async () => {
    const bot = await connectAgent({
      ...{ account: ACCOUNT, domainApi: at, login: DEMO_BOT_KEY },
    });
    await bot.setAvailability('Away');
    const { call, close } = await assistant(bot, { approve: ['availability'] });
    const nobody = await call('set_availability', { state: 'Online' });
    expect(nobody.text).toContain('Nobody who may approve this is logged in');
    await page.context().clearCookies();
    await page.evaluate(() => localStorage.clear());
    await logIn(page, 'manager1', { at, query: 'lang=de' });
    await page.goto(`${page.url().replace(/#.*/, '')}#/programs`);
    await page.getByText('An Ihrer Seite arbeitet kein Programm.').waitFor();
    await page.getByText('Auch Bots, die Sie betreuen').waitFor();
    expect(await violations(page)).toEqual([]);
    const setting = call('set_availability', { state: 'Online' });
    await page.getByText('Parley Bot möchte seine Verfügbarkeit ändern.').waitFor();
    await page.getByRole('button', { name: 'Erlauben' }).click();
    expect((await setting).isError).toBe(false);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Programm zulassen' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
    await close();
    await bot.close();
    expect(stage.complaints).toEqual([]);
  });
});
