/** Where a request ends: whatever a proxy might see otherwise is refused, and the connection closed. */
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
const HIDDEN = `GET ${ACCOUNT}/smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;

const post = (version: string, lines: readonly string[], body: string) =>
  exchange(
    port,
    [`POST ${ACCOUNT}/chat/request HTTP/${version}`, 'Host: a', KEY, ...lines],
    body + HIDDEN,
  );

/** One answer, an error document, and the end of the connection. */
function refusal({ status, text, body }: RawAnswer) {
  expect(text.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  expect(text).not.toContain('smuggled');
  expect(text).toMatch(/\r\nconnection: close\r\n/i);
  expect(text).toMatch(/\r\nx-content-type-options: nosniff\r\n/i);
  return [status, at(JSON.parse(body), 'error.internalCode')];
}

const CHUNKS = '0\r\n\r\n';

describe('a body whose length is given so that others may read it otherwise', () => {
  it.each([
    ['Transfer-Encoding: gzip, chunked'],
    ['Transfer-Encoding: identity, chunked'],
    ['Transfer-Encoding: chunked, chunked'],
    ['Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: xchunked'],
    ['Transfer-Encoding: "chunked"'],
    ['Transfer-Encoding: chunked;q=1'],
  ])('[SEC33] is refused: %s %s', async (...lines) => {
    const [status, code] = refusal(await post('1.1', lines, CHUNKS));
    expect([
      [501, 1406],
      [400, 1001],
    ]).toContainEqual([status, code]);
  });

  it('[SEC33] of an unknown transfer coding is 501 and named', async () => {
    const answer = await post('1.1', ['Transfer-Encoding: gzip, chunked'], CHUNKS);
    expect(refusal(answer)).toEqual([501, 1406]);
    expect(at(JSON.parse(answer.body), 'error.message')).toContain('"gzip, chunked"');
  });

  it.each([
    ['Transfer-Encoding: chunked'],
    ['Transfer-Encoding: identity'],
    ['transfer-encoding:'],
  ])('[SEC33] of HTTP/1.0 has no %s', async (line) => {
    expect(refusal(await post('1.0', [line], CHUNKS))).toEqual([400, 1001]);
  });

  it.each([
    ['the same length twice', ['Content-Length: 5', 'Content-Length: 5']],
    ['a list of the same length', ['Content-Length: 5, 5']],
    ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 5']],
    ['an empty length', ['Content-Length:']],
    ['a length with a blank inside', ['Content-Length: 1 0']],
    ['a length beyond all bounds', ['Content-Length: 99999999999999999999999']],
    ['a negative length', ['Content-Length: -5']],
    ['a length with an underscore inside', ['Content-Length: 1_0']],
    ['a length on a folded line', ['Content-Length:', ' 5']],
    ['a coding on a folded line', ['Transfer-Encoding:', '\tchunked']],
    ['a blank before the colon', ['Transfer-Encoding : chunked']],
    ['a control character in the name', ['Transfer-Encoding\x01: chunked']],
    ['a line that begins with a blank', [' Transfer-Encoding: chunked']],
    ['a line without a colon', ['Transfer-Encoding chunked']],
    ['a name of nothing', [': chunked']],
    ['a bare line feed between lines', ['X: y\nTransfer-Encoding: chunked']],
    ['a bare carriage return between lines', ['X: y\rTransfer-Encoding: chunked']],
    ['a NUL in a value', ['X: y\0Transfer-Encoding: chunked']],
  ])('[SEC33] is refused: %s', async (_, lines) => {
    expect(refusal(await post('1.1', lines, CHUNKS))).toEqual([400, 1001]);
  });

  it.each([
    ['a size that is none', 'x\r\n\r\n'],
    ['a size with a sign', '+0\r\n\r\n'],
    ['a size in 0x', '0x0\r\n\r\n'],
    ['a size with blanks before it', ' 0\r\n\r\n'],
    ['a bare line feed behind a size', '0\n\n'],
    ['a chunk longer than its size', '1\r\nab\r\n0\r\n\r\n'],
    ['a bare line feed in an extension', '0;x\ny\r\n\r\n'],
    ['a size beyond all bounds', 'fffffffffffffffff\r\n\r\n'],
    ['a length behind them', '0\r\nContent-Length: 9\r\n\r\n'],
    ['no line end behind a chunk', '2\r\n{}0\r\n\r\n'],
  ])('[SEC33] is refused: chunks with %s', async (_, chunks) => {
    expect(refusal(await post('1.1', ['Transfer-Encoding: chunked'], chunks))).toEqual([400, 1001]);
  });

  it('[SEC33] trailers are not headers', async () => {
    const trailers = `0\r\nHost: b\r\nAuthorization: Bearer x\r\n\r\n`;
    const { text } = await post('1.1', ['Transfer-Encoding: chunked'], trailers);
    expect(text).toMatch(/^HTTP\/1\.1 201 /);
    expect(text).toContain('ocation: http://a/');
    expect(text.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 201', 'HTTP/1.1 404']);
  });
});

describe('the request line', () => {
  it.each([
    ['HTTP/0.9', `GET ${ACCOUNT} HTTP/0.9\r\nHost: a\r\n\r\n`, [400, 1001]],
    ['HTTP/2.0', `GET ${ACCOUNT} HTTP/2.0\r\nHost: a\r\n\r\n`, [400, 1001]],
    ['HTTP/1.2', `GET ${ACCOUNT} HTTP/1.2\r\nHost: a\r\n\r\n`, [400, 1001]],
    ['no version', `GET ${ACCOUNT}\r\n\r\n`, [400, 1001]],
    ['a tab', `GET\t${ACCOUNT} HTTP/1.1\r\nHost: a\r\n\r\n`, [400, 1001]],
    ['a blank in the target', `GET ${ACCOUNT} x HTTP/1.1\r\nHost: a\r\n\r\n`, [400, 1001]],
    ['a method in lower case', `get ${ACCOUNT} HTTP/1.1\r\nHost: a\r\n\r\n`, [400, 1001]],
    ['a NUL in the target', `GET ${ACCOUNT}\0 HTTP/1.1\r\nHost: a\r\n\r\n`, [400, 1001]],
  ])('[SEC33, START3] with %s is refused', async (_, text, expected) => {
    expect(refusal(await exchangeText(port, text + HIDDEN))).toEqual(expected);
  });

  it.each(['ftp://a/', 'a:80', '*', 'javascript:1', 'file:///etc/passwd', 'https:/a/'])(
    '[SEC31] leads nowhere with a target of another kind: %s',
    async (target) => {
      const lines = [`GET ${target} HTTP/1.1`, 'Host: a', KEY, 'Connection: close'];
      expect(refusal(await exchange(port, lines))).toEqual([400, expect.any(Number)]);
    },
  );
});

describe('headers', () => {
  const fields = (count: number) => Array.from({ length: count }, () => 'a:');

  it.each([1_990, 2_100])('[SEC39] %i of them do not hide a second Host', async (count) => {
    const lines = [`GET ${ACCOUNT} HTTP/1.1`, 'Host: a', ...fields(count), 'Host: b', KEY];
    const answer = await exchange(port, lines);
    expect(refusal(answer)).toEqual([431, 1405]);
    expect(at(JSON.parse(answer.body), 'error.message')).toContain('at most 200');
  });

  it('[SEC39] are refused when they are more than 200, and served up to that', async () => {
    const lines = (count: number) => [
      `GET ${ACCOUNT} HTTP/1.1`,
      'Host: a',
      KEY,
      'Connection: close',
      ...fields(count - 3),
    ];
    expect((await exchange(port, lines(200))).status).toBe(200);
    expect(refusal(await exchange(port, lines(201)))).toEqual([431, 1405]);
    const host = [...lines(199), 'Host: b'];
    expect(refusal(await exchange(port, host))).toEqual([400, 1002]);
  });

  it('[SEC39] are refused with 431 when they are larger than 16 KiB', async () => {
    for (const lines of [
      [`GET ${ACCOUNT} HTTP/1.1`, 'Host: a', `Cookie: ${'x'.repeat(17_000)}`],
      [`GET ${ACCOUNT}?${'x'.repeat(17_000)} HTTP/1.1`, 'Host: a'],
    ]) {
      const answer = await exchange(port, lines);
      expect(refusal(answer)).toEqual([431, 1405]);
      expect(answer.text).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
      expect(at(JSON.parse(answer.body), 'error.responseStatus')).toBe(
        'REQUEST_HEADER_FIELDS_TOO_LARGE',
      );
    }
  });
});
