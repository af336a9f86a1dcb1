/** A server looks at everything that it has stored, slowly and again and again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { change, lastOf, requireNotRepeat, withStore } from './damaged-data.js';
import { at, call, DEMO_ACCOUNT, FakeClock, startTestServer, type TestServer } from './harness.js';
import { type Expected, fixtures, unpack } from './released-data.js';

let dataDir: string;
let expected: Expected;
let server: TestServer | null = null;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-scrub-'));
  expected = await unpack(fixtures.at(-1) ?? '', dataDir);
});
afterEach(async () => {
  await server?.running.close();
  server = null;
  await rm(dataDir, { recursive: true, force: true });
});

describe('the slow look at all that is stored', () => {
  it('[DUR32] finds damage while the server runs, says so once, and leaves nothing depending on it', async () => {
    const clock = new FakeClock(expected.now);
    server = await startTestServer({ dataDir, clock });
    const running = server;
    const ready = () => call('GET', `${running.http}/readyz`);
    expect((await ready()).text).toBe('{"status":"ready"}');
    const seq = await lastOf(dataDir);
    // What only the journal has: a start would need it.
    change(
      dataDir,
      `update journal set data = '{}' where account_id = '${DEMO_ACCOUNT}' and seq = ${seq}`,
    );
    clock.advance(11 * 60_000);
    await expect
      .poll(
        async () => {
          clock.advance(100);
          return (await ready()).body;
        },
        { timeout: 10_000, interval: 2 },
      )
      .toEqual({
        status: 'ready',
        damaged: [
          {
            account: DEMO_ACCOUNT,
            because: `journal entry ${seq} is not as written: the checksum does not match`,
          },
        ],
      });
    expect(running.log.split('stored data is damaged').length).toBe(2);
    requireNotRepeat(running, (await ready()).text);
    // The snapshot taken for it holds what the entry said: another start needs it not.
    await expect
      .poll(async () => {
        let newest = 0;
        await withStore(dataDir, async ({ journal }) => {
          newest = (await journal.load(DEMO_ACCOUNT)).snapshots[0]?.seq ?? 0;
        });
        return newest;
      })
      .toBeGreaterThanOrEqual(seq);
    const again = await running.restart();
    server = again;
    expect(at((await call('GET', `${again.http}/readyz`)).body, 'unavailable')).toBeUndefined();
    const { uri, headers } = expected.clients.held;
    expect((await call('GET', `${again.http}${uri}/events`, { headers })).status).toBe(200);
  });

  it('[DUR32] can be switched off', async () => {
    const clock = new FakeClock(expected.now);
    server = await startTestServer({ dataDir, clock, scrubHours: 0 });
    const { store } = server.running.server;
    const check = vi.spyOn(store.journal, 'check');
    clock.advance(48 * 3_600_000);
    expect(check).not.toHaveBeenCalled();
  });
});
