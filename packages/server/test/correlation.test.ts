/** What a request is known by: its id and its trace, in answers, errors and the log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTraceparent, writeTraceparent } from '../src/http/correlation.js';
import { at, DEMO_VISITOR_KEY, type Reply, startTestServer, type TestServer } from './harness.js';
import { exchangeText } from './security-sockets.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const get = (headers: Readonly<Record<string, string>> = {}, path = '/chat/availability') =>
  server.call('GET', path, { appKey: DEMO_VISITOR_KEY, headers });

const idOf = ({ headers }: Reply) => headers['x-request-id'];
const traceOf = ({ headers }: Reply) => readTraceparent(String(headers['traceparent']));

describe('X-Request-Id', () => {
  it('[OBS1] is a new random one for each request that brings none', async () => {
    const ids = [idOf(await get()), idOf(await get())];
    for (const id of ids) expect(id).toMatch(UUID);
    expect(new Set(ids).size).toBe(2);
  });

  it.each(['a', 'req-1.2_3~4:5/6+7=8@9', 'x'.repeat(128)])(
    '[OBS1] is the one that the request brings: %s',
    async (id) => {
      expect(idOf(await get({ 'x-request-id': id }))).toBe(id);
    },
  );

  it.each(['', 'two words', 'a,b', 'a;b', '-a', '"a"', '<b>', 'é', 'x'.repeat(129), '{"a":1}'])(
    '[OBS2] one that is no id is replaced by a new one: %j',
    async (id) => {
      const reply = await get({ 'x-request-id': id });
      expect([reply.status, idOf(reply)]).toEqual([200, expect.stringMatching(UUID)]);
    },
  );

  it('[OBS2] so are several', async () => {
    const answer = await exchangeText(
      server.running.httpPort,
      'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\nX-Request-Id: b\r\nConnection: close\r\n\r\n',
    );
    const id = /^X-Request-Id: (.*)\r$/m.exec(answer.text)?.[1];
    expect([answer.status, id]).toEqual([200, expect.stringMatching(UUID)]);
  });
});

describe('every answer has both headers', () => {
  const HEADERS = { 'x-request-id': 'one-of-mine', traceparent: TRACEPARENT };
  const known = (reply: Reply) => [reply.status, idOf(reply), traceOf(reply)?.traceId];

  it.each([
    ['an answer', 200, 'GET', '/chat/availability', {}],
    ['304', 304, 'GET', '/openapi.json', { 'if-none-match': '*' }],
    ['a preflight', 204, 'OPTIONS', '/chat/request', { origin: 'https://shop.example.com' }],
    ['health', 200, 'GET', '/healthz', {}],
    ['a wrong credential', 401, 'GET', '/agentSession/7', { authorization: 'Bearer wrong' }],
    ['an unknown path', 404, 'GET', '/nowhere', {}],
    ['a wrong method', 405, 'DELETE', '/chat/availability', {}],
    ['a wrong version', 400, 'GET', '/chat/availability?v=99', {}],
    ['what the router refuses', 404, 'GET', `/agentSession/${'7'.repeat(500)}`, {}],
    ['what is refused before routing', 400, 'GET', '/%zz', {}],
    ['a method that is none', 405, 'PROPFIND', '/chat/availability', {}],
  ] as const)('[OBS3] %s', async (_, status, method, path, headers) => {
    const isElsewhere = path === '/openapi.json' || path === '/healthz';
    const reply = await server.call(method, isElsewhere ? server.http + path : path, {
      ...('authorization' in headers ? {} : { appKey: DEMO_VISITOR_KEY }),
      headers: { ...HEADERS, ...headers },
    });
    expect(known(reply)).toEqual([status, 'one-of-mine', TRACE]);
  });

  it('[OBS3] what is no HTTP has new ones; a body that is none, those of its request', async () => {
    const { httpPort } = server.running;
    const unreadable = await exchangeText(httpPort, 'nonsense\r\n\r\n');
    expect(unreadable.text).toMatch(/^X-Request-Id: [0-9a-f-]{36}\r$/m);
    expect(unreadable.text).toMatch(/^traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-00\r$/m);
    const body = await exchangeText(
      httpPort,
      [
        `POST /api/account/12345678/chat/request HTTP/1.1`,
        ...['Host: x', 'X-Request-Id: one-of-mine', `traceparent: ${TRACEPARENT}`],
        ...['Transfer-Encoding: chunked', '', 'no-size\r\n'],
      ].join('\r\n'),
    );
    expect([body.status, body.text]).toEqual([
      400,
      expect.stringContaining('\r\nX-Request-Id: one-of-mine\r\n'),
    ]);
    expect(body.text).toContain(`\r\ntraceparent: 00-${TRACE}-`);
  });

  it('[OBS3] pages of other origins may send and read them', async () => {
    const origin = 'https://shop.example.com';
    const reply = await get({ ...HEADERS, origin });
    const exposed = String(reply.headers['access-control-expose-headers']).split(', ');
    expect(exposed).toEqual(expect.arrayContaining(['X-Request-Id', 'traceparent']));
    const preflight = await server.call('OPTIONS', '/chat/request', { headers: { origin } });
    const allowed = String(preflight.headers['access-control-allow-headers']).split(', ');
    expect(allowed).toEqual(expect.arrayContaining(['X-Request-Id', 'traceparent', 'tracestate']));
  });
});

describe('traceparent', () => {
  it('[OBS4] names the same trace and a span of its own', async () => {
    const places = [
      traceOf(await get({ traceparent: TRACEPARENT })),
      traceOf(await get({ traceparent: TRACEPARENT })),
    ];
    expect(places.map((place) => place?.traceId)).toEqual([TRACE, TRACE]);
    const spans = new Set([PARENT, ...places.map((place) => place?.spanId)]);
    expect(spans.size).toBe(3);
  });

  it.each([
    undefined,
    'nonsense',
    `00-${TRACE}-${PARENT}`,
    `00-${TRACE}-${PARENT}-01-more`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${PARENT}-01`,
  ])('[OBS5] what is none begins a new trace: %s', async (traceparent) => {
    const place = traceOf(await get(traceparent === undefined ? {} : { traceparent }));
    expect(place?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(place?.traceId.toLowerCase()).not.toBe(TRACE);
  });

  it('[OBS5] one of a later version is read as far as this one goes', () => {
    const place = { traceId: TRACE, spanId: PARENT, flags: '01' };
    expect(readTraceparent(`cc-${TRACE}-${PARENT}-01`)).toEqual(place);
    expect(readTraceparent(`cc-${TRACE}-${PARENT}-01-what-the-future-holds`)).toEqual(place);
    expect(writeTraceparent(place)).toBe(TRACEPARENT);
  });
});

describe('an error', () => {
  const HEADERS = { 'x-request-id': 'one-of-mine', traceparent: TRACEPARENT };

  it('[OBS6] names the id in problem details alone: the original’s documents have no place for it', async () => {
    const hal = await get({ ...HEADERS, accept: 'application/hal+json' }, '/nowhere');
    expect(at(hal.body, 'requestId')).toBe('one-of-mine');
    const early = await get({ ...HEADERS, accept: 'application/hal+json' }, '/%zz');
    expect(at(early.body, 'requestId')).toBe('one-of-mine');
    const json = await get(HEADERS, '/nowhere');
    expect(Object.keys(at(json.body, 'error') as object)).toEqual([
      'time',
      'message',
      'internalCode',
      'responseStatus',
    ]);
    expect((await get({ ...HEADERS, accept: 'application/xml' }, '/nowhere')).text).not.toContain(
      'one-of-mine',
    );
  });

  it('[OBS7] id and trace stand in the line of the log about a refusal', async () => {
    const body = { username: 'agent1', password: 'wrong' };
    await server.call('POST', '/login?v=1.3', { body, headers: HEADERS });
    const lines = server.log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines.find((line) => at(line, 'event') === 'login.failed')).toMatchObject({
      requestId: 'one-of-mine',
      traceId: TRACE,
    });
  });

  it('[OBS7] and about a failure', async () => {
    const { clock } = server.running.server;
    const { now } = clock;
    clock.now = () => {
      throw new Error('no time');
    };
    try {
      const reply = await get(HEADERS, '/nowhere').catch(() => null);
      expect(reply).toBeNull();
    } finally {
      clock.now = now;
    }
    const line = server.log.split('\n').find((each) => each.includes('no time')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ requestId: 'one-of-mine', traceId: TRACE });
  });
});
