/** Requests under way hold memory, and no network may hold all of it; what is only guessed holds none. */
import { gzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { StoreFailure } from '@parley/store';
import { Fixture } from './chat-fixture.js';
import { Faults } from './durability/faults.js';
import { at, DEMO_VISITOR_KEY, type Reply } from './harness.js';

it('[MEM11] requests that pile up at a slow disk are refused beyond what their network may hold', async () => {
  const fixture = await Fixture.start({
    trustedProxies: ['127.0.0.1'],
    connections: { heldPerAddress: 200_000, heldInAll: 230_000 },
  });
  const { underWay: held, store } = fixture.server.running.server;
  const faults = new Faults(store);
  let goOn = () => {};
  const stopped = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  faults.append = async () => {
    await stopped;
    return 'done' as const;
  };
  const body = { request: { preChatLines: ['x'.repeat(8_000)] } };
  const ask = (address: string): Promise<Reply> =>
    fixture.visit('POST', '/chat/request', { body, headers: { 'x-forwarded-for': address } });

  // Each holds 2,000 bytes and four times its body.
  const asked = Array.from({ length: 12 }, () => ask('192.0.2.1'));
  const first = await Promise.race(asked);
  expect([first.status, first.headers['retry-after']]).toEqual([429, '2']);
  expect(at(first.body, 'error.message')).toContain('are under way');
  await vi.waitFor(() => expect(held.bytesOf('192.0.2.1')).toBeGreaterThan(160_000));
  const other = ask('192.0.2.2');
  await vi.waitFor(() => expect(held.bytesOf('192.0.2.2')).toBeGreaterThan(30_000));
  const over = await ask('192.0.2.3');
  expect(over.status).toBe(503);
  // Who only asks is not refused: the answer waits until what it says is on the disk.
  const availability = fixture.visit('GET', '/chat/availability');

  // Whoever comes only when the disk goes on again finds room.
  let refused = 0;
  for (const each of asked) void each.then(({ status }) => (refused += status === 429 ? 1 : 0));
  await vi.waitFor(() => expect(refused).toBe(7), { timeout: 10_000 });
  goOn();
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(5);
  expect([(await other).status, (await availability).status]).toEqual([201, 200]);
  await vi.waitFor(() => expect(held.bytes).toBe(0));
  expect((await ask('192.0.2.1')).status).toBe(201);
  await fixture.stop();
});

it('[SEC40] bodies that wait to be decompressed count as held', async () => {
  const fixture = await Fixture.start({ connections: { heldPerAddress: 200_000 } });
  const { held } = fixture.server.running.server;
  const holding = held.hold('127.0.0.1', 199_990, null);
  const body = gzipSync('{"request":{}}');
  const headers = { 'content-encoding': 'gzip' };
  const ask = () => fixture.visit('POST', '/chat/request', { body, headers });
  expect((await fixture.visit('POST', '/chat/request', { body: { request: {} } })).status).toBe(
    201,
  );
  const refused = await ask();
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '2']);
  held.release(holding);
  expect((await ask()).status).toBe(201);
  expect(held.bytes).toBe(0);
  await fixture.stop();
});

it('[FAULT1] ids that are asked for while the store cannot answer are not remembered', async () => {
  const fixture = await Fixture.start();
  const { accounts, store } = fixture.server.running.server;
  const lookup = vi.spyOn(store.accounts, 'get').mockRejectedValue(new StoreFailure('no disk'));
  const ask = (id: string) =>
    fixture.server.call('GET', fixture.base.replace(/[^/]+$/, `${id}/chat/availability`), {
      appKey: DEMO_VISITOR_KEY,
    });
  for (let n = 0; n < 20; n += 1) expect((await ask(`guess${n}`)).status).toBe(503);
  expect(accounts.unavailable()).toEqual([]);
  // One that the store has named is missed.
  accounts.expect(['missed']);
  expect((await ask('missed')).status).toBe(503);
  expect(accounts.unavailable().map(({ account }) => account)).toEqual(['missed']);
  lookup.mockRestore();
  expect((await ask('missed')).status).toBe(404);
  expect(accounts.unavailable()).toEqual([]);
  await fixture.stop();
});

it('[LOG4] a failure that meets everybody does not fill the log', async () => {
  const fixture = await Fixture.start();
  const { store } = fixture.server.running.server;
  const lookup = vi.spyOn(store.accounts, 'get').mockRejectedValue(new StoreFailure('no disk'));
  const ask = (n: number) =>
    fixture.server.call('GET', fixture.base.replace(/[^/]+$/, `any${n}/chat/availability`), {
      appKey: DEMO_VISITOR_KEY,
    });
  for (let n = 0; n < 50; n += 1) expect((await ask(n)).status).toBe(503);
  expect(fixture.server.log.split('"msg":"').length).toBeLessThan(30);
  expect(fixture.server.log.split('no disk').length).toBeGreaterThan(20);
  // When the minute is over, though nothing fails any more.
  lookup.mockRestore();
  fixture.clock.advance(60_000);
  expect(fixture.server.log).toContain('"code":"accountMoving","count":30');
  await fixture.stop();
});

it('[LOG5] requests for which there is no room are logged once a minute, without a stack, and counted', async () => {
  const fixture = await Fixture.start({
    connections: { heldPerAddress: 200_000, heldInAll: 200_000 },
    trustedProxies: ['127.0.0.1'],
  });
  const { underWay: held } = fixture.server.running.server;
  const holding = held.hold('192.0.2.1', 199_000, null);
  const ask = async (n: number) => {
    const headers = { 'x-forwarded-for': `198.51.100.${n}` };
    const body = { request: { preChatLines: ['x'.repeat(2_000)] } };
    return (await fixture.visit('POST', '/chat/request', { body, headers })).status;
  };
  const flood = async () => {
    for (let n = 0; n < 40; n += 1) expect(await ask(n)).toBe(503);
  };
  const lines = () =>
    fixture.server.log
      .split('\n')
      .filter((line) => line.includes('"code":"busy"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  await flood();
  expect(lines()).toEqual([
    expect.objectContaining({ level: 40, event: 'requests.refused', code: 'busy' }),
  ]);
  expect(lines()[0]).not.toHaveProperty('err');
  expect(fixture.server.log).not.toContain('"level":50');
  fixture.clock.advance(60_000);
  await flood();
  expect(lines().map(({ event, count }) => [event, count])).toEqual([
    ['requests.refused', undefined],
    ['failures.left-out', 39],
    ['requests.refused', undefined],
  ]);
  held.release(holding);
  await fixture.stop();
});
