/** The three representations, as answers and as request bodies. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { send, Fixture } from './chat-fixture.js';
import { at, DEMO_VISITOR_KEY } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ settings: { timeZone: 'America/New_York' } });
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

const KEY = { authorization: `LivePerson appKey=${DEMO_VISITOR_KEY}` };
const TYPES = {
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  hal: 'application/hal+json; charset=utf-8',
};
const XML = '<?xml version="1.0" encoding="UTF-8"?>';

/** Asks for the account's availability with these headers. */
const ask = (headers: Readonly<Record<string, string>>) =>
  send('GET', `${fixture.base}/chat/availability`, { ...KEY, ...headers });

describe('answers', () => {
  it.each([
    ['application/json', 'json'],
    ['*/*', 'json'],
    ['application/*', 'json'],
    ['text/html, application/json;q=0.9', 'json'],
    ['application/xml', 'xml'],
    ['text/xml', 'xml'],
    ['application/json;q=0.5, application/xml', 'xml'],
    ['application/hal+json', 'hal'],
  ] as const)('[FORMAT1] Accept: %s gives %s', async (accept, representation) => {
    const bodies = {
      json: '{"availability":false}',
      xml: `${XML}<availability>false</availability>`,
      hal: '{"availability":false}',
    };
    const reply = await ask({ accept });
    expect([reply.status, reply.headers['content-type'], reply.text]).toEqual([
      200,
      TYPES[representation],
      bodies[representation],
    ]);
  });

  it('[FORMAT1] no Accept gives JSON', async () => {
    expect((await ask({})).headers['content-type']).toBe(TYPES.json);
  });

  it('[FORMAT2] nothing acceptable is 406, answered in JSON, and nothing happens', async () => {
    const reply = await send('POST', `${fixture.base}/chat/request`, {
      ...KEY,
      accept: 'image/png',
    });
    expect([reply.status, reply.headers['content-type']]).toEqual([406, TYPES.json]);
    expect(at(JSON.parse(reply.text), 'error.message')).toBe(
      'Accept "image/png" names nothing that can be given: ask for application/json, application/xml or application/hal+json.',
    );
    const agent = await fixture.agent();
    expect(await agent.ringing()).toBe('0');
  });

  it('[FORMAT3] events in all three representations, to the byte', async () => {
    const { chat, visitor } = await fixture.chat();
    await visitor.line('1 < 2 & "so on"');
    const uri = `${chat.uri}/events`;
    const json = await chat.get('/events?from=3', { accept: 'application/json' });
    expect(json.text).toBe(
      `{"events":{"link":[{"@href":"${uri}","@rel":"self"},{"@href":"${uri}?from=5","@rel":"next"}],` +
        '"event":[{"@id":"3","@type":"line","time":"2024-07-01T08:00:00.000-04:00","textType":"plain",' +
        '"text":"You are now chatting with Anna.","by":"info","source":"system","systemMessageId":3,' +
        '"subType":"REGULAR"},' +
        '{"@id":"4","@type":"line","time":"2024-07-01T08:00:00.000-04:00","textType":"plain",' +
        '"text":"1 < 2 & \\"so on\\"","by":"visitor","source":"visitor","subType":"REGULAR"}]}}',
    );
    const xml = await chat.get('/events?from=4', { accept: 'application/xml' });
    expect(xml.text).toBe(
      `${XML}<events><link href="${uri}" rel="self"/><link href="${uri}?from=5" rel="next"/>` +
        '<event id="4" type="line"><time>2024-07-01T08:00:00.000-04:00</time><textType>plain</textType>' +
        '<text>1 &lt; 2 &amp; &quot;so on&quot;</text><by>visitor</by><source>visitor</source>' +
        '<subType>REGULAR</subType></event></events>',
    );
    const hal = await chat.get('/events?from=4', { accept: 'application/hal+json' });
    expect(hal.text).toBe(
      `{"_links":{"self":{"href":"${uri}"},"next":{"href":"${uri}?from=5"}},` +
        '"event":[{"id":4,"type":"line","time":"2024-07-01T12:00:00.000Z","textType":"plain",' +
        '"text":"1 < 2 & \\"so on\\"","by":"visitor","source":"visitor","subType":"REGULAR"}]}',
    );
  });

  it('[FORMAT3] one event alone is written as that event, none as nothing', async () => {
    const { chat } = await fixture.chat();
    const one = await chat.get('/events?from=3');
    expect(at(one.body, 'events.event.@id')).toBe('3');
    const none = await chat.get('/events?from=4');
    const uri = `${chat.uri}/events`;
    expect(none.text).toBe(
      `{"events":{"link":[{"@href":"${uri}","@rel":"self"},{"@href":"${uri}?from=4","@rel":"next"}]}}`,
    );
  });

  it('[FORMAT4] times carry the offset of the account’s zone', async () => {
    const visitor = await fixture.visitor();
    expect((await visitor.events())[0]?.time).toBe('2024-07-01T08:00:00.000-04:00');
    expect(at((await visitor.get('/info')).body, 'info.startTime')).toBe(
      '2024-07-01T08:00:00.000-04:00',
    );
  });

  it('[FORMAT5] no answer may be cached or guessed at', async () => {
    for (const reply of [await ask({}), await send('GET', `${fixture.base}/chat/availability`)]) {
      expect(reply.headers['cache-control']).toBe('no-store');
      expect(reply.headers['x-content-type-options']).toBe('nosniff');
    }
  });
});

