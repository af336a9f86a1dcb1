/** Answers that nobody reads and bodies that nobody finishes take a bounded part of the memory. */
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { give } from './give.js';
import { DEMO_VISITOR_KEY } from './harness.js';
import { Silent } from './security-sockets.js';

const MIB = 1024 * 1024;
/** For what a busy machine takes its time for. */
const SLOWLY = { timeout: 10_000 };
const LIMITS = {
  heldPerAddress: 6 * MIB,
  heldInAll: 16 * MIB,
  unreadMs: 30_000,
  readRate: 2 * MIB,
  silenceMs: 60_000,
  requestMs: 60_000,
};
const KEY = `Authorization: LivePerson appKey=${DEMO_VISITOR_KEY}`;

let fixture: Fixture;
let path: string;
let port: number;
const open: Silent[] = [];
beforeAll(async () => {
  fixture = await Fixture.start({ connections: LIMITS });
  port = fixture.server.running.httpPort;
  path = await fullChat(fixture);
});
afterEach(async () => {
  for (const connection of open.splice(0)) connection.end();
  await expect.poll(() => fixture.server.running.server.held.bytes, SLOWLY).toBe(0);
});
afterAll(() => fixture.stop());

/** The events of a chat that are 2.4 MB as XML: their path. */
async function fullChat(of: Fixture): Promise<string> {
  const { visitor } = await of.chat();
  const host = await of.host();
  const line = {
    type: 'chat.addLine',
    chatId: visitor.id,
    from: { party: 'visitor' },
    text: '&'.repeat(8_000),
    textType: 'plain',
    subType: 'REGULAR',
  } as const;
  await Promise.all(Array.from({ length: 60 }, () => give<'chat.addLine'>(host, line)));
  return `${new URL(visitor.uri).pathname}/events.xml`;
}

/** More answers than any system takes in from us while nobody reads. */
const AHEAD = 6;
const READ = (target: string) => `GET ${target} HTTP/1.1\r\nHost: a\r\n${KEY}\r\n\r\n`;

async function silent(from: string): Promise<Silent> {
  const connection = await new Silent(port, from).open();
  open.push(connection);
  return connection;
}

/** Asks from an address, and reads the answer. */
function ask(from: string, target: string, method = 'GET', body?: string) {
  const headers = { authorization: KEY.slice('Authorization: '.length), host: 'a' };
  return new Promise<{ status: number; retry: string | undefined; text: string }>(
    (resolve, reject) => {
      const request = httpRequest({
        ...{ port, host: '127.0.0.1', localAddress: from, path: target, method, headers },
        agent: false,
      });
      request.on('error', reject);
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (data: string) => {
          text += data;
        });
        const { statusCode: status = 0, headers: answered } = response;
        response.on('end', () => resolve({ status, retry: answered['retry-after'], text }));
      });
      request.end(body);
    },
  );
}

const held = () => fixture.server.running.server.held;
const availability = '/api/account/12345678/chat/availability';

/** Asks from an address for more than any system takes in, and reads nothing. */
async function flood(from: string, connections: number): Promise<Silent[]> {
  const deaf = await Promise.all(Array.from({ length: connections }, () => silent(from)));
  for (const connection of deaf) connection.send(READ(path).repeat(AHEAD));
  return deaf;
}

