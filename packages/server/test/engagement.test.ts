/** Engagement and page tracking over HTTP. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SALES, Fixture } from './chat-fixture.js';
import { at, DEMO_ACCOUNT, DEMO_VISITOR_KEY, textAt } from './harness.js';
import { beginVisit, ENGAGEMENT, idsOf, report, visitState } from './visit-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

describe('engagement', () => {
  it('[ENG1] answers status, ids and details as the contract shows them', async () => {
    const none = await fixture.visit('POST', `${ENGAGEMENT}/?v=1.0`, {
      body: { appType: 'EXTERNAL' },
    });
    expect(none.text).toMatch(
      /^\{"status":"NotAvailable","pageId":"\d{10}","sessionId":"[\w-]{22}","visitorId":"[\w-]{22}"\}$/,
    );
    await fixture.agent();
    const some = await fixture.visit('POST', `${ENGAGEMENT}?v=1.0&skill=Sales`, { body: {} });
    expect(some.text).toMatch(
      new RegExp(
        '^\\{"status":"Available","engagementDetails":\\{"campaignId":"\\d{10}","engagementId":"\\d{10}",' +
          '"contextId":"1","windowId":"\\d{10}","language":"en-US","engagementRevision":1,"validForSeconds":900,' +
          `"skillId":${SALES},"skillName":"Sales"\\},"pageId":"\\d{10}","sessionId":"[\\w-]{22}","visitorId":"[\\w-]{22}"\\}$`,
      ),
    );
    const again = await fixture.visit('POST', ENGAGEMENT, {});
    const { skillId: _, skillName: __, ...details } = Object(at(some.body, 'engagementDetails'));
    expect(at(again.body, 'engagementDetails')).toEqual(details);
  });

  it.each([{}, { appKey: 'nobodys-key' }, { appKey: DEMO_VISITOR_KEY }])(
    '[ENG2] [ENG14] is for anybody: pages and apps in the field send no app key, or one of their own (%j)',
    async (credential) => {
      const body = { appType: 'EXTERNAL' };
      const opened = await fixture.server.call('POST', `${ENGAGEMENT}/?v=1.0`, {
        ...credential,
        body,
      });
      expect(opened.status).toBe(200);
      const { visitorId, sessionId } = idsOf(opened);
      const path = `${ENGAGEMENT}/${visitorId}?v=1.0&sid=${sessionId}`;
      const added = await fixture.server.call('PUT', path, { ...credential, body });
      expect([added.status, added.text]).toEqual([200, '']);
    },
  );

  it('[ENG12] reads the versions 1.0 and 1; of another the number is 33', async () => {
    expect((await fixture.visit('POST', `${ENGAGEMENT}?v=1`, {})).status).toBe(200);
    const { status, body } = await fixture.visit('POST', `${ENGAGEMENT}?v=2.0`, {});
    expect([status, body]).toEqual([
      400,
      {
        time: fixture.clock.now(),
        message: 'Version v=2.0 is not supported here: use 1 or 1.0, or leave v out.',
        internalCode: 33,
      },
    ]);
  });

  it('[ENG13] of an account that there is not, or cannot be, the answer is 404 with the number 6', async () => {
    for (const account of ['999', 'not~one']) {
      const url = `${fixture.server.http}/api/account/${account}${ENGAGEMENT}`;
      const reply = await fixture.server.call('POST', url, { body: {} });
      expect([reply.status, at(reply.body, 'internalCode')]).toEqual([404, 6]);
    }
  });

  it('[ENG13] errors are bare whatever finds them', async () => {
    const wrong = await fixture.server.call('DELETE', `${ENGAGEMENT}/vera`);
    expect([wrong.status, Object.keys(Object(wrong.body))]).toEqual([
      405,
      ['time', 'message', 'internalCode'],
    ]);
    const malformed = await fixture.visit('POST', ENGAGEMENT, { body: '{"appType":' });
    expect([malformed.status, at(malformed.body, 'internalCode')]).toEqual([400, 1001]);
  });

  it('[ENG3] no two visitors or visits share an id; a visitor keeps theirs from visit to visit', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => beginVisit(fixture)));
    expect(new Set(all.flatMap(({ visitorId, sessionId }) => [visitorId, sessionId])).size).toBe(
      40,
    );
    const [first] = all;
    const reply = await fixture.visit('POST', `${ENGAGEMENT}/${first?.visitorId}`, {});
    expect(idsOf(reply).visitorId).toBe(first?.visitorId);
    expect(idsOf(reply).sessionId).not.toBe(first?.sessionId);
  });

  it('[ENG4] with its session id a visit goes on; with another visitor’s a new one begins', async () => {
    const [vera, wim] = [await beginVisit(fixture), await beginVisit(fixture)];
    const same = await fixture.visit(
      'POST',
      `${ENGAGEMENT}/${vera.visitorId}?sid=${vera.sessionId}`,
      {},
    );
    expect(idsOf(same).sessionId).toBe(vera.sessionId);
    const other = await fixture.visit(
      'POST',
      `${ENGAGEMENT}/${vera.visitorId}?sid=${wim.sessionId}`,
      {},
    );
    expect([vera.sessionId, wim.sessionId]).not.toContain(idsOf(other).sessionId);
  });

  it('[ENG5] only a live visit of that visitor can be added to', async () => {
    const [vera, wim] = [await beginVisit(fixture), await beginVisit(fixture)];
    const statuses = [
      report(fixture, vera, {}),
      report(fixture, { ...vera, sessionId: wim.sessionId }, {}),
      report(fixture, { ...vera, sessionId: 'nothing' }, {}),
      fixture.visit('PUT', `${ENGAGEMENT}/${vera.visitorId}`, { body: {} }),
    ];
    const replies = await Promise.all(statuses);
    expect(replies.map(({ status }) => status)).toEqual([200, 404, 404, 404]);
    expect(at(replies[1]?.body, 'internalCode')).toBe(12);
  });

  it('[ENG6] what cannot be an id is refused by its code', async () => {
    const code = async (path: string) => {
      const reply = await fixture.visit('POST', path, {});
      return [reply.status, at(reply.body, 'internalCode')];
    };
    expect(await code(`${ENGAGEMENT}/a%20b`)).toEqual([404, 37]);
    expect(await code(`${ENGAGEMENT}/${'a'.repeat(101)}`)).toEqual([404, 37]);
    expect(await code(`${ENGAGEMENT}/vera?sid=a%2Fb`)).toEqual([404, 39]);
  });

  it('[ENG7] an attribute of an unknown type is refused, and nothing of the report is kept', async () => {
    const visit = await beginVisit(fixture);
    const reply = await report(fixture, visit, {
      pages: [{ url: 'https://shop.example.com/' }],
      engagementAttributes: [{ type: 'lead', lead: {} }, { type: 'shoeSize' }],
    });
    expect([reply.status, at(reply.body, 'message')]).toEqual([
      400,
      'engagementAttributes[1].type must be ctmrinfo or personal or mrktInfo or purchase or lead or service or ' +
        'viewedProduct or prodView or cart or error or searchContent or searchInfo, got "shoeSize".',
    ]);
    const { body } = await visitState(fixture, visit);
    expect([at(body, 'pages'), at(body, 'events')]).toEqual([[], []]);
  });

  it.each([
    [{ type: 'cart', numItems: 1 }, 'engagementAttributes[0].total'],
    [{ type: 'cart', total: 'much', numItems: 1 }, 'engagementAttributes[0].total'],
    [{ type: 'ctmrinfo', ctype: 'vip' }, 'engagementAttributes[0].info'],
    [{ type: 'personal', personal: { gender: 'X' } }, 'engagementAttributes[0].personal.gender'],
    [{ type: 'mrktInfo', info: { channel: 9 } }, 'engagementAttributes[0].info.channel'],
    [{ type: 'prodView', products: [{}] }, 'engagementAttributes[0].products[0].product'],
    [{ type: 'service', service: { status: 'done' } }, 'engagementAttributes[0].service.status'],
    [{ type: 'service', service: { status: 14 } }, 'engagementAttributes[0].service.status'],
  ])('[ENG8] %j is refused by the schema of its type', async (attribute, place) => {
    const reply = await fixture.visit('POST', ENGAGEMENT, {
      body: { engagementAttributes: [attribute] },
    });
    expect(reply.status).toBe(400);
    expect(textAt(reply.body, 'message')).toContain(place);
  });

  it('[ENG15] fields beyond the known ones are kept and answered, but no harmful address in them', async () => {
    const visit = await beginVisit(fixture, {
      engagementAttributes: [
        {
          type: 'prodView',
          products: [
            {
              product: { name: 'shoe', statusInStock: 'high', quantityInStock: 700, size: '9½' },
              shelf: { row: 3 },
            },
          ],
          theme: ['dark'],
        },
        {
          type: 'personal',
          personal: {
            firstname: 'Ann',
            age: { age: 34, sign: 'Leo' },
            contacts: [
              { email: 'a@b.example', address: { country: 'US', zipCode: '20505' }, zipCode: '1' },
            ],
            pronouns: 'she',
          },
          verified: true,
        },
        { type: 'service', service: { status: 13, landingUrl: 'shop.example.com/x', queue: 'a' } },
        {
          type: 'lead',
          lead: { imageUrl: 'javascript:x', note: 'data:text/html,x', topic: 'javascript: basics' },
        },
        { type: 'error' },
      ],
    });
    const { body } = await visitState(fixture, visit);
    expect(body).toMatchObject({
      viewedProduct: [
        {
          product: { name: 'shoe', statusInStock: 'high', quantityInStock: 700, size: '9½' },
          shelf: { row: 3 },
        },
      ],
      personalInfo: {
        personalInfo: {
          name: 'Ann',
          customerAge: { customerAgeInYears: 34, sign: 'Leo' },
          contacts: [{ address: { country: 'US', zipCode: '20505' }, zipCode: '1' }],
          pronouns: 'she',
        },
      },
      serviceActivity: [{ status: 13, landingUrl: 'shop.example.com/x', queue: 'a' }],
      leads: [{ imageUrl: '', note: '', topic: 'javascript: basics' }],
      visitorError: [{}],
    });
    expect(at(body, 'events.3.personalInfo')).toMatchObject({ verified: true });
    expect(at(body, 'events.4.viewedProduct')).toMatchObject({ theme: ['dark'] });
    const xml =
      '<engagementRequest><engagementAttributes><type>lead</type><lead><topic>cars</topic><colour>red</colour></lead></engagementAttributes></engagementRequest>';
    await report(fixture, visit, xml);
    expect(at((await visitState(fixture, visit)).body, 'leads.0')).toEqual({
      topic: 'cars',
      colour: 'red',
    });
  });

  it('[ENG15] within limits: beyond them the report is refused', async () => {
    const refusal = async (lead: object) => {
      const body = { engagementAttributes: [{ type: 'lead', lead }] };
      const reply = await fixture.visit('POST', ENGAGEMENT, { body });
      return [reply.status, at(reply.body, 'message')];
    };
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, 1]));
    expect((await refusal(many(50)))[0]).toBe(200);
    expect(await refusal(many(51))).toEqual([
      400,
      expect.stringMatching(
        /^engagementAttributes\[0\]\.lead must have at most 50 fields of 8000 characters/,
      ),
    ]);
    expect((await refusal({ note: 'x'.repeat(8_000) }))[0]).toBe(400);
    const deep: unknown = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`);
    expect(await refusal({ deep })).toEqual([
      400,
      'engagementAttributes[0].lead.deep must not nest deeper than 32 levels.',
    ]);
  });

  it('[ENG9] a chat is tied to the visit that it names', async () => {
    await fixture.agent();
    const visit = await beginVisit(fixture);
    const reply = await fixture.visit(
      'POST',
      `${ENGAGEMENT}/${visit.visitorId}?sid=${visit.sessionId}`,
      {},
    );
    const { agent, chat } = await fixture.chat({
      LETagSessionId: visit.sessionId,
      LETagVisitorId: visit.visitorId,
      LETagContextId: at(reply.body, 'engagementDetails.contextId'),
      engagementId: at(reply.body, 'engagementDetails.engagementId'),
      campaignId: at(reply.body, 'engagementDetails.campaignId'),
    });
    const info = await chat.get('/info');
    expect(at(info.body, 'info')).toMatchObject({
      sharkSessionId: visit.sessionId,
      sharkVisitorId: visit.visitorId,
      sharkContextId: 1,
      engagementId: Number(at(reply.body, 'engagementDetails.engagementId')),
    });
    const state = await visitState(fixture, visit);
    expect([agent.uri !== '', state.status]).toEqual([true, 200]);
  });

  it('[ENG10] a visit is over after 6 hours of silence; every report is a heartbeat', async () => {
    const fresh = await Fixture.start();
    try {
      const HOUR = 60 * 60_000;
      const visit = await beginVisit(fresh);
      fresh.clock.advance(5 * HOUR);
      expect((await report(fresh, visit, {})).status).toBe(200);
      fresh.clock.advance(6 * HOUR - 1);
      expect((await visitState(fresh, visit)).status).toBe(200);
      fresh.clock.advance(1);
      for (const gone of [await visitState(fresh, visit), await report(fresh, visit, {})]) {
        expect([gone.status, at(gone.body, 'internalCode')]).toEqual([404, 12]);
      }
    } finally {
      await fresh.stop();
    }
  });

  it('[ENG11] a restart keeps the visits', async () => {
    const fresh = await Fixture.start();
    const pages = [{ url: 'https://shop.example.com/' }];
    const { sessionId } = await beginVisit(fresh, { pages });
    const server = await fresh.server.restart();
    const state = server.running.server.accounts.loaded(DEMO_ACCOUNT)?.host.state;
    expect(state?.visits.get(sessionId)?.pages.map(({ url }) => url)).toEqual([pages[0]?.url]);
    await server.stop();
  });
});
