/** Two processes on one database: who finds that another one writes an account leaves it alone. */
import { openSqliteStore, type Store } from '@parley/store';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Accounts } from '@parley/runtime/accounts/accounts';
import { defaultMemoryLimits, ProcessMemory } from '@parley/runtime/accounts/process-memory';
import { SteadyClock } from '@parley/runtime/clock/steady-clock';
import { Hub } from '@parley/runtime/hub';
import { Fixture } from './chat-fixture.js';
import { give } from './give.js';
import { call, DEMO_ACCOUNT, FakeClock, textAt } from './harness.js';

const STEPPED_DOWN = 'so this server has stepped down from it';

describe('an account that another process writes', () => {
  let fixture: Fixture;
  let otherStore: Store;
  let other: Accounts;
  let errors: string[];
  beforeEach(async () => {
    fixture = await Fixture.start();
    // A server has the directory to itself: this stands for one whose lock was lost, as on a broken
    // network disk, or who came back after others had taken over.
    otherStore = await openSqliteStore({ directory: fixture.server.dataDir });
    errors = [];
    other = new Accounts({
      store: otherStore,
      clock: new SteadyClock(fixture.clock),
      memory: new ProcessMemory(defaultMemoryLimits()),
      onError: (message) => errors.push(message),
      hub: new Hub(() => {}),
    });
  });
  afterEach(async () => {
    await other.close();
    await otherStore.close();
    await fixture.stop();
  });

  /** Nobody renewed it, as when its process stood still; or its owner is gone. */
  function leaseRunsOut(): void {
    const database = new Database(`${fixture.server.dataDir}/parley.db`);
    database.prepare('update lease set until = 1 where account_id = ?').run([DEMO_ACCOUNT]);
    database.close();
  }

  const turns = async () => {
    for (let turn = 0; turn < 50; turn += 1) await new Promise((done) => setImmediate(done));
  };

  /** The other process takes the account over, and writes. */
  async function writesElsewhere(sessionId: string): Promise<void> {
    if (other.loaded(DEMO_ACCOUNT) === undefined) leaseRunsOut();
    const account = await other.get(DEMO_ACCOUNT);
    if (account === null) throw new Error('there is no account');
    await give<'visit.see'>(account.host, { type: 'visit.see', sessionId, visitorId: 'v' });
  }

  const ask = () => fixture.visit('POST', '/chat/request', { body: { request: {} } });
  const lines = (text: string) => fixture.server.log.split(text).length - 1;
  const asked = async () => {
    const { entries } = await otherStore.journal.read(DEMO_ACCOUNT, { after: 0, limit: 500 });
    return entries.filter(({ type }) => type === 'chat.requested');
  };

  it('[STEP1] is left alone: 503 with a sentence, logged once, and not loaded as long as the other one has it', async () => {
    expect((await ask()).status).toBe(201);
    await writesElsewhere('s1');
    const before = await asked();
    expect(before).toHaveLength(1);
    const refused = await ask();
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '60']);
    for (let time = 0; time < 5; time += 1) {
      fixture.clock.advance(120_000);
      await turns();
      const again = await ask();
      expect(again.status).toBe(503);
      expect(again.text).toContain('Another server serves this account');
    }
    expect(lines(STEPPED_DOWN)).toBe(1);
    expect(lines('dropped from memory')).toBe(0);
    // Nothing of it was written, and the other one was never disturbed.
    expect(await asked()).toEqual(before);
    await writesElsewhere('s2');
    expect(errors).toEqual([]);
    const ready = await call('GET', `${fixture.server.http}/readyz`);
    expect(textAt(ready.body, 'unavailable.0.because')).toBe('another process serves it');
  });

  it('[STEP4] is refused to a second process while the first one has its lease', async () => {
    await expect(other.get(DEMO_ACCOUNT)).rejects.toThrow(/is served by another process/);
    expect(errors).toEqual([expect.stringContaining(STEPPED_DOWN)]);
    // Again and again, and still as another process reads.
    fixture.clock.advance(60_000);
    await turns();
    await expect(other.get(DEMO_ACCOUNT)).rejects.toThrow(/is served by another process/);
    expect(errors).toHaveLength(1);
    expect((await ask()).status).toBe(201);
    expect(other.unavailable()).toEqual([
      { account: DEMO_ACCOUNT, because: 'another process serves it' },
    ]);
  });

  it('[STEP5] is stepped down from by the next heartbeat, and served again when the other one has released it', async () => {
    leaseRunsOut();
    expect(await other.get(DEMO_ACCOUNT)).not.toBeNull();
    expect(lines(STEPPED_DOWN)).toBe(0);
    fixture.clock.advance(10_000);
    await vi.waitFor(() => expect(lines(STEPPED_DOWN)).toBe(1));
    expect((await ask()).status).toBe(503);
    await other.close();
    // As long as a lease may last it is not asked for.
    expect((await ask()).status).toBe(503);
    fixture.clock.advance(30_000);
    expect((await ask()).status).toBe(201);
    expect(lines(STEPPED_DOWN)).toBe(1);
  });

  it('[STEP5] is taken over, though nobody asks, when its owner is gone', async () => {
    const before = await otherStore.leases.of(DEMO_ACCOUNT);
    leaseRunsOut();
    // The first one is stopped: its clock is not this one's.
    const clock = new FakeClock(fixture.clock.now());
    const third = new Accounts({
      store: otherStore,
      clock: new SteadyClock(clock),
      memory: new ProcessMemory(defaultMemoryLimits()),
      onError: (message) => errors.push(message),
      hub: new Hub(() => {}),
    });
    clock.advance(10_000);
    await vi.waitFor(() => expect(third.loaded(DEMO_ACCOUNT)).toBeDefined());
    const now = await otherStore.leases.of(DEMO_ACCOUNT);
    expect(now?.epoch).toBeGreaterThan(before?.epoch ?? 0);
    expect((await ask()).status).toBe(503);
    await third.close();
    expect(await otherStore.leases.of(DEMO_ACCOUNT)).toBeNull();
  });

  it('[STEP1] one that writes without a lease, as an earlier version does, is left alone until the next start', async () => {
    expect((await ask()).status).toBe(201);
    const { entries } = await otherStore.journal.read(DEMO_ACCOUNT, { after: 0, limit: 500 });
    const last = entries.at(-1);
    if (last === undefined) throw new Error('there is no entry');
    await otherStore.journal.append(DEMO_ACCOUNT, [{ ...last, seq: last.seq + 1 }]);
    expect((await ask()).status).toBe(503);
    fixture.clock.advance(300_000);
    await turns();
    expect((await ask()).status).toBe(503);
    expect(lines('then restart this one')).toBe(1);
    await vi.waitFor(async () => expect(await otherStore.leases.of(DEMO_ACCOUNT)).toBeNull());
  });

  it('[STEP2] what was acknowledged by either is there after the next start, and nothing else', async () => {
    const visitor = await fixture.visitor();
    await visitor.line('of the first');
    await writesElsewhere('s1');
    // Both at once: those that are too late are refused, whole.
    const late = await Promise.all(
      ['one', 'two', 'three'].map((text) =>
        fixture.visit('POST', `${visitor.uri}/events`, {
          body: { event: { '@type': 'line', text } },
        }),
      ),
    );
    expect(late.map(({ status }) => status)).toEqual([503, 503, 503]);
    await writesElsewhere('s2');
    await other.close();
    await otherStore.close();
    const again = await fixture.server.restart();
    const restarted = new Fixture(again, fixture.clock);
    fixture = restarted;
    const events = await restarted.visit(
      'GET',
      `${again.base}${visitor.uri.split(DEMO_ACCOUNT)[1]}/events`,
    );
    expect(events.text).toContain('of the first');
    for (const text of ['one', 'two', 'three']) expect(events.text).not.toContain(`"${text}"`);
    const host = await restarted.host();
    expect([...host.state.visits.keys()]).toEqual(['s1', 's2']);
  });

  it('[STEP3] one whose journal ends earlier than it did is read again: nobody else writes it', async () => {
    const visitor = await fixture.visitor();
    const database = new Database(`${fixture.server.dataDir}/parley.db`);
    const row = database.prepare('select seq, chain from journal_end where account_id = ?');
    const end = row.get([DEMO_ACCOUNT]) as { seq: number; chain: string };
    await visitor.line('gone with the file');
    const host = await fixture.host();
    // As when the file is put back from a moment earlier.
    const from = [DEMO_ACCOUNT, end.seq];
    database.prepare('delete from journal where account_id = ? and seq > ?').run(from);
    const put = database.prepare('update journal_end set seq = ?, chain = ? where account_id = ?');
    put.run([end.seq, end.chain, DEMO_ACCOUNT]);
    database.close();
    const refused = await ask();
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    await vi.waitFor(async () => {
      fixture.clock.advance(1_000);
      expect((await ask()).status).toBe(201);
    });
    expect(await fixture.host()).not.toBe(host);
    expect((await visitor.events()).map(({ text }) => text)).not.toContain('gone with the file');
    expect(lines(STEPPED_DOWN)).toBe(0);
  });
});
