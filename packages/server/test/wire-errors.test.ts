/** Errors: every status in every representation, and which one when. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { send, Fixture } from './chat-fixture.js';
import { at, DEMO_VISITOR_KEY, type Reply } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ settings: { timeZone: 'America/New_York' } });
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

const KEY = { authorization: `LivePerson appKey=${DEMO_VISITOR_KEY}` };
const XML = '<?xml version="1.0" encoding="UTF-8"?>';

/** Status, number and words of an error. */
const facts = (reply: Pick<Reply, 'status' | 'text'>) => {
  const body: unknown = JSON.parse(reply.text);
  return [reply.status, at(body, 'error.internalCode'), at(body, 'error.responseStatus')];
};

describe('an error', () => {
  it('[ERRDOC1] is a document in the representation asked for, to the byte', async () => {
    const url = `${fixture.base}/chat/H1-00K2/events`;
    const message = 'There is no such chat, or it ended too long ago: ask for another.';
    const json = await send('GET', url, KEY);
    expect([json.status, json.headers['content-type'], json.text]).toEqual([
      404,
      'application/json; charset=utf-8',
      `{"error":{"time":"Jul 1, 2024 8:00:00 AM","message":"${message}","internalCode":12,"responseStatus":"NOT_FOUND"}}`,
    ]);
    const xml = await send('GET', `${url}.xml`, KEY);
    expect([xml.status, xml.headers['content-type'], xml.text]).toEqual([
      404,
      'application/xml; charset=utf-8',
      `${XML}<error><time>Jul 1, 2024 8:00:00 AM</time><message>${message}</message>` +
        '<internalCode>12</internalCode><responseStatus>NOT_FOUND</responseStatus></error>',
    ]);
    const hal = await send('GET', url, { ...KEY, accept: 'application/hal+json' });
    expect([hal.status, hal.headers['content-type']]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    expect(JSON.parse(hal.text)).toEqual({
      type: '/docs/errors#chatGone',
      title: 'There is no such chat, or it ended too long ago',
      status: 404,
      detail: message,
      internalCode: 12,
      time: '2024-07-01T12:00:00.000Z',
      requestId: hal.headers['x-request-id'],
    });
  });

  it('[ERRDOC1] found before any route is in the representation asked for too', async () => {
    const huge = 'x'.repeat(65 * 1024);
    const tooLarge = await send('POST', `${fixture.base}/chat/request.xml`, KEY, huge);
    expect([tooLarge.status, tooLarge.text]).toEqual([
      413,
      expect.stringMatching(
        /^<\?xml .*larger than the 65,536 bytes that are allowed.*<internalCode>1403<\/internalCode>/,
      ),
    ]);
    const nowhere = await send('GET', `${fixture.base}/nowhere.xml`, KEY);
    expect([nowhere.status, nowhere.text]).toEqual([
      404,
      expect.stringMatching(/^<\?xml .*<internalCode>1301<\/internalCode>/),
    ]);
    const method = await send('DELETE', `${fixture.base}/chat/availability.xml`, KEY);
    expect([method.status, method.text]).toEqual([
      405,
      expect.stringMatching(/^<\?xml .*<internalCode>1401<\/internalCode>/),
    ]);
  });
});

describe('every status', () => {
  interface Wrong {
    readonly status: number;
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }
  const huge = 'x'.repeat(65 * 1024);
  const end = '{"event":{"type":"state","state":"ended"}}';
  const cases: readonly Wrong[] = [
    { status: 400, method: 'GET', path: '/chat/availability?v=9' },
    { status: 401, method: 'GET', path: '/chat/availability', headers: { authorization: 'x' } },
    { status: 403, method: 'POST', path: '/agentSession', headers: { authorization: 'ADMIN' } },
    { status: 404, method: 'GET', path: '/chat/H1-0K1' },
    { status: 405, method: 'PUT', path: '/chat/request' },
    { status: 409, method: 'POST', path: '/chat/ENDED/events', body: end },
    { status: 413, method: 'POST', path: '/chat/request', body: huge },
    {
      status: 415,
      method: 'POST',
      path: '/chat/ENDED/events',
      headers: { 'content-type': 'image/png' },
      body: '\u0089PNG',
    },
  ];

  it.each(cases)(
    '[ERRDOC1] $status in all three representations',
    async ({ status, method, path, headers, body }) => {
      const visitor = await fixture.visitor();
      await visitor.end();
      const url = fixture.base + path.replace('ENDED', visitor.id);
      const sent: Record<string, string> = { ...KEY, ...headers };
      if (sent['authorization'] === 'ADMIN') {
        sent['authorization'] = `Bearer ${(await fixture.login('admin1')).bearer}`;
      }
      const ask = (accept: string) => send(method, url, { ...sent, accept }, body);
      const json = await ask('application/json');
      expect([json.status, json.headers['content-type']]).toEqual([
        status,
        'application/json; charset=utf-8',
      ]);
      const { message, internalCode, responseStatus } = JSON.parse(json.text).error;
      const xml = await ask('application/xml');
      expect([xml.status, xml.headers['content-type']]).toEqual([
        status,
        'application/xml; charset=utf-8',
      ]);
      expect(xml.text).toContain(
        `<internalCode>${internalCode}</internalCode><responseStatus>${responseStatus}</responseStatus>`,
      );
      const hal = await ask('application/hal+json');
      expect([hal.status, hal.headers['content-type']]).toEqual([
        status,
        'application/problem+json; charset=utf-8',
      ]);
      expect(JSON.parse(hal.text)).toMatchObject({ status, internalCode, detail: message });
    },
  );
});

describe('which error', () => {
  it('[ERRDOC2] 400: a query parameter, named with its rule and its value', async () => {
    const visitor = await fixture.visitor();
    for (const from of ['-1', 'x', '1.5', '1e3', '99999999999999999999']) {
      const reply = await visitor.get(`/events?from=${from}`);
      expect(facts(reply)).toEqual([400, 1003, 'BAD_REQUEST']);
      expect(at(reply.body, 'error.message')).toBe(
        `Query parameter from must be a whole number from 0 to 1000000000, got "${from}".`,
      );
    }
  });

  it('[ERRDOC2] 400: a missing field, an unknown type of event, a text too long', async () => {
    const visitor = await fixture.visitor();
    const message = async (event: unknown) =>
      at((await visitor.post('/events', { event })).body, 'error.message');
    expect(await message({ '@type': 'line' })).toContain('needs a text that is not empty');
    expect(await message({ text: 'hi' })).toBe(
      'event.type is required: line or state or line-status.',
    );
    expect(await message({ '@type': 'note', text: 'x' })).toBe(
      'event.type must be line or state or line-status, got "note".',
    );
    expect(await message({ '@type': 'state', state: 'waiting' })).toContain('"ended"');
    expect(await message({ '@type': 'line', text: 'x'.repeat(8_001) })).toBe(
      'event.text must be at most 8000 characters, got 8001.',
    );
    expect(await visitor.feed()).toEqual(['waiting', 'info:4']);
    expect(await visitor.line('x'.repeat(8_000))).toBe(2);
  });

  it.each([
    ['none', undefined],
    ['an empty one', 'Bearer '],
    ['an unknown one', `Bearer ${'0'.repeat(64)}`],
    ['another scheme', 'Basic YWdlbnQxOnBhcmxleS1kZW1v'],
    ['nonsense', 'Bearer a b c'],
    ['an app key', `LivePerson appKey=${DEMO_VISITOR_KEY}`],
  ])('[AUTH2] 401 with code 10 on an agent’s resource: %s', async (_, authorization) => {
    const agent = await fixture.agent();
    const headers = authorization === undefined ? {} : { authorization };
    for (const url of [agent.uri, `${agent.uri}/incomingRequests`, `${agent.uri}/chat/H1-0K1`]) {
      const reply = await send('GET', url, headers);
      expect(facts(reply)).toEqual([401, 10, 'UNAUTHORIZED']);
      expect(reply.headers['www-authenticate']).toBe('Bearer');
    }
    const opened = await send('POST', `${fixture.base}/agentSession`, headers);
    expect(facts(opened)).toEqual([401, 10, 'UNAUTHORIZED']);
  });

  it('[AUTH9] 403: a user without the right to take chats opens no agent session', async () => {
    const { bearer } = await fixture.login('admin1');
    const reply = await fixture.server.call('POST', '/agentSession?NC=true', { bearer });
    expect(facts(reply)).toEqual([403, 1201, 'FORBIDDEN']);
    expect(at(reply.body, 'error.message')).toContain('admin1 has no right to take chats');
  });

  it('[AUTH8] 404: what belongs to another agent looks like what is not there', async () => {
    const { agent, chat } = await fixture.chat();
    const other = await fixture.agent('agent2');
    const none = `${fixture.base}/agentSession/123456789012345678`;
    const session = (uri: string) => other.get(uri);
    for (const path of ['', '/info', '/incomingRequests', '/availability', '/availableAgents']) {
      const foreign = await session(agent.uri + path);
      const missing = await session(none + path);
      expect([foreign.status, foreign.text]).toEqual([404, missing.text]);
    }
    const mine = `${other.uri}/chat/${chat.id}`;
    for (const path of ['', '/events', '/events/0', '/info', '/info/visitorName', '/transfer']) {
      const foreign = await other.get(mine + path);
      const missing = await other.get(`${other.uri}/chat/H1-0K1${path}`);
      expect([foreign.status, foreign.text]).toEqual([404, missing.text]);
      expect((await other.get(`${chat.uri}${path}`)).status).toBe(404);
    }
    const line = { event: { '@type': 'line', text: 'I should not be here' } };
    expect((await other.post(`${mine}/events`, line)).status).toBe(404);
    expect((await other.call('DELETE', agent.uri)).status).toBe(404);
    expect(await chat.feed(4)).toEqual([]);
  });

  it('[AUTH8] 404: a chat that only rings is not there until it is accepted', async () => {
    const agent = await fixture.agent();
    const visitor = await fixture.visitor();
    expect(await agent.ringing()).toBe('1');
    expect((await agent.get(`/chat/${visitor.id}`)).status).toBe(404);
  });

  it('[ERRDOC3] 404 with a document when nothing rings', async () => {
    const agent = await fixture.agent();
    expect(facts(await agent.post('/incomingRequests', {}))).toEqual([404, 1303, 'NOT_FOUND']);
  });

  it('[ERRDOC4] 409: an ended chat takes nothing more, of anyone', async () => {
    const { chat, visitor } = await fixture.chat();
    expect((await chat.end()).status).toBe(201);
    const before = await chat.events();
    for (const party of [chat, visitor]) {
      const line = await party.post('/events', { event: { '@type': 'line', text: 'hello?' } });
      expect(facts(line)).toEqual([409, 1501, 'CONFLICT']);
      expect(facts(await party.end())).toEqual([409, 1501, 'CONFLICT']);
    }
    expect(facts(await visitor.put('/info/visitorName', { visitorName: 'Bob' }))).toEqual([
      409,
      1501,
      'CONFLICT',
    ]);
    const typing = await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' });
    expect(facts(typing)).toEqual([409, 1501, 'CONFLICT']);
    expect(await chat.events()).toEqual(before);
  });
});

describe('cross-origin browsers', () => {
  const cors = (reply: Pick<Reply, 'headers'>) => ({
    origin: reply.headers['access-control-allow-origin'],
    credentials: reply.headers['access-control-allow-credentials'],
    exposed: reply.headers['access-control-expose-headers'],
  });
  const NONE = { origin: undefined, credentials: undefined, exposed: undefined };
  const shop = { origin: 'https://shop.example.com' };
  const desk = { origin: 'https://desk.example.com' };

  it('[CORS1] any origin may use visitor resources, without credentials', async () => {
    const reply = await send('GET', `${fixture.base}/chat/availability`, { ...KEY, ...shop });
    expect(cors(reply)).toEqual({
      origin: '*',
      credentials: undefined,
      exposed:
        'Location, Retry-After, ETag, Idempotency-Replayed, RateLimit, RateLimit-Policy, X-Request-Id, traceparent',
    });
  });

  it('[CORS1] errors too can be read, those from before the route included', async () => {
    const refused = await send('GET', `${fixture.base}/chat/availability`, shop);
    const huge = 'x'.repeat(65 * 1024);
    const tooLarge = await send('POST', `${fixture.base}/chat/request`, { ...KEY, ...shop }, huge);
    expect([refused.status, cors(refused).origin]).toEqual([401, '*']);
    expect([tooLarge.status, cors(tooLarge).origin]).toEqual([413, '*']);
  });

  it('[CORS2] no origin may use the agent API unless the account lists it', async () => {
    const agent = await fixture.agent();
    expect(cors(await agent.get('', desk))).toEqual(NONE);
    await fixture.server.configure({ agentOrigins: [desk.origin] });
    expect(cors(await agent.get('', desk))).toMatchObject({
      origin: desk.origin,
      credentials: 'true',
    });
    const stranger = await agent.get('', shop);
    expect(cors(stranger)).toEqual(NONE);
    expect(stranger.headers.vary).toBe('Origin');
    await fixture.server.configure({ agentOrigins: [] });
  });

  it('[CORS3] a list of the account’s own replaces “any” for visitors', async () => {
    await fixture.server.configure({ visitorOrigins: [shop.origin] });
    const url = `${fixture.base}/chat/availability`;
    expect(cors(await send('GET', url, { ...KEY, ...shop }))).toMatchObject({
      origin: shop.origin,
      credentials: 'true',
    });
    expect(cors(await send('GET', url, { ...KEY, ...desk }))).toEqual(NONE);
    await fixture.server.configure({ visitorOrigins: ['*'] });
  });

  it('[CORS4] a preflight is answered without a credential, for allowed origins only', async () => {
    const asks = { 'access-control-request-method': 'PUT', ...shop };
    const visitor = await send('OPTIONS', `${fixture.base}/chat/H1-0K1/info/visitorName`, asks);
    expect([visitor.status, visitor.text]).toEqual([204, '']);
    expect(cors(visitor).origin).toBe('*');
    expect(visitor.headers['access-control-allow-methods']).toBe('GET, PUT, HEAD, OPTIONS');
    for (const header of ['Authorization', 'Content-Type', 'X-HTTP-Method-Override']) {
      expect(visitor.headers['access-control-allow-headers']).toContain(header);
    }
    const agent = await send('OPTIONS', `${fixture.base}/agentSession`, asks);
    expect([agent.status, cors(agent).origin]).toEqual([204, undefined]);
  });

  it('[CORS5] without an Origin no such header is sent', async () => {
    const reply = await send('GET', `${fixture.base}/chat/availability`, KEY);
    expect([cors(reply), reply.headers.vary]).toEqual([NONE, undefined]);
  });
});
