/** The visit of a chat, as its agent sees it, over HTTP. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, type AgentChat, Fixture } from './chat-fixture.js';
import { at, linkAt } from './harness.js';
import { beginVisit, report } from './visit-fixture.js';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ settings: { timeZone: 'America/New_York' } });
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

async function visitOf(chat: AgentChat): Promise<string> {
  return linkAt((await chat.get()).body, 'chat.link', 'visit-id');
}

/** The facts under a key of visitInfo, by name. */
async function info(agent: Agent, visit: string, key: string): Promise<Record<string, string>> {
  const { body } = await agent.get(`${visit}/info`);
  const facts = [at(body, `visitInfo.${key}.info`) ?? []].flat() as {
    '@name': string;
    $: string;
  }[];
  return Object.fromEntries(facts.map((fact) => [fact['@name'], fact.$]));
}

describe('the visit of a chat', () => {
  it('[VISIT8] is linked from the chat, by the chat’s id without its middle, and links its parts', async () => {
    const { agent, chat } = await fixture.chat();
    const visit = await visitOf(chat);
    expect(visit).toBe(`${agent.uri}/visits/visit/${chat.id.replace(/-[0-9a-f]{32}/, '')}`);
    expect((await agent.get(visit)).text).toBe(
      `{"visitId":{"link":[{"@href":"${visit}/info","@rel":"info"},` +
        `{"@href":"${visit}/customVariables","@rel":"custom-variables"},` +
        `{"@href":"${visit}/pages","@rel":"pages"},{"@href":"${visit}/surveys","@rel":"surveys"},` +
        `{"@href":"${visit}/earlierChats","@rel":"earlier-chats"}]}}`,
    );
    const xml = await agent.get(`${visit}.xml`);
    expect(xml.text).toContain(`<visitId><link href="${visit}/info" rel="info"/>`);
    const hal = await agent.get(visit, { accept: 'application/hal+json' });
    expect(at(hal.body, '_links.custom-variables.href')).toBe(`${visit}/customVariables`);
  });

  it('[VISIT9] is there for those in the chat, until it is forgotten, and for nobody else', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const other = await fixture.agent('agent2');
    const bot = await fixture.agent('bot1');
    await chat.post('/collaborationChannels', { channel: { agentId: 103, role: 'listener' } });
    const path = (await visitOf(chat)).slice(agent.uri.length);
    const parts = ['', '/info', '/customVariables', '/pages', '/surveys', '/earlierChats'];
    const statuses = (by: Agent) =>
      Promise.all(parts.map(async (part) => (await by.get(path + part)).status));
    const all = (status: number) => parts.map(() => status);
    expect(await statuses(bot)).toEqual(all(404));
    await bot.accept();
    const seen = async () => [await statuses(agent), await statuses(bot), await statuses(other)];
    expect(await seen()).toEqual([all(200), all(200), all(404)]);
    const stolen = await other.get(`${agent.uri}${path}`);
    expect(stolen.status).toBe(404);
    await visitor.end();
    expect(await seen()).toEqual([all(200), all(200), all(404)]);
    await fixture.pass(30 * 60, agent, other, bot);
    expect(await seen()).toEqual([all(404), all(404), all(404)]);
  });

  it('[VISIT9] a waiting or ringing chat’s visit is nobody’s; what is no visit id is not there', async () => {
    const agent = await fixture.agent();
    const visitor = await fixture.visitor();
    expect(await agent.ringing()).toBe('1');
    const ringing = `${agent.uri}/visits/visit/${visitor.id.replace(/-[0-9a-f]{32}/, '')}`;
    const chat = visitor.id;
    for (const url of [
      ringing,
      `${agent.uri}/visits/visit/${chat}`,
      `${agent.uri}/visits/visit/H1`,
    ]) {
      expect((await agent.get(url)).status).toBe(404);
    }
    await agent.accept();
    expect((await agent.get(ringing)).status).toBe(200);
    const [start, end] = [chat.slice(0, 5), chat.slice(-3)];
    for (const id of [`${start}${end}`, `${start}K`, 'K', 'HK', `${chat.split('-')[0]}K1`]) {
      expect((await agent.get(`/visits/visit/${id}`)).status).toBe(404);
    }
  });

  it('[VISIT10] without tracking has what the chat request said', async () => {
    const { agent, chat } = await fixture.chat({
      userAgent: FIREFOX,
      chatReferrer: 'https://shop.example.com/cart',
      visitorId: '4711',
      visitorName: 'Vera',
      language: 'de-DE',
    });
    const visit = await visitOf(chat);
    const { body } = await agent.get(`${visit}/info`);
    expect(at(body, 'visitInfo')).toMatchObject({
      link: { '@href': `${visit}/info`, '@rel': 'self' },
      isInCurrentChat: true,
      visitorId: 4711,
    });
    expect(await info(agent, visit, 'visitorInfo')).toEqual({
      visitorName: 'Vera',
      ip: '127.0.0.1',
      host: '127.0.0.1',
      browser: 'Firefox 121.0',
      operatingSystem: 'Windows 10',
      device: 'DESKTOP',
      language: 'de-DE',
      userAgent: FIREFOX,
      numberOfVisits: '1',
      numberOfChats: '1',
    });
    expect(await info(agent, visit, 'sessionInfo')).toEqual({
      rtSessionId: chat.id.split('K')[1],
      entryPage: 'https://shop.example.com/cart',
      currentPage: 'https://shop.example.com/cart',
      chatPage: 'https://shop.example.com/cart',
      pagesViewed: '1',
    });
    fixture.clock.advance(5_000);
    expect(await info(agent, visit, 'time')).toMatchObject({
      startTime: expect.stringMatching(/^2024-07-01T\d\d:\d\d:\d\d\.000-04:00$/),
      timeOnSite: '5',
    });
    const { body: pages } = await agent.get(`${visit}/pages`);
    expect(at(pages, 'pages.page.url')).toBe('https://shop.example.com/cart');
    await chat.end();
    const after = await agent.get(`${visit}/info`);
    expect(at(after.body, 'visitInfo.isInCurrentChat')).toBe(false);
  });

  it('[VISIT10] facts are lists even when hardly anything is known', async () => {
    const { agent, chat } = await fixture.chat({});
    const { body } = await agent.get(`${await visitOf(chat)}/info`);
    for (const key of ['sessionInfo', 'visitorInfo', 'time']) {
      expect(at(body, `visitInfo.${key}.info`)).toBeInstanceOf(Array);
    }
  });

  it('[VISIT11] with tracking has what the page reported, which comes before the chat’s own', async () => {
    const tracked = await beginVisit(
      fixture,
      {
        appDetails: {
          screen: '1920x1080',
          timeZone: 'Europe/Berlin',
          referrer: 'https://ads.example/',
        },
        pages: [{ url: 'https://shop.example.com/', title: 'Shop' }],
      },
      { headers: { 'user-agent': FIREFOX, 'accept-language': 'de' } },
    );
    fixture.clock.advance(10_000);
    const { sessionId, visitorId } = tracked;
    const second = { url: 'https://shop.example.com/cart', title: 'Cart' };
    await report(fixture, tracked, { pages: [second] });
    fixture.clock.advance(10_000);
    const { agent, chat } = await fixture.chat({
      LETagSessionId: sessionId,
      LETagVisitorId: visitorId,
      userAgent: 'a server of the brand',
      chatReferrer: 'https://shop.example.com/cart',
    });
    const visit = await visitOf(chat);
    expect(await info(agent, visit, 'visitorInfo')).toMatchObject({
      browser: 'Firefox 121.0',
      screen: '1920x1080',
      timeZone: 'Europe/Berlin',
      language: 'de',
    });
    expect(await info(agent, visit, 'sessionInfo')).toEqual({
      rtSessionId: chat.id.split('K')[1],
      sessionId,
      referrer: 'https://ads.example/',
      entryPage: 'https://shop.example.com/',
      currentPage: 'https://shop.example.com/cart',
      chatPage: 'https://shop.example.com/cart',
      pagesViewed: '2',
    });
    expect(await info(agent, visit, 'time')).toMatchObject({ timeOnSite: '20' });
    const { body } = await agent.get(`${visit}/pages`);
    expect(at(body, 'pages.page')).toMatchObject([
      { url: 'https://shop.example.com/cart', title: 'Cart', timeOnPage: 10 },
      { url: 'https://shop.example.com/', title: 'Shop', timeOnPage: 10 },
    ]);
  });

  it('[VISIT12] the visit is found by the visitor too; their visits and chats are counted', async () => {
    const first = await beginVisit(fixture);
    const again = await fixture.visit('POST', `/app/engagement/visitors/${first.visitorId}`, {});
    expect(again.status).toBe(200);
    const { visitor } = await fixture.chat({ visitorId: first.visitorId });
    await visitor.end();
    const { agent, chat } = await fixture.chat({ visitorId: first.visitorId });
    const visit = await visitOf(chat);
    expect(await info(agent, visit, 'sessionInfo')).toMatchObject({
      sessionId: at(again.body, 'sessionId'),
    });
    expect(await info(agent, visit, 'visitorInfo')).toMatchObject({
      numberOfVisits: '2',
      numberOfChats: '2',
    });
  });
});

