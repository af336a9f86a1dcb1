/** Clients that read header names as they are written find them in their usual case. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, type Visitor, Fixture } from './chat-fixture.js';
import { DEMO_PASSWORD, DEMO_VISITOR_KEY } from './harness.js';
import { exchange, exchangeText } from './security-sockets.js';

let fixture: Fixture;
let port: number;
let agent: Agent;
let visitor: Visitor;
let admin: string;
const seen = new Map<string, number>();
beforeAll(async () => {
  fixture = await Fixture.start({
    settings: { agentOrigins: ['https://desk.example.com'] },
    visitors: { linesPerSecond: 1 },
  });
  port = fixture.server.running.httpPort;
  ({ agent, visitor } = await fixture.chat());
  admin = (await fixture.login('admin1')).bearer;
});
afterAll(() => fixture.stop());

/** All that answers may have: whoever adds one says how it is written. */
const NAMES: ReadonlySet<string> = new Set([
  ...['Accept-Encoding', 'Access-Control-Allow-Credentials', 'Access-Control-Allow-Headers'],
  ...['Access-Control-Allow-Methods', 'Access-Control-Allow-Origin'],
  ...['Access-Control-Expose-Headers', 'Access-Control-Max-Age', 'Allow', 'Cache-Control'],
  ...['Connection', 'Content-Encoding', 'Content-Length', 'Content-Security-Policy'],
  ...['Content-Type', 'Date', 'ETag', 'Keep-Alive', 'Location', 'RateLimit', 'RateLimit-Policy'],
  ...['Pragma', 'Referrer-Policy', 'Retry-After', 'Set-Cookie', 'Transfer-Encoding', 'Vary'],
  ...['WWW-Authenticate', 'X-Content-Type-Options', 'X-Frame-Options', 'ac-revision'],
  ...['X-Request-Id', 'traceparent'],
]);

/** The names of an answer's headers; each must be one of those above. */
function namesIn(text: string): string[] {
  const [head = ''] = text.split('\r\n\r\n', 1);
  const names = head
    .split('\r\n')
    .slice(1)
    .map((line) => line.slice(0, line.indexOf(':')));
  for (const name of names) seen.set(name, (seen.get(name) ?? 0) + 1);
  expect(names.filter((name) => !NAMES.has(name))).toEqual([]);
  return names;
}

async function ask(method: string, path: string, lines: readonly string[] = [], body?: string) {
  const length = body === undefined ? [] : [`Content-Length: ${body.length}`];
  const head = [`${method} ${path} HTTP/1.1`, 'Host: a', 'Connection: close', ...lines, ...length];
  return namesIn((await exchange(port, head, body)).text);
}

const BASE = '/api/account/12345678';
const KEY = `Authorization: LivePerson appKey=${DEMO_VISITOR_KEY}`;
const bearer = (token: string) => `Authorization: Bearer ${token}`;

describe('the names of headers', () => {
  it('[FORMAT6] are written in their usual case by every operation', async () => {
    const credentials = [KEY, bearer(agent.login.bearer), bearer(admin)];
    for (const { method, url } of fixture.server.running.server.operations) {
      const path = url.replace(':account', '12345678').replace(/:\w+/g, '999999999');
      await ask(method, path, [], method === 'GET' ? undefined : '{}');
      if (method !== 'GET') continue;
      for (const credential of credentials) {
        await ask(method, path, [credential, 'Origin: https://desk.example.com']);
      }
    }
    expect(seen.get('Content-Type')).toBeGreaterThan(100);
  }, 60_000);

  it('[FORMAT6] on what was made: Location, Set-Cookie, ETag', async () => {
    const login = JSON.stringify({ username: 'agent2', password: DEMO_PASSWORD });
    expect(await ask('POST', `${BASE}/login?v=1.3`, [], login)).toContain('Set-Cookie');
    const own = bearer((await fixture.login('agent2')).bearer);
    const opened = await ask('POST', `${BASE}/agentSession`, [own], '');
    expect(opened).toEqual(expect.arrayContaining(['Location', 'Set-Cookie', 'Content-Type']));
    const chat = await ask('POST', `${BASE}/chat/request`, [KEY], '');
    expect(chat).toEqual(expect.arrayContaining(['Location', 'Date', 'Connection']));
    const skills = await ask('GET', `${BASE}/configuration/le-users/skills`, [bearer(admin)]);
    expect(skills).toContain('ETag');
  });

  it('[FORMAT6] on what was refused: Allow, WWW-Authenticate, Retry-After, RateLimit', async () => {
    expect(await ask('DELETE', `${BASE}/chat/availability`, [KEY])).toContain('Allow');
    expect(await ask('TRACE', BASE)).toContain('Allow');
    const signed = await ask('GET', `${BASE}/agentSession`, ['Authorization: OAuth x=y']);
    expect([signed.includes('WWW-Authenticate') || signed.includes('Allow')]).toEqual([true]);
    const line = JSON.stringify({ event: { '@type': 'line', text: 'x' } });
    const path = `${new URL(visitor.uri).pathname}/events`;
    let names: string[] = [];
    for (let count = 0; count < 12; count += 1) names = await ask('POST', path, [KEY], line);
    expect(names).toEqual(expect.arrayContaining(['Retry-After', 'RateLimit', 'RateLimit-Policy']));
  });

  it('[FORMAT6] for browsers: Access-Control-…, Vary, Content-Security-Policy', async () => {
    const origin = 'Origin: https://desk.example.com';
    const preflight = await ask('OPTIONS', `${BASE}/agentSession`, [origin]);
    expect(preflight).toEqual(
      expect.arrayContaining(['Access-Control-Allow-Origin', 'Access-Control-Max-Age', 'Vary']),
    );
    expect(await ask('GET', '/docs')).toContain('Content-Security-Policy');
    expect(await ask('GET', '/docs/')).toContain('Location');
    expect(await ask('GET', '/docs', ['Accept-Encoding: gzip'])).toContain('Content-Encoding');
    expect(await ask('GET', '/healthz')).toContain('Content-Type');
  });

  it.each([
    ['no HTTP', 'HELLO\r\n\r\n'],
    ['headers too large', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['no such path', 'GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['a path that cannot be read', 'GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    [
      'a body too large',
      `POST ${BASE}/login HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\nConnection: close\r\n\r\n`,
    ],
  ])('[FORMAT6] on what fails before there is a resource: %s', async (_, text) => {
    const names = namesIn((await exchangeText(port, text)).text);
    expect(names).toEqual(
      expect.arrayContaining([
        'Content-Type',
        'X-Content-Type-Options',
        'Cache-Control',
        'Connection',
      ]),
    );
  });
});
