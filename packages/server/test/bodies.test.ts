/** Text is never damaged: what a body says arrives as it was meant, or it is refused. */
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AgentChat, send, type Visitor, Fixture } from './chat-fixture.js';
import { at, DEMO_VISITOR_KEY } from './harness.js';

let fixture: Fixture;
let visitor: Visitor;
let chat: AgentChat;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

type Headers = Readonly<Record<string, string>>;

/** Sends bytes as a line of a visitor; what an agent then reads, or why it was refused. */
async function say(body: Uint8Array | string, headers: Headers) {
  ({ chat, visitor } = await fixture.chat());
  const reply = await visitor.call('POST', '/events', { body, headers });
  const lines = await chat.feed(4);
  if (reply.status === 201) return lines;
  expect(lines).toEqual([]);
  return [reply.status, at(reply.body, 'error.message')];
}

const json = (text: string) => JSON.stringify({ event: { '@type': 'line', text } });
const xml = (text: string, encoding: string) =>
  `<?xml version="1.0" encoding="${encoding}"?><event type="line"><text>${text}</text></event>`;

/** Bytes of UTF-16, big end first. */
function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const MARK = '\ufeff';

describe('a body in another charset', () => {
  it.each<[string, Uint8Array, string]>([
    ['ISO-8859-1', latin1(json('Grüße')), 'application/json; charset=ISO-8859-1'],
    ['latin1, quoted', latin1(json('Grüße')), 'application/json;charset="latin1"'],
    ['windows-1252', latin1(json('Grüße')), 'application/json; odd=1; Charset=Windows-1252; x=y'],
    ['UTF-8 by another name', Buffer.from(json('Grüße')), 'application/json; charset=utf8'],
    ['UTF-8 that says it is ASCII', Buffer.from(json('Grüße')), 'text/plain; charset=us-ascii'],
    ['UTF-8 with a mark', Buffer.from(MARK + json('Grüße')), 'application/json'],
    ['a mark that knows better', Buffer.from(MARK + json('Grüße')), 'text/json; charset=latin1'],
    ['UTF-16', Buffer.from(json('Grüße'), 'utf16le'), 'application/json; charset=utf-16le'],
    ['UTF-16 without a word', Buffer.from(json('Grüße'), 'utf16le'), 'application/json'],
    ['UTF-16, big end first', utf16be(json('Grüße')), 'application/json'],
    ['UTF-16 with a mark', utf16be(MARK + json('Grüße')), 'application/json'],
    ['no charset after all', Buffer.from(json('Grüße')), 'application/json; charset='],
  ])('[BODY11] is decoded: JSON in %s', async (_, body, type) => {
    expect(await say(body, { 'content-type': type })).toEqual(['visitor:Grüße']);
  });

  it.each<[string, Uint8Array, string]>([
    ['declared', latin1(xml('Grüße', 'ISO-8859-1')), 'application/xml'],
    ['declared, without a type', latin1(xml('Grüße', 'iso-8859-1')), ''],
    ['in the type, whatever is declared', latin1(xml('Grüße', 'UTF-8')), 'text/xml;charset=latin1'],
    ['UTF-8, as declared', Buffer.from(xml('Grüße', 'utf-8')), 'text/xml'],
    ['UTF-8 that .NET calls UTF-16', Buffer.from(xml('Grüße', 'utf-16')), 'text/xml'],
    ['UTF-16', Buffer.from(MARK + xml('Grüße', 'utf-16'), 'utf16le'), 'application/xml'],
    [
      'Shift_JIS',
      Buffer.concat([
        latin1('<?xml version="1.0" encoding="Shift_JIS"?><event type="line"><text>'),
        Buffer.from([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]),
        latin1('</text></event>'),
      ]),
      'application/xml',
    ],
  ])('[BODY11] is decoded: XML, %s', async (_, body, type) => {
    const said = await say(body, { 'content-type': type });
    expect([['visitor:Grüße'], ['visitor:テスト']]).toContainEqual(said);
  });

  it('[BODY11] that nobody knows is 415, naming it', async () => {
    for (const [body, type] of [
      [json('hi'), 'application/json; charset=utf-7'],
      [json('hi'), 'application/json; charset=EBCDIC-37'],
      [xml('hi', 'x-klingon'), 'application/xml'],
    ] as const) {
      const refused = await say(body, { 'content-type': type });
      expect(refused).toEqual([
        415,
        expect.stringMatching(/^The charset "(utf-7|ebcdic-37|x-klingon)" is not known here/),
      ]);
    }
  });
});