describe('custom variables', () => {
  it('[VISIT13] given with the request and in the chat are shown to the agent', async () => {
    const { agent, chat, visitor } = await fixture.chat({
      customVariables: { customVariable: [{ name: 'plan', value: 'gold' }] },
    });
    const visit = await visitOf(chat);
    const one = await agent.get(`${visit}/customVariables`);
    expect(one.text).toMatch(
      new RegExp(
        `^\\{"customVariables":\\{"link":\\{"@href":"${visit}/customVariables","@rel":"self"\\},` +
          '"customVariable":\\{"@source":"chat","@scope":"session","name":"plan",' +
          '"time":"2024-07-01T[^"]*-04:00","displayName":"plan","value":"gold"\\}\\}\\}$',
      ),
    );
    const seats = { customVariables: { customVariable: { name: 'seats', value: 3 } } };
    const put = await visitor.put('/customVariables', seats);
    expect([put.status, put.text]).toEqual([
      200,
      '{"customVariables":{"customVariable":[{"name":"plan","value":"gold"},{"name":"seats","value":"3"}]}}',
    ]);
    const { body } = await agent.get(`${visit}/customVariables`);
    expect(at(body, 'customVariables.customVariable.1')).toMatchObject({
      name: 'seats',
      value: '3',
    });
  });

  it('[VISIT14] an ended chat takes none; without any there are none', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const { body } = await agent.get(`${await visitOf(chat)}/customVariables`);
    expect(at(body, 'customVariables.customVariable')).toBeUndefined();
    await visitor.end();
    const variables = { customVariables: { customVariable: [{ name: 'a', value: 'b' }] } };
    expect((await visitor.put('/customVariables', variables)).status).toBe(409);
    const nameless = { customVariables: { customVariable: [{ value: 'b' }] } };
    const refused = await visitor.put('/customVariables', nameless);
    expect([refused.status, at(refused.body, 'error.message')]).toEqual([
      400,
      'customVariables.customVariable[0].name is required.',
    ]);
  });
});

describe('participant info', () => {
  it('[VISIT15] there is none of a visitor who is not authenticated', async () => {
    const { agent, chat } = await fixture.chat();
    for (const path of ['participantInfo', 'participantExtendedInfo']) {
      for (const id of [chat.id, '1', 'x']) {
        const reply = await agent.get(`/${path}/${id}`);
        expect([reply.status, at(reply.body, 'error.internalCode')]).toEqual([404, 1301]);
      }
    }
    expect((await fixture.visit('GET', `${agent.uri}/participantExtendedInfo/1`)).status).toBe(401);
    expect((await chat.get('/info')).text).not.toContain('participantId');
  });
});
