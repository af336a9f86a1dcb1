/** What clients of the original API send and expect, beyond what its documentation says of it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { at } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

describe('asking for a chat', () => {
  it.each([
    [3600, 600],
    ['3600', 600],
    [601, 600],
    [9, 10],
    [-1, 10],
    [77.4, 77],
    ['', 40],
    ['null', 40],
  ])(
    '[VIS37] of interactionTimeout %j as much is used as is possible, and answered',
    async (asked, used) => {
      const visitor = await fixture.visitor({ interactionTimeout: asked });
      expect(at((await visitor.get('/info')).body, 'info.chatTimeout')).toBe(used);
      await visitor.end();
    },
  );

  it.each([
    { skillId: '' },
    { skillId: 'null' },
    { skill: '', serviceQueue: '', agent: '', skillId: '', visitorName: '', visitorId: '' },
    { engagementId: '', campaignId: '', LETagContextId: '', language: '', maxWaitTime: '' },
    { survey: '', customVariables: '', preChatLines: '', visitorIp: '', userAgent: '' },
  ])('[VIS34] fields left blank ask for nothing: %j', async (fields) => {
    const visitor = await fixture.visitor(fields);
    const { info } = (await visitor.get('/info')).body as { info: Record<string, unknown> };
    expect(info).toMatchObject({ state: 'waiting', visitorName: 'You', chatTimeout: 40 });
    for (const name of ['skillId', 'engagementId', 'campaignId', 'sharkContextId', 'language']) {
      expect(info).not.toHaveProperty(name);
    }
    await visitor.end();
  });

  it('[VIS35] engagement and campaign are texts, answered as numbers where they are some', async () => {
    const visitor = await fixture.visitor({
      engagementId: '27469613',
      campaignId: 'summer',
      LETagContextId: '2',
    });
    expect(at((await visitor.get()).body, 'chat.info')).toMatchObject({
      engagementId: 27469613,
      campaignId: 'summer',
      sharkContextId: 2,
    });
    expect(at((await visitor.get('/info')).body, 'info')).toMatchObject({
      engagementId: '27469613',
      campaignId: 'summer',
      sharkContextId: '2',
    });
    await visitor.end();
  });
});

describe('addresses', () => {
  it.each(['//chat//preSurvey', '/chat//availability.json', '/chat///estimatedWaitTime??v=1'])(
    '[SEC32] a doubled slash is read as one: %s',
    async (path) => {
      const reply = await fixture.visit('GET', path);
      expect([200, 404]).toContain(reply.status);
      expect(at(reply.body, 'error.internalCode')).not.toBe(1301);
    },
  );

  it('[SEC32] links have single ones', async () => {
    const { visitor } = await fixture.chat();
    const doubled = visitor.uri.replace('/chat/', '//chat//');
    const reply = await fixture.visit('GET', doubled);
    expect(reply.text).toBe((await visitor.get()).text);
  });
});

describe('the end of a chat', () => {
  it('[CHAT18] is answered with the root chatLocation in XML, with both keys in JSON', async () => {
    const { visitor, chat } = await fixture.chat();
    const event = '<event type="state"><state>ended</state></event>';
    const headers = { 'content-type': 'application/xml', accept: 'application/xml' };
    const reply = await visitor.call('POST', '/events', { body: event, headers });
    const uri = reply.headers.location;
    expect(reply.text).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><chatLocation><link href="${uri}" rel="location"/></chatLocation>`,
    );
    expect((await chat.get('/info/visitorName')).status).toBe(200);
  });
});

describe('a chat that is gone', () => {
  it('[VIS36] is 404 with the number 12 to its visitor, in every part, as one that never was', async () => {
    const { visitor, chat } = await fixture.chat();
    await visitor.end();
    fixture.clock.advance(30 * 60_000);
    const never = `${fixture.base}/chat/H1-${'0'.repeat(32)}K2`;
    for (const uri of [visitor.uri, never]) {
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '/events?from=2'],
        ['GET', '/info'],
        ['PUT', '/info/visitorTyping'],
        ['POST', '/events'],
      ] as const) {
        const reply = await fixture.visit(method, uri + path, {
          body: { visitorTyping: 'typing' },
        });
        expect([reply.status, at(reply.body, 'error.internalCode')]).toEqual([404, 12]);
      }
    }
    const agents = await chat.get('/events');
    expect([agents.status, at(agents.body, 'error.internalCode')]).toEqual([404, 1301]);
  });
});
