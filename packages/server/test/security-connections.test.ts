/** Connections, and the headers that come on them, take a bounded part of the memory. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { DEMO_VISITOR_KEY } from './harness.js';
import { Silent } from './security-sockets.js';

/** For what a busy machine takes its time for. */
const SLOWLY = { timeout: 10_000 };
const LIMITS = { perAddress: 30, inAll: 50, heldPerAddress: 100_000 };

let fixture: Fixture;
let port: number;
const open: Silent[] = [];
beforeAll(async () => {
  fixture = await Fixture.start({ connections: LIMITS });
  port = fixture.server.running.httpPort;
});
afterEach(async () => {
  for (const connection of open.splice(0)) connection.end();
  await expect.poll(() => fixture.server.running.server.held.bytes, SLOWLY).toBe(0);
});
afterAll(() => fixture.stop());

async function silent(from: string, count: number): Promise<readonly Silent[]> {
  const connections = Array.from({ length: count }, () => new Silent(port, from));
  open.push(...connections);
  for (const connection of connections) await connection.open();
  return connections;
}

/** Which of them are open. */
async function left(connections: readonly Silent[]): Promise<number> {
  const states = connections.map(({ closed }) =>
    Promise.race([closed.then(() => 0), new Promise<number>((is) => setImmediate(() => is(1)))]),
  );
  return (await Promise.all(states)).reduce((sum, state) => sum + state, 0);
}

const availability = () => fixture.visit('GET', '/chat/availability').then(({ status }) => status);

const BEGIN = `POST /api/account/12345678/chat/request HTTP/1.1\r\nHost: a\r\nAuthorization: LivePerson appKey=${DEMO_VISITOR_KEY}\r\n`;
/** Some 12,000 bytes, more in memory. */
const HEADERS = Array.from({ length: 120 }, (_, n) => `X-${n}: ${'x'.repeat(90)}\r\n`).join('');

it('[SEC40] large headers of requests that are not finished count as held', async () => {
  const { held } = fixture.server.running.server;
  const slow = await silent('127.0.0.2', 20);
  for (const connection of slow) {
    connection.read().send(`${BEGIN}${HEADERS}Content-Length: 2\r\n\r\n{`);
  }
  const refused = () => slow.filter(({ received }) => received.startsWith('HTTP/1.1 429'));
  await expect.poll(() => refused().length, SLOWLY).toBeGreaterThan(10);
  expect(held.bytesOf('127.0.0.2')).toBeGreaterThan(50_000);
  expect(held.bytesOf('127.0.0.2')).toBeLessThanOrEqual(LIMITS.heldPerAddress);
  await refused()[0]?.closed;
  expect(await availability()).toBe(200);
  // Whoever finishes is served, and nothing is held of it any more.
  for (const connection of slow) connection.send('}');
  await expect
    .poll(() => slow.filter(({ received }) => received.startsWith('HTTP/1.1 201')).length, SLOWLY)
    .toBe(slow.length - refused().length);
  await expect.poll(() => held.bytes, SLOWLY).toBe(0);
});

it('[SEC40] so do headers that are not finished', async () => {
  const { held } = fixture.server.running.server;
  const slow = await silent('127.0.0.3', 20);
  for (const connection of slow) connection.send(BEGIN + HEADERS);
  await expect.poll(() => held.bytesOf('127.0.0.3'), SLOWLY).toBeGreaterThan(50_000);
  expect(held.bytesOf('127.0.0.3')).toBeLessThanOrEqual(LIMITS.heldPerAddress);
  await expect.poll(() => left(slow), SLOWLY).toBeLessThan(10);
  // Who goes on is served, once there is room for all of it.
  const states = await Promise.all(slow.map((each) => left([each])));
  const [kept, ...others] = slow.filter((_, index) => states[index] === 1);
  for (const other of others) other.end();
  await expect.poll(() => held.bytesOf('127.0.0.3'), SLOWLY).toBeLessThan(30_000);
  kept?.read().send('Content-Length: 2\r\n\r\n{}');
  await expect.poll(() => kept?.received, SLOWLY).toMatch(/^HTTP\/1\.1 201/);
  await expect.poll(availability, SLOWLY).toBe(200);
});

it('[SEC17] where there are as many as may be, the network that has most makes room', async () => {
  const crowd = await silent('127.0.0.4', 30);
  const few = await silent('127.0.0.5', 20);
  const newcomers = await silent('127.0.0.6', 5);
  for (const connection of newcomers) {
    connection.read().send('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => connection.received, SLOWLY).toContain('HTTP/1.1 200');
  }
  await expect.poll(() => left(crowd), SLOWLY).toBeLessThanOrEqual(25);
  expect([await left(few), await left(newcomers)]).toEqual([20, 5]);
  // Who would have most gets no more.
  const [over] = await silent('127.0.0.4', 10);
  await over?.closed;
  expect(await left(few)).toBe(20);
});
