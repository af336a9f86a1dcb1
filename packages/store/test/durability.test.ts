import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Child, startChild } from './child/child.js';
import { type SqlitePlace, sqlitePlace } from './sqlite-place.js';
import { entries, loadAll, seqs } from './store-under-test.js';

describe('a process that dies, a disk that refuses', () => {
  let place: SqlitePlace;
  let child: Child | null = null;
  beforeEach(async () => {
    place = await sqlitePlace();
  });
  afterEach(async () => {
    await child?.kill();
    await place.destroy();
  });

  it('[STORE1] after kill -9 every acknowledged entry is there, once, in order', async () => {
    const acknowledged: Record<string, number> = { one: 0, two: 0, three: 0 };
    for (const lines of [40, 95, 160]) {
      child = startChild('append-until-killed.mjs', [place.directory]);
      expect(await child.line()).toBe('open');
      for (let seen = 0; seen < lines; seen += 1) note(acknowledged, await child.line());
      await child.kill();
      for (const line of await child.rest()) note(acknowledged, line);

      const store = await place.open({ exclusive: true });
      for (const [accountId, last] of Object.entries(acknowledged)) {
        const stored = await seqs(store, accountId);
        expect(stored).toEqual(stored.map((_, index) => index + 1));
        expect(stored.length, accountId).toBeGreaterThanOrEqual(last);
        // Appends are of three entries: all or none.
        expect(stored.length % 3, accountId).toBe(0);
        expect((await store.journal.readChat(accountId, 'c')).entries.length).toBe(stored.length);
      }
      await store.close();
    }
    expect(Math.min(...Object.values(acknowledged))).toBeGreaterThan(0);
  });

  it('[STORE27] a killed server leaves nothing that must be cleaned up', async () => {
    for (let round = 0; round < 3; round += 1) {
      child = startChild('serve.mjs', [place.directory]);
      expect(await child.line()).toBe('open');
      await child.kill();
    }
    const store = await place.open({ exclusive: true });
    await store.journal.append('brand', entries(1));
    expect(store.healthy()).toBe(true);
  });

  it('[STORE26] a server refuses a directory that another process serves, and says which', async () => {
    child = startChild('serve.mjs', [place.directory]);
    expect(await child.line()).toBe('open');
    const second = place.open({ exclusive: true });
    await expect(second).rejects.toThrow(`process ${child.process.pid}`);
    await expect(second).rejects.toThrow(place.directory);
    await expect(second).rejects.toThrow(/Stop it first/);
  });

  it('[STORE26] refusing a second server in the same process does not open the door to others', async () => {
    await place.open({ exclusive: true });
    await expect(place.open({ exclusive: true })).rejects.toThrow(/Another Parley server/);
    child = startChild('serve.mjs', [place.directory]);
    await expect(child.line()).rejects.toThrow(`process ${process.pid}`);
  });

  it('[STORE34] an open store does not keep a program running, but its work does', async () => {
    child = startChild('append-and-leave.mjs', [place.directory]);
    expect(await child.rest()).toEqual(['acknowledged 50']);
    expect(await child.ended).toBe(0);
    const store = await place.open({ exclusive: true });
    expect(await seqs(store, 'brand')).toHaveLength(50);
  });

  it.runIf(process.platform === 'linux')(
    '[STORE28] a full disk refuses all of the group and what was queued behind it, and loses nothing',
    async () => {
      // A limit on the size of files (in blocks of 512 bytes) is a disk that fills up.
      const limits = `trap '' XFSZ; ulimit -f 2000`;
      child = startChild('fill-the-disk.mjs', [place.directory], limits);
      const report = JSON.parse(await child.line());
      expect(report.healthy).toBe(false);
      expect(report.errors.length).toBeGreaterThanOrEqual(3);
      for (const error of report.errors) {
        expect(error.name).toBe('StoreFailure');
        expect(error.message).toContain(place.directory);
        expect(error.message).toMatch(/disk/);
        // Once refused, the account stays so: nothing was acknowledged beyond.
        expect(error.seq).toBeGreaterThan(report.acknowledged[error.account]);
      }
      await child.rest();

      const store = await place.open();
      for (const [accountId, last] of Object.entries(report.acknowledged)) {
        const stored = (await loadAll(store, accountId)).entries;
        expect(stored.map((entry) => entry.seq)).toEqual(
          Array.from({ length: Number(last) }, (_, index) => index + 1),
        );
        await store.journal.append(accountId, entries(Number(last) + 1));
      }
    },
  );

  it('[LEASE6] a server that was killed leaves no lease that keeps the next one waiting', async () => {
    const killed = await place.open();
    const before = await killed.leases.take('brand', 'killed', 60_000);
    const beside = await place.open();
    expect(await beside.leases.of('brand')).toEqual(before);
    const server = await place.open({ exclusive: true });
    expect(await server.leases.of('brand')).toBeNull();
    expect(await server.leases.expired(9)).toEqual([]);
    const { epoch } = await server.leases.take('brand', 'next', 60_000);
    expect(epoch).toBeGreaterThan(before.epoch);
    const late = killed.journal.append('brand', entries(1), before);
    await expect(late).rejects.toMatchObject({ reason: 'leased' });
  });
});

function note(acknowledged: Record<string, number>, line: string): void {
  const [accountId = '', seq] = line.split(' ');
  // The last line of a killed process may be cut short: it then counts for less, never for more.
  acknowledged[accountId] = Math.max(acknowledged[accountId] ?? 0, Number(seq));
}
