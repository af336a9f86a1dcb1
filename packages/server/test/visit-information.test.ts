/** Visit information over HTTP: what was tracked of a visit, and for whom. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { at, DEMO_ACCOUNT } from './harness.js';
import { beginVisit, ENGAGEMENT, report, visitState } from './visit-fixture.js';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1';
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36';

/** agent1 and manager1 of the demo account. */
const ANNA = 101;
const MIA = 104;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

describe('visit information', () => {
  it('[VISIT1] has pages, device, language and attributes, newest attribute first', async () => {
    const start = fixture.clock.now();
    const visit = await beginVisit(
      fixture,
      {
        appType: 'WEB',
        appDetails: {
          screen: '390x844',
          timeZone: 'Europe/Athens',
          referrer: 'https://search.example.com/?q=shoes',
          appVersion: '1.0',
        },
        consumerSections: ['shop', 'shoes'],
        pages: [{ url: 'https://shop.example.com/', title: 'Shop' }],
        engagementAttributes: [{ type: 'lead', lead: { topic: 'shoes', value: 22.22 } }],
      },
      { headers: { 'user-agent': IPHONE, 'accept-language': 'el-GR,el;q=0.9' } },
    );
    fixture.clock.advance(5_000);
    const shoes = '4711';
    await report(fixture, visit, {
      pages: [
        { id: shoes, url: 'https://shop.example.com/shoes', referrer: 'https://shop.example.com/' },
      ],
      engagementAttributes: [
        {
          type: 'cart',
          total: 11.7,
          numItems: 1,
          products: [{ product: { sku: 'x' }, quantity: 1 }],
        },
        { type: 'ctmrinfo', info: { ctype: 'vip', customerId: 138766, loginStatus: 1 } },
      ],
    });
    fixture.clock.advance(2_000);
    await report(fixture, visit, {
      engagementAttributes: [
        { type: 'personal', personal: { firstname: 'Vera', gender: 1, age: { age: 34 } } },
      ],
    });
    const home = visit.pageId;
    const state = Object(JSON.parse((await visitState(fixture, visit)).text));
    const { appSessions, engagements, ...facts } = state;
    expect(facts).toEqual({
      id: visit.sessionId,
      visitorId: visit.visitorId,
      startTime: start,
      lastSeen: start + 7_000,
      pages: [
        {
          id: home,
          url: 'https://shop.example.com/',
          pageTitle: 'Shop',
          startTime: start,
          timeOnPage: 5_000,
        },
        {
          id: shoes,
          url: 'https://shop.example.com/shoes',
          referrer: 'https://shop.example.com/',
          startTime: start + 5_000,
          timeOnPage: 2_000,
        },
      ],
      events: [
        {
          personalInfo: {
            serverTimeStamp: start + 7_000,
            contexts: { page: { id: expect.any(String) } },
            personalInfo: {
              name: 'Vera',
              gender: 'FEMALE',
              customerAge: { customerAgeInYears: 34 },
              contacts: [],
            },
          },
        },
        {
          customerInfo: {
            serverTimeStamp: start + 5_000,
            contexts: { page: { id: shoes } },
            customerInfo: { customerType: 'vip', customerId: '138766', loginStatus: '1' },
          },
        },
        {
          cartStatus: {
            serverTimeStamp: start + 5_000,
            contexts: { page: { id: shoes } },
            total: 11.7,
            numItems: 1,
            products: [{ product: { sku: 'x' }, quantity: 1 }],
          },
        },
        {
          lead: {
            serverTimeStamp: start,
            contexts: { page: { id: home } },
            lead: { topic: 'shoes', value: 22.22 },
          },
        },
      ],
      userAgent: IPHONE,
      browser: 'Safari 17.2',
      deviceOS: 'IOS',
      deviceFamily: 'MOBILE',
      mobileDeviceInfo: { mobile: true, detected: true, model: 'Apple iPhone' },
      ipv4: '127.0.0.1',
      externalReferrer: 'https://search.example.com/?q=shoes',
      language: 'el-GR',
      timeZone: 'Europe/Athens',
      screen: '390x844',
      sections: ['shop', 'shoes'],
      customerInfo: {
        customerInfo: { customerType: 'vip', customerId: '138766', loginStatus: '1' },
      },
      personalInfo: { personalInfo: expect.objectContaining({ name: 'Vera' }) },
      cart: { cartStatus: expect.objectContaining({ total: 11.7 }) },
      viewedProduct: [],
      purchases: [],
      leads: [{ topic: 'shoes', value: 22.22 }],
      serviceActivity: [],
      visitorError: [],
      searchContent: [],
    });
    expect(engagements).toEqual([
      {
        id: '1',
        engagement: {
          campaignEntity: { id: expect.any(Number) },
          engagementEntity: { id: expect.any(Number), revision: 1 },
        },
      },
    ]);
    expect(appSessions).toEqual([{ ...facts, engagements }]);
  });

  it('[VISIT2] every type of attribute is shown under its name', async () => {
    const products = [{ product: { name: 'shoe' } }];
    const visit = await beginVisit(fixture, {
      engagementAttributes: [
        { type: 'mrktInfo', info: { channel: '1', affiliate: 'Yahoo' } },
        { type: 'purchase', total: 3, orderId: 'o1', cart: { products } },
        { type: 'service', service: { topic: 'checkbook', status: 0 } },
        { type: 'viewedProduct', products },
        { type: 'prodView', products },
        { type: 'error', error: { message: 'missing', code: 'e1' } },
        { type: 'searchContent', keywords: ['reset password'] },
        { type: 'searchInfo', keywords: 'login' },
      ],
    });
    const { body } = await visitState(fixture, visit);
    expect(body).toMatchObject({
      marketingCampaignInfo: {
        marketingCampaignInfo: { originatingChannel: 1, affiliate: 'Yahoo' },
      },
      purchases: [{ total: 3, orderId: 'o1', cart: { products } }],
      serviceActivity: [{ topic: 'checkbook', status: 0 }],
      viewedProduct: [...products, ...products],
      visitorError: [{ message: 'missing', code: 'e1' }],
      searchContent: ['login', 'reset password'],
    });
    expect((at(body, 'events') as object[]).map((event) => Object.keys(event)[0])).toEqual([
      'searchContent',
      'searchContent',
      'visitorError',
      'viewedProduct',
      'viewedProduct',
      'serviceActivity',
      'purchase',
      'marketingCampaignInfo',
    ]);
  });

  it('[VISIT3] a page reported again under its id keeps its place and says how long it was read', async () => {
    const visit = await beginVisit(fixture, {
      pages: [{ url: 'https://shop.example.com/', title: 'Shop' }],
    });
    fixture.clock.advance(60_000);
    await report(fixture, visit, {
      pages: [{ id: visit.pageId, url: 'https://shop.example.com/', timeOnPage: 1500 }],
    });
    const { body } = await visitState(fixture, visit);
    expect(at(body, 'pages')).toEqual([
      {
        id: visit.pageId,
        url: 'https://shop.example.com/',
        pageTitle: 'Shop',
        startTime: fixture.clock.now() - 60_000,
        timeOnPage: 1500,
      },
    ]);
  });

  it('[VISIT4] what the app says of its device comes before the user agent', async () => {
    const appDetails = { os: 'ANDROID', osVersion: '14', deviceFamily: 'tablet' };
    const visit = await beginVisit(fixture, { appDetails }, { headers: { 'user-agent': MAC } });
    const { body } = await visitState(fixture, visit);
    expect(body).toMatchObject({
      deviceOS: 'ANDROID',
      deviceFamily: 'TABLET',
      browser: 'Chrome 120.0.0.0',
      mobileDeviceInfo: { mobile: true },
    });
  });

  it('[VISIT5] only a trusted app key says what the visitor’s address is', async () => {
    const appDetails = { ipAddress: '2001:db8::7' };
    const untrusted = await visitState(fixture, await beginVisit(fixture, { appDetails }));
    expect(at(untrusted.body, 'ipv4')).toBe('127.0.0.1');
    await fixture.add('appKey', {
      name: 'server',
      origins: [],
      kind: 'visitor',
      key: 'trusted-key',
      secretHash: null,
      sealedSecret: null,
      accessToken: null,
      accessTokenSecretHash: null,
      sealedAccessTokenSecret: null,
      userId: null,
      trusted: true,
      createdAt: 0,
      changedAt: 0,
    });
    const appKey = 'trusted-key';
    const headers = { 'user-agent': MAC, 'accept-language': 'de' };
    const visit = await beginVisit(fixture, { appDetails }, { appKey, headers });
    const { body } = await visitState(fixture, visit);
    expect([at(body, 'ipv6'), at(body, 'ipv4')]).toEqual(['2001:db8::7', undefined]);
    const add = (more: object) =>
      fixture.visit('PUT', `${ENGAGEMENT}/${visit.visitorId}?sid=${visit.sessionId}`, {
        appKey,
        headers: { 'user-agent': 'shop-server/1.0', 'accept-language': 'en' },
        body: { pages: [{ url: 'https://shop.example.com/paid' }], ...more },
      });
    const known = { userAgent: MAC, language: 'de' };
    expect((await add({})).status).toBe(200);
    const added = await visitState(fixture, visit);
    expect(added.body).toMatchObject({ ...known, ipv6: '2001:db8::7' });
    await add({ appDetails: { ipAddress: '192.0.2.7' } });
    const moved = await visitState(fixture, visit);
    expect(moved.body).toMatchObject({ ...known, ipv4: '192.0.2.7' });
    const bad = await fixture.visit('POST', ENGAGEMENT, {
      appKey,
      body: { appDetails: { ipAddress: 'x' } },
    });
    expect([bad.status, at(bad.body, 'message')]).toEqual([
      400,
      'appDetails.ipAddress must be an IPv4 or IPv6 address, got "x".',
    ]);
  });

  it('[VISIT6] is for who is logged in, and names by code what cannot be an id', async () => {
    const visit = await beginVisit(fixture);
    const path = (visitor: string, sid: string) =>
      `/monitoring/visitors/${visitor}/visits/current/state?v=1&sid=${sid}`;
    const good = path(visit.visitorId, visit.sessionId);
    const stranger = await fixture.server.call('GET', good);
    expect([stranger.status, at(stranger.body, 'internalCode')]).toEqual([401, 10]);
    expect((await fixture.visit('GET', good)).status).toBe(401);
    const { bearer } = await fixture.login('agent1');
    const code = async (url: string) => {
      const reply = await fixture.server.call('GET', url, { bearer });
      return [reply.status, at(reply.body, 'internalCode')];
    };
    expect(await code(path('a%20b', visit.sessionId))).toEqual([404, 37]);
    expect(await code(path(visit.visitorId, 'a%20b'))).toEqual([404, 39]);
    expect(await code(path(visit.visitorId, ''))).toEqual([404, 39]);
    expect(await code(path(visit.visitorId, 'nothing'))).toEqual([404, 12]);
    expect(await code(path('nobody', visit.sessionId))).toEqual([404, 12]);
    const elsewhere = `${fixture.server.http}/api/account/not~one/monitoring/visitors/a/visits/current/state`;
    expect(await code(elsewhere)).toEqual([404, 6]);
  });

  it('[VISIT7] a visit whose chat is with another agent is not there; managers see it', async () => {
    const visit = await beginVisit(fixture);
    const { chat, visitor } = await fixture.chat({ LETagSessionId: visit.sessionId });
    const statuses = async () => [
      (await visitState(fixture, visit, 'agent1')).status,
      (await visitState(fixture, visit, 'agent2')).status,
      (await visitState(fixture, visit, 'manager1')).status,
      (await visitState(fixture, visit, 'admin1')).status,
    ];
    expect(await statuses()).toEqual([200, 404, 200, 200]);
    await chat.end();
    expect(await statuses()).toEqual([200, 404, 200, 200]);
    expect(visitor.id).toBe(chat.id);
  });

  it.each(['visitorId', 'LETagVisitorId'])(
    '[VISIT7] nor one that is tied to such a chat by its %s alone',
    async (field) => {
      const visit = await beginVisit(fixture);
      await fixture.chat({ [field]: visit.visitorId });
      expect((await visitState(fixture, visit, 'agent2')).status).toBe(404);
      expect((await visitState(fixture, visit, 'agent1')).status).toBe(200);
    },
  );

  it('[VISIT7] a manager sees those of the groups they manage and of those below, no other', async () => {
    const group = (parentGroupId: number) =>
      fixture.add('agentGroup', {
        name: `Below ${parentGroupId}`,
        description: '',
        parentGroupId,
        enabled: true,
      });
    const { accounts } = fixture.server.running.server;
    const root = accounts.loaded(DEMO_ACCOUNT)?.setup.users.get(ANNA)?.groupId ?? 0;
    const above = await group(root);
    const below = await group(above);
    const visit = await beginVisit(fixture);
    await fixture.chat({ LETagSessionId: visit.sessionId });
    const seenBy = async (groupIds: readonly number[], of: number) => {
      await fixture.changeUser(ANNA, { groupId: of });
      const managerOf = groupIds.map((groupId) => ({ groupId, since: 0 }));
      await fixture.changeUser(MIA, { managerOf });
      return (await visitState(fixture, visit, 'manager1')).status;
    };
    expect(await seenBy([above], below)).toBe(200);
    expect(await seenBy([below], below)).toBe(200);
    expect(await seenBy([below], above)).toBe(404);
    expect(await seenBy([], below)).toBe(404);
    expect(await seenBy([root], root)).toBe(200);
  });
});