describe('request bodies', () => {
  /** Sends a line, exactly as given, and gives what the agent then reads of it. */
  async function say(body: string, headers: Readonly<Record<string, string>>) {
    const { visitor, chat } = await fixture.chat();
    const reply = await send('POST', `${visitor.uri}/events`, { ...KEY, ...headers }, body);
    return { reply, lines: await chat.feed(4) };
  }
  const line = JSON.stringify({ event: { '@type': 'line', text: 'Grüße 👋' } });

  it.each([
    ['application/json', 'application/json'],
    ['application/json with a charset', 'application/json; charset=utf-8'],
    ['text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['what no one knows', 'application/x-whatever'],
    ['an image', 'image/png'],
    ['what is no media type at all', 'json'],
  ])('[BODY1] JSON is read as JSON when it calls itself %s', async (_, type) => {
    const { reply, lines } = await say(line, { 'content-type': type });
    expect([reply.status, lines]).toEqual([201, ['visitor:Grüße 👋']]);
  });

  it('[BODY1] JSON without a Content-Type is read as JSON', async () => {
    const { reply, lines } = await say(line, {});
    expect([reply.status, lines]).toEqual([201, ['visitor:Grüße 👋']]);
  });

  it.each(['application/xml', 'text/xml', 'application/json'])(
    '[BODY2] XML is read as XML, as %s',
    async (type) => {
      const xml = `${XML}<event type="line"><text>Grüße &#128075; &lt;b&gt;</text></event>`;
      const { reply, lines } = await say(xml, { 'content-type': type });
      expect([reply.status, lines]).toEqual([201, ['visitor:Grüße 👋 <b>']]);
    },
  );

  it('[BODY2] what ends a chat, sets a state or transfers may be XML', async () => {
    const { agent, chat } = await fixture.chat();
    const headers = { 'content-type': 'application/xml', accept: 'application/xml' };
    const away = '<availability><chat>Away</chat></availability>';
    const set = await agent.call('PUT', '/availability', { body: away, headers });
    expect(set.text).toBe(
      `${XML}<availability><chat>Away</chat><voice>Offline</voice></availability>`,
    );
    const body = '<event type="state"><state>ended</state></event>';
    const ended = await chat.call('POST', '/events', { body, headers });
    const link = `<link href="${chat.uri}/events/5" rel="location"/>`;
    expect([ended.status, ended.text]).toEqual([201, `${XML}<chatLocation>${link}</chatLocation>`]);
  });

  it.each(['"@type"', '"type"'])('[BODY3] attributes are read as %s', async (key) => {
    const { reply, lines } = await say(`{"event":{${key}:"line","text":"hi"}}`, {});
    expect([reply.status, lines]).toEqual([201, ['visitor:hi']]);
  });

  it('[BODY4] an empty body is fine where no field is required', async () => {
    const agent = await fixture.agent();
    expect((await send('POST', `${fixture.base}/chat/request`, KEY)).status).toBe(201);
    const accepted = await send('POST', `${agent.uri}/incomingRequests`, {
      authorization: `Bearer ${agent.login.bearer}`,
      'content-type': 'application/json',
    });
    expect(accepted.status).toBe(201);
  });

  it('[BODY4] an empty body is 400 where a field is required', async () => {
    const visitor = await fixture.visitor();
    const reply = await send('POST', `${visitor.uri}/events`, KEY, '');
    expect(reply.status).toBe(400);
    expect(at(JSON.parse(reply.text), 'error.message')).toBe(
      'event is required: the body must be {"event": …}.',
    );
  });

  it('[BODY5] malformed JSON is 400 with the place', async () => {
    const { reply, lines } = await say('{"event":\n {"@type" "line"}}', {});
    expect([reply.status, lines]).toEqual([400, []]);
    expect(at(JSON.parse(reply.text), 'error.message')).toBe(
      'The JSON is malformed at line 2, column 11: expected :, found a string.',
    );
  });

  it('[BODY5] malformed XML is 400 with the place', async () => {
    const { reply, lines } = await say('<event type="line">\n<text>hi</event>', {});
    expect([reply.status, lines]).toEqual([400, []]);
    expect(at(JSON.parse(reply.text), 'error.message')).toContain('malformed at line 2');
  });

  it.each([
    '<!DOCTYPE event [<!ENTITY x SYSTEM "file:///etc/passwd">]><event type="line"><text>&x;</text></event>',
    '<!DOCTYPE lolz [<!ENTITY a "aaaa">]><event type="line"><text>&a;</text></event>',
    '<event type="line"><text>&x;</text></event>',
  ])('[BODY6] XML with a DOCTYPE or an entity of its own is 400: %s', async (xml) => {
    const { reply, lines } = await say(xml, { 'content-type': 'application/xml' });
    expect([reply.status, lines]).toEqual([400, []]);
  });

  it('[BODY7] a body above 64 KiB is 413, and nothing happens', async () => {
    const text = 'x'.repeat(64 * 1024);
    const { reply, lines } = await say(JSON.stringify({ event: { '@type': 'line', text } }), {});
    expect([reply.status, lines]).toEqual([413, []]);
    expect(at(JSON.parse(reply.text), 'error.internalCode')).toBe(1403);
  });

  it('[BODY7] a body of exactly 64 KiB is read', async () => {
    const event = (padding: string) =>
      JSON.stringify({ event: { '@type': 'line', text: 'hi' }, padding });
    const body = event('x'.repeat(64 * 1024 - event('').length));
    const { reply, lines } = await say(body, {});
    expect([reply.status, lines]).toEqual([201, ['visitor:hi']]);
  });

  it('[BODY8] what is neither JSON nor XML is 415 when it says so, else 400', async () => {
    const image = await say('\u0089PNG', { 'content-type': 'image/png' });
    expect([image.reply.status, image.lines]).toEqual([415, []]);
    expect(at(JSON.parse(image.reply.text), 'error.message')).toBe(
      'Content-Type "image/png" cannot be read: send JSON or XML.',
    );
    expect((await say('hello', { 'content-type': 'text/plain' })).reply.status).toBe(400);
  });

  it('[BODY9] unknown fields, and fields that are not the caller’s to set, change nothing', async () => {
    const { visitor, chat } = await fixture.chat();
    const event = {
      '@type': 'line',
      '@id': '99',
      text: 'hi',
      by: 'Anna',
      source: 'agent',
      time: '1999-01-01T00:00:00.000Z',
      systemMessageId: 5,
    };
    const body = JSON.stringify({ event }).replace(
      '"by"',
      '"__proto__":{"subType":"ONLY_TO_REP","polluted":1},"constructor":{"prototype":{}},"by"',
    );
    const reply = await send('POST', `${visitor.uri}/events`, KEY, body);
    expect(reply.headers.location).toBe(`${visitor.uri}/events/4`);
    expect(at({}, 'polluted')).toBeUndefined();
    expect((await chat.events(4))[0]).toEqual({
      '@id': '4',
      '@type': 'line',
      time: '2024-07-01T08:00:00.000-04:00',
      textType: 'plain',
      text: 'hi',
      by: 'visitor',
      source: 'visitor',
      subType: 'REGULAR',
    });
  });

  it('[BODY10] a wrong field is 400, named with the rule and what came instead', async () => {
    const agent = await fixture.agent();
    const reply = await agent.put('/availability', { availability: { chat: 'Lunch' } });
    expect(reply.status).toBe(400);
    expect(at(reply.body, 'error.message')).toBe(
      'availability.chat must be one of Online, Occupied, Away, got "Lunch".',
    );
    expect(await agent.availability()).toBe('Online');
  });
});
