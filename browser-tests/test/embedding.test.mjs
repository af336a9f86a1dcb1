// The workspace inside a page of another origin, and a page of a third origin inside the workspace: the
// example `embedded-workspace` in a real browser, and other pages that try the same.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, openStage, PASSWORD } from '../actors.mjs';
import { violations } from '../axe.mjs';

/** @type {Awaited<ReturnType<typeof openStage>>} */
let stage;
let program;
/** Origins: of the CRM, which the account lists, and of the orders page, which it shows. */
let crm;
let orders;
/** The same programs at an origin that the account does not list. */
let stranger;
let workspace;
let page;
/** The login's bearer, as the workspace sends it. */
let bearer;
/** How often the orders page was loaded. */
let loads = 0;

beforeAll(async () => {
  stage = await openStage();
  workspace = `${stage.server.http}/workspace/`;
  const main = fileURLToPath(
    new URL('../../examples/embedded-workspace/dist/main.js', import.meta.url),
  );
  program = spawn(process.execPath, [main], {
    env: { ...process.env, CRM_PORT: '0', ORDERS_PORT: '0' },
  });
  let said = '';
  while (said.split('http:').length < 3) {
    said += (await once(program.stdout.setEncoding('utf8'), 'data'))[0];
  }
  stranger = /CRM is at (http:\S+)/.exec(said)[1];
  orders = /orders page is at (http:\S+)/.exec(said)[1];
  // Another site than the workspace's: to its browser the workspace is a third party.
  crm = stranger.replace('localhost', '127.0.0.1');
  const url = `${orders}/?workspace=${encodeURIComponent(workspace)}`;
  await stage.configure((admin) =>
    admin.changeSettings({
      agentOrigins: [crm],
      workspacePages: [{ title: 'Orders', url, roles: ['agent'] }],
    }),
  );
  const context = await stage.newContext({
    viewport: { width: 1600, height: 900 },
    reducedMotion: 'reduce',
  });
  context.on('request', (request) => {
    if (request.url().startsWith(`${orders}/?`)) loads += 1;
    bearer ??= /^Bearer (.+)$/.exec(request.headers().authorization ?? '')?.[1];
  });
  page = await context.newPage();
}, 60_000);

afterAll(async () => {
  program?.kill();
  await stage?.close();
});

const at = (origin) => `${origin}/crm.html?workspace=${encodeURIComponent(workspace)}`;
const frame = () => page.frameLocator('#chats iframe');
const inside = () => frame().frameLocator('iframe').frameLocator('iframe');
const field = () => frame().locator('textarea');

const visitor = (...options) => stage.visitor(...options);

/**
 * Runs a program in the page, as any script of it can. As text: imports in functions would be the test's own.
 * @param code that uses `init` and `options`
 */
function run(code, frameOf = page) {
  const options = JSON.stringify({ workspace, account: ACCOUNT });
  return frameOf.evaluate(`(async () => {
    const { init } = await import('/sdk/index.js');
    const into = document.createElement('div');
    document.body.append(into);
    const options = { ...${options}, into, timeout: 1_000 };
    ${code}
  })()`);
}

/** Says hello to a window, from the page that runs this. @param target an expression */
const greets = (target, message) => `await new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => resolve(data.type);
  setTimeout(() => resolve('nothing'), 300);
  ${target}.postMessage(${JSON.stringify(message)}, '*', [port2]);
})`;
const HELLO = { parley: 'workspace', type: 'hello', version: 1 };

