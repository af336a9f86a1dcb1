/** One form of a path for routing, authentication and limits, however it is written. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredOperation } from '@parley/protocol';
import { Fixture } from './chat-fixture.js';
import { at, DEMO_VISITOR_KEY, linkAt } from './harness.js';
import { audienceOf } from './isolation/audience.js';
import { exchange, type RawAnswer } from './security-sockets.js';

let fixture: Fixture;
let port: number;
let bearers: Readonly<Record<'agent' | 'admin', string>>;
beforeAll(async () => {
  fixture = await Fixture.start();
  port = fixture.server.running.httpPort;
  const [agent, admin] = [await fixture.login('agent1'), await fixture.login('admin1')];
  bearers = { agent: agent.bearer, admin: admin.bearer };
});
afterAll(() => fixture.stop());

const ACCOUNT = '/api/account/12345678';
const KEY = `Authorization: LivePerson appKey=${DEMO_VISITOR_KEY}`;

const ask = (method: string, target: string, ...lines: string[]) =>
  exchange(port, [
    `${method} ${target} HTTP/1.1`,
    'Host: a',
    'Content-Length: 0',
    'Connection: close',
    ...lines,
  ]);

/** The answer without what differs each time: of what was made, only that it was. */
const comparable = (method: string, { status, text }: RawAnswer) =>
  method !== 'GET' && status < 400
    ? status
    : text
        .replace(/^(?:Date|X-Request-Id|traceparent|RateLimit): .*\r\n/gim, '')
        .replace(/"requestId":"[^"]*"/, '');

/** A target with one character of each segment percent-encoded, in the ways that others write it. */
function variantsOf(target: string): string[] {
  const encoded = target.replace(/\/(\w)/g, (_, first: string) => {
    return `/%${first.charCodeAt(0).toString(16)}`;
  });
  const everything = target.replace(/[\w.~-]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return [encoded.replaceAll('/', '//'), `http://a${everything}`];
}

function credentialsFor(registered: RegisteredOperation): string[] {
  switch (audienceOf(registered)) {
    case 'visitor':
      return [KEY];
    case 'agent':
    case 'user':
      return [`Authorization: Bearer ${bearers.agent}`];
    case 'configuration':
      return [`Authorization: Bearer ${bearers.admin}`];
    default:
      return [];
  }
}

describe('a path that is encoded where it need not be', () => {
  it('[SEC32] leads every operation to the same answer, with and without credentials', async () => {
    const { operations } = fixture.server.running.server;
    const differing: string[] = [];
    let right = 0;
    for (const registered of operations) {
      const { method, url } = registered;
      const path = url.replace(':account', '12345678').replace(/:\w+/g, '999999999');
      const target = url.startsWith('/api/') ? `${path}.json` : path;
      // What changes something is asked without credentials only.
      const credentials = method === 'GET' ? credentialsFor(registered) : [];
      const plain = await ask(method, target, ...credentials);
      if (plain.status < 400) right += 1;
      expect(plain.status).not.toBe(405);
      for (const variant of variantsOf(target)) {
        const other = await ask(method, variant, ...credentials);
        if (comparable(method, other) !== comparable(method, plain)) {
          differing.push(`${method} ${variant}`);
        }
      }
    }
    expect(differing).toEqual([]);
    expect(right).toBeGreaterThan(10);
  }, 60_000);

  it('[SEC32] is health all the same', async () => {
    const health = await ask('GET', '//%68ealthz');
    expect([health.status, health.body]).toEqual([200, '{"status":"alive"}']);
  });

  it.each([
    ['/chat/%2e%2e/chat/availability', /may be \. or \.\./],
    ['/chat/.%2E/chat/availability', /may be \. or \.\./],
    ['/./chat/availability', /may be \. or \.\./],
    ['/chat%2favailability', /slash, a backslash/],
    ['/chat%5Cavailability', /slash, a backslash/],
    ['/chat\\availability', /slash, a backslash/],
    ['/chat/availability%00', /control character/],
    ['/chat/availability%0d%0aX:%20y', /control character/],
    ['/chat/availability%7f', /control character/],
    ['/chat/availability#x', /holds a #/],
    ['/chat/%zz', /check the % signs/],
    ['/chat/%2', /check the % signs/],
    ['/chat/%fc', /check the % signs/],
    ['/chat/%c0%af', /check the % signs/],
    ['/chat/\xfc', /must be percent-encoded/],
  ])('[SEC32, URL6] is refused when others may read it otherwise: %s', async (path, why) => {
    const answer = await ask('GET', ACCOUNT + path, KEY);
    expect(answer.status).toBe(400);
    expect(at(JSON.parse(answer.body), 'error.message')).toMatch(why);
  });

  it('[SEC32] is no second request, whatever is decoded of it', async () => {
    const answer = await ask('GET', `${ACCOUNT}/chat/%252e%252e/events`, KEY);
    expect(answer.status).toBe(404);
  });
});

describe('the query', () => {
  const named = async (query: string) => {
    const answer = await ask('GET', `${ACCOUNT}/chat/availability${query}`, KEY);
    const message = answer.status === 200 ? '' : at(JSON.parse(answer.body), 'error.message');
    return [answer.status, message];
  };

  it('[URL8] goes on at a second question mark where a parameter begins', async () => {
    const visitor = await fixture.visitor();
    const path = new URL(visitor.uri).pathname;
    for (const query of ['?from=1&v=1', '?from=1?v=1', '??from=1??v=1&NC=true', '?v=1?from=1']) {
      const { status, body } = await ask('GET', `${path}/events${query}`, KEY);
      expect(status).toBe(200);
      expect(linkAt(JSON.parse(body), 'events.link', 'next')).toBe(`http://a${path}/events?from=2`);
    }
    const wrong = await named('?v=1?v=3');
    expect(wrong).toEqual([400, expect.stringContaining('v=3 is not supported')]);
  });

  it('[URL8] keeps a question mark that is part of a value', async () => {
    expect(await named('?skill=Why?&v=1')).toEqual([400, expect.stringContaining('"Why?"')]);
    expect(await named('?skill=%3Fv=1')).toEqual([400, expect.stringContaining('"?v=1"')]);
  });

  it('[URL9] is read as UTF-8, percent-encoded', async () => {
    for (const query of ['?skill=B%C3%BCro', '?skill=B%c3%bcro', '?skill=%42%C3%BCro']) {
      const [status, message] = await named(query);
      expect([status, Buffer.from(String(message), 'latin1').toString()]).toEqual([
        400,
        expect.stringContaining('"Büro"'),
      ]);
    }
  });

  it('[URL9] that is not is 400 naming the parameter, if it means anything', async () => {
    for (const query of ['?skill=B%FCro', '?skill=100%', '?skill=%E2%82', '?a=b&skill=%zz']) {
      expect(await named(query)).toEqual([
        400,
        'Query parameter skill is not properly encoded: send UTF-8, and % as %25.',
      ]);
    }
    expect(await named('?skill=B\xfcro')).toEqual([
      400,
      expect.stringContaining('must be percent-encoded'),
    ]);
    expect((await named('?__d=%FF&v=1'))[0]).toBe(200);
  });
});