describe('answers that are not read', () => {
  it('[SEC40] are refused to a network that has too many of them, and to no other', async () => {
    await flood('127.0.0.2', 8);
    await expect.poll(() => held().bytesOf('127.0.0.2'), SLOWLY).toBeGreaterThan(3 * MIB);
    expect(held().bytesOf('127.0.0.2')).toBeLessThanOrEqual(LIMITS.heldPerAddress);
    const refused = await ask('127.0.0.2', path);
    expect([refused.status, refused.retry]).toEqual([429, '2']);
    expect(refused.text).toContain('not read');
    expect(refused.text).toContain('127.0.0.2');
    // Small answers, and what changes something, are sent; so is everything to others.
    expect((await ask('127.0.0.2', availability)).status).toBe(200);
    const line = JSON.stringify({ event: { '@type': 'line', text: 'x' } });
    const events = path.replace('.xml', '');
    expect((await ask('127.0.0.2', events, 'POST', line)).status).toBe(201);
    const other = await ask('127.0.0.1', path);
    expect([other.status, other.text.length > 2 * MIB]).toEqual([200, true]);
  });

  it('[SEC40] of one connection are not multiplied by asking ahead', async () => {
    const [deaf] = await flood('127.0.0.3', 1);
    await expect.poll(() => held().bytesOf('127.0.0.3'), SLOWLY).toBeGreaterThan(2 * MIB);
    // One answer, and what waits.
    expect(held().bytesOf('127.0.0.3')).toBeLessThan(3.5 * MIB);
    deaf?.read();
    await expect.poll(() => deaf?.received.match(/HTTP\/1\.1 200/g)?.length, SLOWLY).toBe(AHEAD);
  });

  it('[SEC41] of many networks stay within what there is in all', async () => {
    for (let last = 10; last < 18; last += 1) await flood(`127.0.0.${last}`, 3);
    await expect.poll(() => held().bytes, SLOWLY).toBeGreaterThan(10 * MIB);
    for (let count = 0; count < 4; count += 1) {
      expect(held().bytes).toBeLessThanOrEqual(LIMITS.heldInAll);
      // A newcomer gets its answer in the place of somebody who has more.
      const answer = await ask(`127.0.0.${100 + count}`, path);
      expect([count, answer.status]).toEqual([count, 200]);
    }
  });

  it('[SEC18] are cut at the declared time, and so is who reads a trickle', async () => {
    const own = await Fixture.start({ connections: { ...LIMITS, unreadMs: 3_000 } });
    const asked = await fullChat(own);
    const { held: memory } = own.server.running.server;
    const at127 = (last: number) =>
      new Silent(own.server.running.httpPort, `127.0.0.${last}`).open();
    const [deaf, trickle, reader] = [await at127(4), await at127(5), await at127(6)];
    open.push(deaf, trickle, reader);
    for (const connection of [deaf, trickle]) connection.send(READ(asked).repeat(AHEAD));
    const sipping = setInterval(() => trickle.sip(100), 20);
    const begun = performance.now();
    await expect.poll(() => memory.bytes, SLOWLY).toBeGreaterThan(4 * MIB);
    // Three seconds, one more for 2.4 MB, and one to look again.
    await expect.poll(() => memory.bytes, { timeout: 10_000 }).toBe(0);
    clearInterval(sipping);
    expect(performance.now() - begun).toBeGreaterThan(3_000);
    await trickle.read().closed;
    expect(trickle.received.length).toBeLessThan(AHEAD * 2.4 * MIB);
    // Whoever reads is not cut, however long it all takes.
    reader.read();
    for (let answers = 1; answers <= AHEAD; answers += 1) {
      reader.send(READ(asked));
      await expect
        .poll(() => reader.received.match(/HTTP\/1\.1 200/g)?.length, { timeout: 10_000 })
        .toBe(answers);
    }
    await own.stop();
  }, 60_000);
});

describe('bodies that are not finished', () => {
  const begin = (length: number) =>
    `POST ${path} HTTP/1.1\r\nHost: a\r\n${KEY}\r\nContent-Length: ${length}\r\n\r\n`;
  const PART = 60_000;

  it('[SEC40] are refused to a network that has too many, and to no other', async () => {
    const slow = await Promise.all(Array.from({ length: 110 }, () => silent('127.0.0.7')));
    for (const connection of slow) connection.read().send(begin(65_000) + 'x'.repeat(PART));
    const refused = () => slow.filter(({ received }) => received.startsWith('HTTP/1.1 429'));
    await expect.poll(() => refused().length, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(held().bytesOf('127.0.0.7')).toBeLessThanOrEqual(LIMITS.heldPerAddress);
    expect(refused()[0]?.received).toContain('bodies that were not finished');
    await refused()[0]?.closed;
    const line = JSON.stringify({
      event: { '@type': 'line', text: 'x' },
      padding: ' '.repeat(PART),
    });
    const other = await ask('127.0.0.1', path.replace('.xml', ''), 'POST', line);
    expect(other.status).toBe(201);
    // Whoever goes on and finishes is served.
    const kept = slow.find(({ received }) => received === '');
    kept?.send('x'.repeat(5_000));
    await expect.poll(() => kept?.received).toMatch(/^HTTP\/1\.1 400 /);
    expect(kept?.received).toContain('<internalCode>1001</internalCode>');
  });
});
