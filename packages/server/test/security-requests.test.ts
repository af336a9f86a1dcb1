/** Requests that are meant to be read in two ways, or to be read as something that they are not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { at, DEMO_VISITOR_KEY } from './harness.js';
import { exchange, exchangeText, type RawAnswer } from './security-sockets.js';

let fixture: Fixture;
let port: number;
beforeAll(async () => {
  fixture = await Fixture.start();
  port = fixture.server.running.httpPort;
});
afterAll(() => fixture.stop());

const ACCOUNT = '/api/account/12345678';
const KEY = `Authorization: LivePerson appKey=${DEMO_VISITOR_KEY}`;
const CLOSE = 'Connection: close';

/** A request for the account's links, with these lines besides. */
const ask = (...lines: string[]) =>
  exchange(port, [`GET ${ACCOUNT} HTTP/1.1`, ...lines, KEY, CLOSE]);

const linksOf = ({ body }: RawAnswer) =>
  (at(JSON.parse(body), 'account.link') as { '@href': string }[]).map((link) => link['@href']);

const code = ({ status, body }: RawAnswer) => [status, at(JSON.parse(body), 'error.internalCode')];

describe('the host', () => {
  it.each([
    'a"><script>alert(1)</script>',
    'good.example.com@evil.example.com',
    'evil.example.com/x?',
    'evil.example.com#',
    'evil.example.com:99999',
    'evil.example.com:x',
    '256.256.256.256',
    '1.2.3.4.5',
    '[:::::]',
    '[::1',
    '..',
    '-a',
    'a b',
    'a,b',
    `${'a'.repeat(300)}.example.com`,
    '',
  ])('[SEC30, LINK5] that is none is refused before anything happens: %j', async (host) => {
    const { bearer } = await fixture.login('agent1');
    const before = (await fixture.host()).state.seq;
    const refused = await exchange(port, [
      `POST ${ACCOUNT}/agentSession HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: Bearer ${bearer}`,
      'Content-Length: 0',
      CLOSE,
    ]);
    expect(code(refused)).toEqual([400, 1002]);
    expect((await fixture.host()).state.seq).toBe(before);
    expect((await ask(`Host: ${host}`)).status).toBe(400);
  });

  it.each(['shop.example.com', 'my_service:8080', '10.1.2.3:65535', '[::1]:8443', 'LOCALHOST'])(
    '[SEC30] stands in links as it was asked for: %s',
    async (host) => {
      const links = linksOf(await ask(`Host: ${host}`));
      expect(links.every((href) => href.startsWith(`http://${host}${ACCOUNT}`))).toBe(true);
    },
  );

  it('[SEC31] must be there, once', async () => {
    expect(code(await ask())).toEqual([400, 1002]);
    expect(code(await ask('Host: a.example.com', 'Host: b.example.com'))).toEqual([400, 1002]);
    expect(code(await ask('Host: a.example.com', 'hOST: a.example.com'))).toEqual([400, 1002]);
  });

  it('[SEC31] is asked of HTTP/1.0 too where links depend on it', async () => {
    const without = await exchange(port, [`GET ${ACCOUNT} HTTP/1.0`, KEY]);
    expect(code(without)).toEqual([400, 1002]);
    const alive = await exchange(port, ['GET /healthz HTTP/1.0']);
    expect(alive.status).toBe(200);
    const links = linksOf(await exchange(port, [`GET ${ACCOUNT} HTTP/1.0`, 'Host: old', KEY]));
    expect(links[0]).toBe(`http://old${ACCOUNT}`);
  });

  it('[SEC31] in the request line counts more than the header', async () => {
    const target = `http://a.example.com:81${ACCOUNT}.json?v=1`;
    const lines = [`GET ${target} HTTP/1.1`, 'Host: b.example.com', KEY, CLOSE];
    expect(linksOf(await exchange(port, lines))[0]).toBe(`http://a.example.com:81${ACCOUNT}`);
    const none = [`GET http://${ACCOUNT} HTTP/1.1`, 'Host: b.example.com', KEY, CLOSE];
    expect((await exchange(port, none)).status).toBe(400);
  });

  it('[SEC30, LINK4] is not taken from headers that anybody may set', async () => {
    const forged = [
      'X-Forwarded-Host: evil.example.com',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Port: 1',
      'X-Original-Host: evil.example.com',
      'X-Host: evil.example.com',
      'Forwarded: host=evil.example.com;proto=https',
      'X-Original-URL: /api/account/other',
      'X-Rewrite-URL: /api/account/other',
    ];
    const answer = await ask('Host: honest', ...forged);
    expect(linksOf(answer)[0]).toBe(`http://honest${ACCOUNT}`);
    expect(answer.text).not.toContain('evil');
  });
});