describe('bytes that are not of the charset', () => {
  it.each<[string, Uint8Array, Headers, RegExp]>([
    ['Latin-1', latin1(json('Grüße')), {}, /not UTF-8: byte 36, 0xFC,/],
    ['a cut character', Buffer.from(json('€')).subarray(0, -4), {}, /not UTF-8: byte 35, 0x82,/],
    ['surrogates of CESU-8', latin1(json('\xed\xa0\xbd\xed\xb1\x8b')), {}, /not UTF-8: byte 35,/],
    ['an overlong slash', latin1(json('\xc0\xaf')), {}, /not UTF-8: byte 34, 0xC0,/],
    [
      'half a character of UTF-16',
      Buffer.from(json('hi'), 'utf16le').subarray(0, -1),
      {},
      /not UTF-16LE: byte \d+,/,
    ],
    [
      'XML that is not what it says',
      latin1(xml('Grüße', 'utf-8')),
      { 'content-type': 'application/xml' },
      /not UTF-8: byte 66, 0xFC,/,
    ],
  ])('[BODY12] are 400 with the place: %s', async (_, body, headers, why) => {
    expect(await say(body, headers)).toEqual([400, expect.stringMatching(why)]);
  });

  it('[BODY12, BODY8] are 415 under the type of something else', async () => {
    const image = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]);
    expect((await say(image, { 'content-type': 'image/png' }))[0]).toBe(415);
  });
});

describe('a compressed body', () => {
  const plain = Buffer.from(json('Grüße 👋'));

  it.each<[string, Uint8Array, string]>([
    ['gzip', gzipSync(plain), 'gzip'],
    ['x-gzip in capitals', gzipSync(plain), 'X-GZIP'],
    ['deflate', deflateSync(plain), 'deflate'],
    ['deflate without its header', deflateRawSync(plain), 'deflate'],
    ['br', brotliCompressSync(plain), 'br'],
    ['identity', plain, 'identity'],
    ['nothing', plain, ''],
  ])('[BODY13] is read: %s', async (_, body, coding) => {
    expect(await say(body, { 'content-encoding': coding })).toEqual(['visitor:Grüße 👋']);
  });

  it('[BODY13] has its charset inside', async () => {
    const headers = { 'content-encoding': 'gzip', 'content-type': 'text/json; charset=latin1' };
    expect(await say(gzipSync(latin1(json('Grüße'))), headers)).toEqual(['visitor:Grüße']);
  });

  it.each(['zstd', 'compress', 'gzip, gzip', 'gzip, br', 'aes128gcm'])(
    '[BODY13] in %s is 415 and says what can be read',
    async (coding) => {
      const options = { body: gzipSync(plain), headers: { 'content-encoding': coding } };
      const reply = await fixture.visit('POST', '/chat/request', options);
      expect([reply.status, reply.headers['accept-encoding']]).toEqual([415, 'gzip, deflate, br']);
      expect(at(reply.body, 'error.message')).toContain(`"${coding}" cannot be read`);
    },
  );

  it.each<[string, Uint8Array]>([
    ['is none', plain],
    ['is cut off', gzipSync(plain).subarray(0, -9)],
    ['is damaged', Buffer.from(gzipSync(plain).map((byte, index) => (index === 20 ? 0 : byte)))],
  ])('[BODY13] that %s is 400', async (_, body) => {
    const refused = await say(body, { 'content-encoding': 'gzip' });
    expect(refused).toEqual([400, expect.stringContaining('not what its Content-Encoding "gzip"')]);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    [
      'br',
      (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
    ],
  ])(
    '[BODY14] is 413 when it is too large decompressed, however small it is: %s',
    async (coding, compress) => {
      const small = Buffer.alloc(64 * 1024, ' ');
      plain.copy(small);
      const headers = { 'content-encoding': coding };
      expect(await say(compress(small), headers)).toEqual(['visitor:Grüße 👋']);
      const over = compress(Buffer.concat([small, Buffer.from(' ')]));
      expect((await say(over, headers))[0]).toBe(413);
      const bomb = compress(Buffer.alloc(20_000_000));
      expect(bomb.length).toBeLessThan(64 * 1024);
      const before = process.memoryUsage().rss;
      const refused = await Promise.all(
        Array.from({ length: 40 }, () =>
          fixture.visit('POST', '/chat/request', { body: bomb, headers }),
        ),
      );
      expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 413));
      expect(at(refused[0]?.body, 'error.message')).toContain(
        '65,536 bytes that are allowed when it is decompressed',
      );
      // 40 times 20 MB were asked for.
      expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    },
  );

  it('[BODY7] is 413 when it is too large as it comes, also without a length', async () => {
    const body = Buffer.alloc(64 * 1024 + 1, ' ');
    const sized = await fixture.visit('POST', '/chat/request', { body });
    const headers = { 'transfer-encoding': 'chunked' };
    const url = `${fixture.base}/chat/request`;
    const key = { authorization: `LivePerson appKey=${DEMO_VISITOR_KEY}` };
    const chunked = await send('POST', url, { ...key, ...headers }, 'x'.repeat(70_000));
    expect([sized.status, chunked.status]).toEqual([413, 413]);
  });
});
