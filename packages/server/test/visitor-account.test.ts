/** What a visitor can ask before there is a chat, and asking for one. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { creation } from '@parley/configuration/records/record-changes';
import { SALES, SUPPORT, send, Fixture } from './chat-fixture.js';
import { at, DEMO_VISITOR_KEY, type Reply } from './harness.js';

const ANNA = 101;
const BEN = 102;
const KEY = { authorization: `LivePerson appKey=${DEMO_VISITOR_KEY}` };

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ trustedProxies: ['127.0.0.1'] });
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

const refused = (reply: Pick<Reply, 'status' | 'text'>) => [
  reply.status,
  at(JSON.parse(reply.text), 'error.message'),
];

describe('the app key', () => {
  it.each([
    `LivePerson appKey=${DEMO_VISITOR_KEY}`,
    `liveperson APPKEY=${DEMO_VISITOR_KEY}`,
    `LivePerson appKey="${DEMO_VISITOR_KEY}"`,
  ])('[AUTH11] in the header: %s', async (authorization) => {
    expect((await send('GET', fixture.base, { authorization })).status).toBe(200);
  });

  it('[AUTH11] or in the query', async () => {
    expect((await send('GET', `${fixture.base}?v=1&appKey=${DEMO_VISITOR_KEY}`)).status).toBe(200);
  });

  it('[AUTH12] none, an unknown one, a bot’s or an agent’s credential: 401 with code 10', async () => {
    const { bearer } = await fixture.login('agent1');
    const visitor = await fixture.visitor();
    for (const authorization of [
      undefined,
      'LivePerson appKey=',
      'LivePerson appKey=nobodys-key',
      'LivePerson appKey=parley-demo-bot-key',
      `Bearer ${bearer}`,
    ]) {
      const headers = authorization === undefined ? {} : { authorization };
      for (const path of ['', '/chat/availability', `/chat/${visitor.id}/events`]) {
        const reply = await send('GET', fixture.base + path, headers);
        expect([reply.status, at(JSON.parse(reply.text), 'error.internalCode')]).toEqual([401, 10]);
      }
      expect((await send('POST', `${fixture.base}/chat/request`, headers)).status).toBe(401);
    }
  });

  it('[AUTH12] another account’s key opens nothing here, not even with the chat’s address', async () => {
    const { store } = fixture.server.running.server;
    const key = 'key-of-another-account';
    await store.accounts.create({ id: 'another', createdAt: 0 });
    const record = {
      kind: 'visitor',
      key,
      secretHash: null,
      accessToken: null,
      accessTokenSecretHash: null,
      userId: null,
      trusted: false,
    } as const;
    await store.config.write('another', { changes: [creation('appKey', record)] });
    const authorization = `LivePerson appKey=${key}`;
    const there = `${fixture.server.http}/api/account/another`;
    expect((await send('GET', there, { authorization })).status).toBe(200);
    const visitor = await fixture.visitor();
    expect((await send('GET', `${visitor.uri}/events`, { authorization })).status).toBe(401);
    const moved = await send('GET', `${there}/chat/${visitor.id}/events`, { authorization });
    expect(moved.status).toBe(404);
  });
});

describe('the account', () => {
  it('[VIS1] links, to the byte', async () => {
    const link = (path: string, rel: string) =>
      `{"@href":"${fixture.base}${path}","@rel":"${rel}"}`;
    expect((await fixture.visit('GET', '?v=1')).text).toBe(
      `{"account":{"@id":"12345678","link":[${[
        link('', 'self'),
        link('/chat/availability', 'chat-availability'),
        link('/chat/availableSlots', 'chat-available-slots'),
        link('/chat/estimatedWaitTime', 'chat-estimatedWaitTime'),
        link('/chat/request', 'chat-request'),
        link('/chat/preSurvey', 'prechat-survey'),
        link('/chat/offlineSurvey', 'chat-offline-survey'),
      ].join(',')}]}}`,
    );
  });

  const ask = async (path: string) => (await fixture.visit('GET', `/chat/${path}`)).text;

  it('[VIS2] availability: true while someone is Online for it', async () => {
    expect(await ask('availability')).toBe('{"availability":false}');
    const anna = await fixture.agent();
    await fixture.changeUser(ANNA, { skillIds: [SALES] });
    expect(await ask('availability')).toBe('{"availability":true}');
    expect(await ask('availability?skill=Sales')).toBe('{"availability":true}');
    expect(await ask('availability?skill=sales&v=1')).toBe('{"availability":true}');
    expect(await ask(`availability?skillId=${SALES}`)).toBe('{"availability":true}');
    // [WIRE24] A page that joins its values into an address sends its blanks so.
    for (const blank of ['', 'null', 'undefined']) {
      expect(await ask(`availability?skillId=${blank}&maxWaitTime=${blank}`)).toBe(
        '{"availability":true}',
      );
    }
    expect(await ask('availability?serviceQueue=Support&maxWaitTime=100')).toBe(
      '{"availability":false}',
    );
    expect(await ask('availability?agent=agent1')).toBe('{"availability":true}');
    expect(await ask('availability?agent=agent2')).toBe('{"availability":false}');
    await anna.become('Occupied');
    expect(await ask('availability')).toBe('{"availability":false}');
    await fixture.changeUser(ANNA, { skillIds: [SALES, SUPPORT] });
  });

  it('[VIS3] maxWaitTime=0: only if someone can take it now', async () => {
    await fixture.agent();
    await fixture.changeUser(ANNA, { maxChats: 1 });
    expect(await ask('availability?maxWaitTime=0')).toBe('{"availability":true}');
    await fixture.visitor();
    expect(await ask('availability?maxWaitTime=0')).toBe('{"availability":false}');
    expect(await ask('availability')).toBe('{"availability":true}');
    await fixture.changeUser(ANNA, { maxChats: 10 });
  });

  it('[VIS4] several skills are answered one by one, to the byte', async () => {
    await fixture.agent();
    await fixture.changeUser(ANNA, { skillIds: [SALES] });
    const both =
      '{"availability":{"AvailabilityForSkills":{"skillAvailability":[' +
      '{"skill":"Sales","isAvailable":true},{"skill":"Support","isAvailable":false}]}}}';
    expect(await ask('availability?skill=Sales&skill=Support')).toBe(both);
    expect(await ask('availability?skill=Sales,Support')).toBe(both);
    const name = 'Bed, Bath';
    await fixture.add('skill', { name, description: '', maxWaitTime: 120 });
    expect(await ask('availability?skill=Bed,%20Bath')).toBe('{"availability":false}');
    await fixture.changeUser(ANNA, { skillIds: [SALES, SUPPORT] });
  });

  it('[VIS5] slots, and -1 without limit', async () => {
    await fixture.agent();
    await fixture.agent('agent2');
    await fixture.changeUser(BEN, { maxChats: 2, skillIds: [SUPPORT] });
    expect(await ask('availableSlots')).toBe('{"availableSlots":12}');
    expect(await ask('availableSlots?skill=Sales&maxWaitTime=0')).toBe('{"availableSlots":10}');
    expect(await ask('availableSlots?agent=agent2')).toBe('{"availableSlots":2}');
    await fixture.changeUser(BEN, { maxChats: -1 });
    expect(await ask('availableSlots?skill=Support')).toBe('{"availableSlots":-1}');
    await fixture.changeUser(BEN, { maxChats: 10, skillIds: [SALES, SUPPORT] });
  });

  it('[VIS6] estimated wait: 0 now, -1 nobody online, -2 not enough to know, else seconds', async () => {
    expect(await ask('estimatedWaitTime?skill=Sales')).toBe('{"estimatedWaitTime":-1}');
    const anna = await fixture.agent();
    expect(await ask('estimatedWaitTime?skill=Sales')).toBe('{"estimatedWaitTime":0}');
    await fixture.changeUser(ANNA, { maxChats: 1 });
    const first = await fixture.visitor({ skill: 'Sales' });
    expect(await ask('estimatedWaitTime?skill=Sales')).toBe('{"estimatedWaitTime":-2}');
    expect(await ask('estimatedWaitTime?agent=agent1')).toBe('{"estimatedWaitTime":-2}');
    await first.end();
    for (let i = 0; i < 5; i += 1) {
      const visitor = await fixture.visitor({ skill: 'Sales' });
      fixture.clock.advance(10_000);
      await anna.accept();
      await visitor.end();
    }
    await fixture.visitor({ skill: 'Sales' });
    await fixture.visitor({ skill: 'Sales' });
    const estimate = JSON.parse(await ask('estimatedWaitTime?skill=Sales'));
    // Each was picked up after 10 s and ended at once: two are ahead.
    expect(estimate.estimatedWaitTime).toBeGreaterThanOrEqual(15);
    expect(estimate.estimatedWaitTime).toBeLessThanOrEqual(25);
    await fixture.changeUser(ANNA, { maxChats: 10 });
  });

  it('[VIS7] an unknown skill or agent is 400 and named; an agent excludes the rest', async () => {
    for (const resource of ['availability', 'availableSlots', 'estimatedWaitTime']) {
      const message = async (query: string) =>
        refused(await fixture.visit('GET', `/chat/${resource}?${query}`));
      expect(await message('skill=Repairs')).toEqual([
        400,
        'There is no skill "Repairs" in this account: give the name of one that there is, or its id as skillId.',
      ]);
      for (const agent of ['nobody', 'admin1', '101']) {
        expect(await message(`agent=${agent}`)).toEqual([
          400,
          `There is no agent "${agent}" in this account: check the login name.`,
        ]);
      }
      expect(await message('agent=agent1&skill=Sales')).toEqual([
        400,
        'Query parameter agent excludes skill: send one or the other.',
      ]);
    }
    const range = 'Query parameter maxWaitTime must be a whole number from 0 to 86400, got';
    for (const wait of ['-1', '86401', 'soon']) {
      const reply = await fixture.visit('GET', `/chat/availability?maxWaitTime=${wait}`);
      expect(refused(reply)).toEqual([400, `${range} "${wait}".`]);
    }
    expect(
      refused(await fixture.visit('GET', '/chat/availability?skill=Sales&skill=Repairs'))[0],
    ).toBe(400);
    expect(
      refused(await fixture.visit('GET', '/chat/availability?skill=Sales,Support&agent=agent1'))[0],
    ).toBe(400);
  });
});

describe('asking for a chat', () => {
  const request = (fields: unknown) =>
    fixture.visit('POST', '/chat/request?v=1', { body: { request: fields } });

  it('[VIS8] 201 with the chat’s address in Location and body; the id is unguessable', async () => {
    const replies = await Promise.all([request({}), request({})]);
    for (const reply of replies) {
      const { location } = reply.headers;
      expect(location).toMatch(/\/api\/account\/12345678\/chat\/H\d+-[0-9a-f]{32}K\d+$/);
      expect([reply.status, reply.text]).toEqual([
        201,
        `{"chatLocation":{"link":{"@href":"${location}","@rel":"location"}}}`,
      ]);
    }
    expect(replies[0].headers.location).not.toBe(replies[1].headers.location);
  });

  it('[VIS9] everything that may be asked for is heeded', async () => {
    const agent = await fixture.agent();
    const visitor = await fixture.visitor({
      skill: 'Support',
      visitorName: 'Zoë',
      visitorId: '1214701440734022',
      interactionTimeout: 600,
      language: 'fr-FR',
      engagementId: 11,
      campaignId: 22,
      LETagVisitorId: 'tv',
      LETagSessionId: 'ts',
      LETagContextId: 'tc',
      preChatLines: { line: ['Order 17', 'Second line'] },
    });
    const chat = await agent.accept();
    expect((await chat.get('/info')).body).toMatchObject({
      info: {
        skillName: 'Support',
        visitorName: 'Zoë',
        visitorId: 1214701440734022,
        chatTimeout: 600,
        language: 'fr-FR',
        engagementId: 11,
        campaignId: 22,
        sharkVisitorId: 'tv',
        sharkSessionId: 'ts',
        sharkContextId: 'tc',
      },
    });
    expect(await chat.feed()).toEqual([
      'waiting',
      'info:4',
      'info:Order 17',
      'info:Second line',
      'chatting',
      'info:3',
    ]);
    expect(await visitor.feed()).toEqual(['waiting', 'info:4', 'chatting', 'info:3']);
  });

  it.each([
    ['{"line": […]}', { line: ['one', 'two'] }],
    ['{"line": "one"}', { line: 'one' }],
    ['{"lines": […]}', { lines: ['one', 'two'] }],
    ['a list', ['one', 'two']],
  ])('[VIS9] pre-chat lines as %s', async (_, preChatLines) => {
    const { chat } = await fixture.chat({ preChatLines });
    const expected = JSON.stringify(preChatLines).includes('two') ? ['one', 'two'] : ['one'];
    const events = (await chat.events()).filter((event) => event.subType === 'ONLY_TO_REP');
    expect(events.map((event) => event.text)).toEqual(expected);
  });

  it('[VIS10] a skill by name, by id or as service queue; an agent by login name', async () => {
    const anna = await fixture.agent();
    const ben = await fixture.agent('agent2');
    await fixture.changeUser(ANNA, { skillIds: [SALES] });
    await fixture.changeUser(BEN, { skillIds: [SUPPORT] });
    for (const skill of [{ skill: 'support' }, { skillId: SUPPORT }, { serviceQueue: 'Support' }]) {
      const visitor = await fixture.visitor(skill);
      expect([await anna.ringing(), await ben.ringing()]).toEqual(['0', '1']);
      await visitor.end();
    }
    const visitor = await fixture.visitor({ agent: 'Agent1' });
    expect([await anna.ringing(), await ben.ringing()]).toEqual(['1', '0']);
    await visitor.end();
    // Forms send what nobody filled in.
    for (const [request, rings] of [
      [{ agent: '', skill: 'Support' }, ['0', '1']],
      [{ agent: 'agent1', skill: '', serviceQueue: '' }, ['1', '0']],
    ] as const) {
      const unfilled = await fixture.visitor(request);
      expect([await anna.ringing(), await ben.ringing()]).toEqual(rings);
      await unfilled.end();
    }
    await fixture.changeUser(ANNA, { skillIds: [SALES, SUPPORT] });
    await fixture.changeUser(BEN, { skillIds: [SALES, SUPPORT] });
  });

  it.each([
    [
      { skill: 'Repairs' },
      'There is no skill "Repairs" in this account: give the name of one that there is, or its id as skillId.',
    ],
    [
      { skillId: 999 },
      'There is no skill with the id 999 in this account: read the skills for those there are.',
    ],
    [{ agent: 'nobody' }, 'There is no agent "nobody" in this account: check the login name.'],
    [
      { agent: 'agent1', skill: 'Sales', maxWaitTime: 5 },
      'request names an agent, which excludes skill, maxWaitTime; send one or the other.',
    ],
    [{ maxWaitTime: 86_401 }, 'request.maxWaitTime must be at most 86400, got 86401.'],
    [{ maxWaitTime: -1 }, 'request.maxWaitTime must be at least 0, got -1.'],
    [
      { interactionTimeout: 'an hour' },
      'request.interactionTimeout must be a number, got "an hour".',
    ],
    [
      { visitorName: 'x'.repeat(129) },
      'request.visitorName must be at most 128 characters, got 129.',
    ],
    [{ visitorName: { first: 'Zoë' } }, 'request.visitorName must be a text, got an object.'],
  ])('[VIS11] 400 for %j, and no chat', async (fields, message) => {
    const agent = await fixture.agent();
    expect(refused(await request(fields))).toEqual([400, message]);
    expect(await agent.ringing()).toBe('0');
  });

  it('[VIS11] a request as XML', async () => {
    const agent = await fixture.agent();
    const body =
      '<request><skill>Sales</skill><visitorName>Zoë &amp; Co</visitorName>' +
      '<preChatLines><line>one</line><line>two</line></preChatLines></request>';
    const headers = { 'content-type': 'application/xml', accept: 'application/xml' };
    const reply = await fixture.visit('POST', '/chat/request', { body, headers });
    expect(reply.text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><chatLocation>' +
        `<link href="${reply.headers.location}" rel="location"/></chatLocation>`,
    );
    const chat = await agent.accept();
    expect(at((await chat.get('/info')).body, 'info.visitorName')).toBe('Zoë & Co');
    await chat.end();
  });

  it('[VIS12] nobody online: it waits, or is refused with 409 where the account says so', async () => {
    expect((await request({})).status).toBe(201);
    await fixture.server.configure({ nobodyOnline: { atStart: 'refuse', afterMaxWait: 'wait' } });
    const reply = await request({ skill: 'Sales' });
    expect([reply.status, at(reply.body, 'error')]).toMatchObject([
      409,
      { internalCode: 32, reason: 'no-available-agents' },
    ]);
    const agent = await fixture.agent();
    expect((await request({ skill: 'Sales' })).status).toBe(201);
    expect(await agent.ringing()).toBe('2');
    await fixture.server.configure({ nobodyOnline: { atStart: 'wait', afterMaxWait: 'wait' } });
  });

  it('[VIS13] the visitor’s address is the connection’s, unless the app key is trusted', async () => {
    const trusted = 'trusted-key';
    await fixture.add('appKey', {
      kind: 'visitor',
      key: trusted,
      secretHash: null,
      accessToken: null,
      accessTokenSecretHash: null,
      userId: null,
      trusted: true,
    });
    const { state } = await fixture.host();
    const address = async (headers: Readonly<Record<string, string>>, visitorIp: string) => {
      const body = JSON.stringify({ request: { visitorIp } });
      const reply = await send('POST', `${fixture.base}/chat/request`, headers, body);
      const id = reply.headers.location?.split('/').pop() ?? '';
      return [reply.status, state.chats.get(id)?.visitor.ip];
    };
    const forwarded = { 'x-forwarded-for': '198.51.100.7, 203.0.113.9' };
    expect(await address(KEY, '192.0.2.1')).toEqual([201, '127.0.0.1']);
    expect(await address({ ...KEY, ...forwarded }, '192.0.2.1')).toEqual([201, '203.0.113.9']);
    const asTrusted = { authorization: `LivePerson appKey=${trusted}` };
    expect(await address(asTrusted, '192.0.2.1')).toEqual([201, '192.0.2.1']);
    expect(await address(asTrusted, '2001:db8::1')).toEqual([201, '2001:db8::1']);
    expect((await address(asTrusted, 'home'))[0]).toBe(400);
  });
});