describe('the path', () => {
  it.each([
    `${ACCOUNT}/chat/availability/`,
    `${ACCOUNT}/chat/../chat/availability`,
    `${ACCOUNT}/chat/./availability`,
    `${ACCOUNT}/chat/%2e%2e/chat/availability`,
    `${ACCOUNT}/chat%2favailability`,
    `${ACCOUNT}/chat%252favailability`,
    `${ACCOUNT}/chat\\availability`,
    `${ACCOUNT}/chat/availability;x=1`,
    `${ACCOUNT}/chat/availability%00`,
    `${ACCOUNT}/chat/availability%20`,
    `${ACCOUNT}/chat/availability.html`,
    `${ACCOUNT}/Chat/Availability`,
    `${ACCOUNT.toUpperCase()}/chat/availability`,
    '/healthz/../api/account/12345678/chat/availability',
  ])('[SEC32] leads nowhere when it is not one that there is: %s', async (path) => {
    const answer = await exchange(port, [`GET ${path} HTTP/1.1`, 'Host: a', KEY, CLOSE]);
    expect([400, 404]).toContain(answer.status);
    expect(answer.body).toMatch(/^\{"error":/);
  });

  it('[SEC32] that starts with nothing is nothing', async () => {
    for (const target of ['*', '..', 'api', '?', '//', '///', '/%', '/%zz', '/%00']) {
      const answer = await exchange(port, [`GET ${target} HTTP/1.1`, 'Host: a', CLOSE]);
      expect([400, 404]).toContain(answer.status);
      expect(answer.text).toMatch(/x-content-type-options: nosniff/i);
    }
  });
});

describe('the length of a body', () => {
  it.each([
    ['in two ways', ['Content-Length: 4', 'Transfer-Encoding: chunked']],
    ['twice', ['Content-Length: 0', 'Content-Length: 44']],
    ['as a list', ['Content-Length: 0, 44']],
    ['in hex', ['Content-Length: 0x2c']],
    ['with a sign', ['Content-Length: +44']],
    ['as chunked twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity']],
    ['as chunked behind another', ['Transfer-Encoding: chunked, identity']],
  ])('[SEC33] is refused when it is given %s, and nothing behind it is read', async (_, given) => {
    const hidden = `GET ${ACCOUNT}/smuggled HTTP/1.1\r\nHost: a\r\n\r\n`;
    const lines = [`POST ${ACCOUNT}/chat/request HTTP/1.1`, 'Host: a', KEY, ...given];
    const answer = await exchange(port, lines, `0\r\n\r\n${hidden}`);
    expect(answer.status).toBe(400);
    expect(answer.text.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    expect(answer.text).not.toContain('smuggled');
  });

  it.each([
    ['a space before a colon', `GET ${ACCOUNT} HTTP/1.1\r\nHost : a\r\n\r\n`],
    ['a folded line', `GET ${ACCOUNT} HTTP/1.1\r\nHost: a\r\n b\r\n\r\n`],
    ['a bare line feed', `GET ${ACCOUNT} HTTP/1.1\nHost: a\n\n`],
    ['a NUL', `GET ${ACCOUNT} HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n`],
    ['no version', `GET ${ACCOUNT} FTP/1.1\r\nHost: a\r\n\r\n`],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS on the plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('[SEC33, START3] %s is no request', async (_, text) => {
    const answer = await exchangeText(port, text);
    expect(code(answer)).toEqual([400, 1001]);
    expect(answer.text).toMatch(/x-content-type-options: nosniff/i);
    expect(answer.text).toMatch(/connection: close/i);
  });
});

describe('the method', () => {
  it.each(['TRACE', 'PROPFIND', 'QUERY', 'SEARCH', 'LOCK', 'MKCOL', 'PURGE'])(
    '[SEC34] %s is 405 everywhere',
    async (method) => {
      for (const path of [ACCOUNT, '/nowhere', '/healthz']) {
        const answer = await exchange(port, [`${method} ${path} HTTP/1.1`, 'Host: a', KEY, CLOSE]);
        expect(code(answer)).toEqual([405, 1401]);
        expect(answer.text).toMatch(/\r\nallow: GET, HEAD, POST, PUT, DELETE, OPTIONS\r\n/i);
      }
    },
  );

  it('[SEC34] CONNECT gets no tunnel, and an upgrade no other protocol', async () => {
    const tunnel = await exchange(port, ['CONNECT 127.0.0.1:22 HTTP/1.1', 'Host: 127.0.0.1:22']);
    expect(tunnel.text).toBe('');
    for (const protocol of ['websocket', 'h2c', 'TLS/1.2']) {
      const lines = [`GET ${ACCOUNT} HTTP/1.1`, 'Host: a', KEY, `Upgrade: ${protocol}`];
      const answer = await exchange(port, [...lines, 'Connection: Upgrade, close']);
      expect(answer.status).toBe(200);
    }
  });

  it('[SEC34, METHOD2] the override does nothing but PUT and DELETE of a POST', async () => {
    const override = (method: string, path: string, to: string) =>
      exchange(port, [
        `${method} ${ACCOUNT}${path} HTTP/1.1`,
        'Host: a',
        KEY,
        `X-HTTP-Method-Override: ${to}`,
        'Content-Length: 0',
        CLOSE,
      ]);
    for (const to of ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'PATCH', 'PUT, GET', ' ']) {
      expect((await override('POST', '', to)).status).toBe(405);
    }
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH']) {
      const answer = await override(method, '/chat/availability', 'DELETE');
      expect(answer.text).not.toContain('DELETE is not');
    }
  });

  it('[SEC34] an expectation that HTTP does not know changes nothing', async () => {
    const answer = await ask('Host: a', 'Expect: miracles');
    expect(answer.status).toBe(200);
  });
});

describe('one connection', () => {
  it('[SEC35] that sends many requests at once gets their answers, in order', async () => {
    const visitor = await fixture.visitor();
    const path = new URL(visitor.uri).pathname;
    const one = (id: number, last: boolean) =>
      [`GET ${path}/events/${id} HTTP/1.1`, 'Host: a', KEY, ...(last ? [CLOSE] : []), '', ''].join(
        '\r\n',
      );
    const requests = Array.from({ length: 400 }, (_, index) => one(index % 3, index === 399));
    const { text } = await exchangeText(port, requests.join(''));
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1]);
    expect(statuses).toEqual(requests.map((_, index) => (index % 3 < 2 ? '200' : '404')));
  });

  const statusesOf = ({ text }: RawAnswer) =>
    [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1]);

  /** Takes a while: a password is checked. */
  const slow = () => {
    const body = JSON.stringify({ username: 'nobody', password: 'wrong-password' });
    const head = [
      `POST ${ACCOUNT}/login?v=1.3 HTTP/1.1`,
      'Host: a',
      `Content-Length: ${body.length}`,
    ];
    return `${head.join('\r\n')}\r\n\r\n${body}`;
  };

  it.each([
    ['no request', 'HELLO\r\n\r\n'],
    [
      'a request that breaks off in its body',
      `POST ${ACCOUNT}/chat/request HTTP/1.1\r\nHost: a\r\n${KEY}\r\nTransfer-Encoding: chunked\r\n\r\nzz`,
    ],
  ])('[SEC35] that ends in %s gets its answers first, then the refusal', async (_, end) => {
    const answer = await exchangeText(port, slow() + slow() + end);
    expect(statusesOf(answer)).toEqual(['401', '401', '400']);
    expect(answer.text.match(/\{"error":/g)).toHaveLength(3);
  });

  it('[SEC35] that says it is the last one gets no answer to what is behind it', async () => {
    const last = slow().replace('Host: a', `Host: a\r\n${CLOSE}`);
    const answer = await exchangeText(port, slow() + last + slow());
    expect(statusesOf(answer)).toEqual(['401', '401']);
  });
});