describe('the workspace inside a CRM', { timeout: 60_000 }, () => {
  it('[EMBED7] is logged in to in a window of its own, without cookies or a password in the frame', async () => {
    await page.goto(at(crm));
    await frame().getByText(`You log in to account ${ACCOUNT}`).waitFor();
    expect(await frame().locator('input').count()).toBe(0);
    expect(await violations(page, ['light'])).toEqual([]);
    const opens = page.waitForEvent('popup');
    await frame().getByRole('button', { name: 'Log in in a window' }).click();
    const popup = await opens;
    await popup.getByLabel('User name').fill('agent1');
    await popup.getByLabel('Password').fill('wrong');
    await popup.keyboard.press('Enter');
    await popup.getByRole('alert').waitFor();
    expect(await violations(popup, ['light'])).toEqual([]);
    await popup.getByLabel('Password').fill(PASSWORD);
    const closes = popup.waitForEvent('close');
    await popup.keyboard.press('Enter');
    await closes;
    await page.getByText('Anna, Online').waitFor();
    // No navigation head around the chats.
    expect(await frame().getByText(ACCOUNT, { exact: true }).count()).toBe(0);
    expect(await frame().getByRole('navigation', { name: 'Places' }).count()).toBe(0);
    // Where browsers keep cookies from frames there are none: what follows does without.
    await page.context().clearCookies();
  });

  it('[EMBED8] tells the CRM who is on screen, and takes texts that the agent sends', async () => {
    const vera = await visitor('Vera', 'Where is my order?');
    await frame()
      .getByRole('button', { name: /Accept/ })
      .first()
      .click();
    await page.locator('#customer').getByText('Vera').waitFor();
    const chat = await page.locator('body').getAttribute('data-chat');
    expect(chat).toBe(vera.id);
    expect(await violations(page, ['light'])).toEqual([]);
    await page.getByRole('button', { name: 'Write a greeting' }).click();
    await expect.poll(() => field().inputValue()).toBe('Hello Vera, I have your file here.');
    expect(vera.lines.some(({ text }) => text.startsWith('Hello Vera'))).toBe(false);
    await field().press('Enter');
    await expect.poll(() => vera.lines.at(-1)?.text).toBe('Hello Vera, I have your file here.');
  });

  it('[EMBED10] shows a page beside the chat, which writes and leaves cards to the agent', async () => {
    const [vera] = stage.chats;
    await frame().getByRole('button', { name: 'Details', exact: true }).click();
    await frame().getByRole('tab', { name: 'Orders' }).click();
    await inside().getByText('Orders of Vera').waitFor();
    await inside().getByText('On screen: yes').waitFor();
    expect(await violations(page, ['light'])).toEqual([]);
    const sandbox = await frame().locator('iframe').getAttribute('sandbox');
    const within = await frame().frameLocator('iframe').locator('iframe').getAttribute('sandbox');
    for (const each of [sandbox, within])
      expect(each.split(' ')).not.toContain('allow-top-navigation');
    await inside().getByRole('button', { name: 'Write where it is' }).click();
    await expect.poll(() => field().inputValue()).toBe('Your order 17 is on its way.');
    await field().fill('');
    await inside().getByRole('button', { name: 'Send a card of it' }).click();
    const card = frame().getByRole('region', { name: 'Card to send' });
    await card.getByText('Order 17: a blue vase').waitFor();
    expect(vera.lines.at(-1).text).not.toContain('vase');
    await card.getByRole('button', { name: 'Send card' }).click();
    await expect.poll(() => vera.lines.at(-1)?.textType).toBe('rich-content');
    await card.waitFor({ state: 'detached' });
    await frame().getByRole('tab', { name: 'Visitor' }).click();
    await inside().locator('#focus').filter({ hasText: 'no' }).waitFor({ state: 'attached' });
  });

  it('[EMBED11] gives the whole public model, and nothing else: no login, no note', async () => {
    const [vera] = stage.chats;
    await field().press('Control+.');
    await frame().locator('textarea').fill('A private matter');
    await frame().locator('textarea').press('Enter');
    await frame().getByText('A private matter').first().waitFor();
    const model = await page.evaluate(async () => {
      const roots = [
        ...['agentInfo', 'chattingAgentInfo', 'chatInfo', 'chatTranscript', 'surveyQuestions'],
        ...['visitorInfo', 'campaignInfo', 'engagementInfo', 'visitorJourney', 'SDE'],
        ...['authenticatedData', 'customVariables'],
      ];
      const read = await Promise.all(roots.map((root) => globalThis.workspace.get(root)));
      return Object.fromEntries(roots.map((root, index) => [root, read[index]]));
    });
    expect(model).toMatchObject({
      agentInfo: { accountId: ACCOUNT, agentNickname: 'Anna', availability: 'Online' },
      chattingAgentInfo: { agentName: 'Anna' },
      chatInfo: { chatSessionKey: vera.id, state: 'chatting', role: 'agent' },
      visitorInfo: { visitorName: 'Vera' },
      surveyQuestions: { preChat: [] },
      authenticatedData: null,
    });
    expect(model.chatTranscript.lines.map(({ text }) => text)).toContain('Where is my order?');
    const text = JSON.stringify(model);
    expect(bearer.length).toBeGreaterThan(20);
    for (const secret of [bearer, PASSWORD, 'A private matter', '/api/account/']) {
      expect(text).not.toContain(secret);
    }
    const refused = await page.evaluate(async () => {
      const errors = [];
      const tried = [
        () => globalThis.workspace.get('desk.agent'),
        () => globalThis.workspace.command('send', { text: 'x' }),
        () => globalThis.workspace.command('write', { text: '' }),
        () => globalThis.workspace.command('openChat', { chat: 'none' }),
      ];
      for (const each of tried) errors.push(await each().catch(({ message }) => message));
      return [...errors, await globalThis.workspace.get('visitorInfo.constructor')];
    });
    expect(refused).toEqual([
      expect.stringContaining('"desk" is not in the public model, which has agentInfo'),
      expect.stringContaining('There is no command "send": there are write'),
      expect.stringContaining('write takes a text'),
      expect.stringContaining('The agent does not have this chat'),
      null,
    ]);
  });

  it('[EMBED12] a bound value comes at once and whenever it changes, until it is unbound', async () => {
    await page.evaluate(async () => {
      globalThis.heard = [];
      globalThis.listener = (lines) => globalThis.heard.push(lines.at(-1).text);
      await globalThis.workspace.bind('chatTranscript.lines', globalThis.listener);
      globalThis.atOnce = globalThis.heard.length;
    });
    expect(await page.evaluate(() => globalThis.atOnce)).toBe(1);
    const [vera] = stage.chats;
    await vera.say('Thank you');
    await expect.poll(() => page.evaluate(() => globalThis.heard.at(-1))).toBe('Thank you');
    await page.evaluate(() =>
      globalThis.workspace.unbind('chatTranscript.lines', globalThis.listener),
    );
    await vera.say('Bye');
    await frame().getByText('Bye').first().waitFor();
    expect(await page.evaluate(() => globalThis.heard.at(-1))).toBe('Thank you');
  });

  it('[EMBED13] says when the chat leaves the screen, and opens one that the agent has', async () => {
    const [vera] = stage.chats;
    const chat = () => page.locator('body').getAttribute('data-chat');
    await visitor('Otto', 'Hello');
    await frame()
      .getByRole('button', { name: /Accept/ })
      .first()
      .click();
    await page.locator('#customer').getByText('Otto').waitFor();
    expect(await chat()).not.toBe(vera.id);
    await page.evaluate((id) => globalThis.workspace.command('openChat', { chat: id }), vera.id);
    await page.locator('#customer').getByText('Vera').waitFor();
    expect(await chat()).toBe(vera.id);
  });

  it('[EMBED17] a page beside the chat stays as it is from chat to chat, and speaks of the one on screen', async () => {
    const [, otto] = stage.chats;
    const tab = () => frame().getByRole('tab', { name: 'Orders' });
    const notes = () => inside().getByLabel('Your notes');
    await tab().click();
    await inside().getByText('Orders of Vera').waitFor();
    await notes().fill('Half a sentence of the');
    await page.evaluate((id) => globalThis.workspace.command('openChat', { chat: id }), otto.id);
    await inside().getByText('Orders of Otto').waitFor();
    const { length } = await page.evaluate(() => globalThis.workspace.get('chatTranscript.lines'));
    await inside().getByText(`Lines so far: ${length}`).waitFor();
    expect(await notes().inputValue()).toBe('Half a sentence of the');
    await inside().getByRole('button', { name: 'Write where it is' }).click();
    await expect.poll(() => field().inputValue()).toBe('Your order 17 is on its way.');
    await field().press('Enter');
    await expect.poll(() => otto.lines.at(-1)?.text).toBe('Your order 17 is on its way.');
    await frame().getByRole('button', { name: 'Details', exact: true }).click();
    await inside().locator('#focus').filter({ hasText: 'no' }).waitFor({ state: 'attached' });
    await frame().getByRole('button', { name: 'Details', exact: true }).click();
    await inside().getByText('On screen: yes').waitFor();
    expect(await notes().inputValue()).toBe('Half a sentence of the');
    expect(loads).toBe(1);
  });

  it('[EMBED14] another window on the page is not heard, whatever it says', async () => {
    const own = "document.querySelector('#chats iframe').contentWindow";
    expect(
      await run(`return [
        ${greets(own, HELLO)},
        ${greets(own, { ...HELLO, version: 99 })},
        ${greets(own, { ...HELLO, parley: 'other' })},
        ${greets(own, 'hello')},
      ];`),
    ).toEqual(['welcome', 'refused', 'nothing', 'nothing']);
    // Frames beside the workspace's: one of another origin, and one of the CRM's own.
    for (const origin of [stranger, crm]) {
      await run(`
        const beside = document.createElement('iframe');
        beside.src = '${origin}/page.css?beside';
        document.body.append(beside);
        await new Promise((resolve) => beside.addEventListener('load', resolve));
      `);
      const beside = page.frames().find((each) => each.url() === `${origin}/page.css?beside`);
      const said = beside.evaluate(`(async () => ${greets('parent.frames[0]', HELLO)})()`);
      expect(await said, origin).toBe('nothing');
    }
  });

  it('[EMBED15] dispose frees listeners and frame; another init works again', async () => {
    const after = await run(`
      const first = await init({ ...options, timeout: 10_000 });
      let heard = 0;
      await first.bind('agentInfo', () => { heard += 1; });
      first.dispose();
      first.dispose();
      const closed = await first.get('agentInfo').catch(({ message }) => message);
      const gone = options.into.childElementCount;
      const second = await init({ ...options, timeout: 10_000 });
      // The other one gives the login a moment later.
      let agent = null;
      while (agent === null) agent = await second.get('agentInfo');
      second.dispose();
      return { heard, closed, gone, agent };
    `);
    // Frames and tabs of one browser share a login: the workspace that is open on the page has one.
    expect(after).toEqual({
      heard: 1,
      closed: 'The connection with the workspace is closed: call init() again.',
      gone: 0,
      agent: expect.objectContaining({ agentNickname: 'Anna' }),
    });
    await page.getByRole('button', { name: 'Close the workspace' }).click();
    expect(await page.locator('#chats iframe').count()).toBe(0);
  });

  it('[EMBED1] a page of an origin that is not listed gets no workspace, also when it names one that is', async () => {
    await page.goto(at(stranger));
    const answers = await run(`
      const message = await init(options).catch(({ message }) => message);
      // The address of the frame as the CRM has it.
      const frame = document.createElement('iframe');
      const address = new URL(options.workspace);
      address.search = new URLSearchParams({ embed: '1', account: options.account, origin: '${crm}' });
      frame.src = address;
      options.into.append(frame);
      await new Promise((resolve) => frame.addEventListener('load', resolve));
      return [message, ${greets('frame.contentWindow', HELLO)}];
    `);
    expect(answers[0]).toContain(
      `did not answer: check the address, and that the account's setting agentOrigins lists ${stranger}`,
    );
    expect(answers[1]).toBe('nothing');
    // What the policies forbade was tried here.
    expect(
      stage.complaints.filter((each) => !/Content Security Policy|Refused to/.test(each)),
    ).toEqual([]);
  });
});
