/** Data of before there were checksums, brought up to date, also when that is interrupted. */
import { mkdirSync } from 'node:fs';
import Database from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CheckStep, Store } from '../src/index.js';
import { migrations, migrationTable } from '../src/migrations/all.js';
import { openDatabase } from '../src/sqlite/open-database.js';
import { type SqlitePlace, sqlitePlace } from './sqlite-place.js';
import { entries, loadAll } from './store-under-test.js';

let place: SqlitePlace;
beforeEach(async () => {
  place = await sqlitePlace();
  mkdirSync(place.directory, { mode: 0o700 });
});
afterEach(() => place.destroy());

/** A database as version 2 of the schema had it. */
function makeOld(fill: (database: Database.Database) => void): void {
  const database = new Database(`${place.directory}/parley.db`);
  database.exec(migrationTable);
  for (const migration of migrations.slice(0, 2)) {
    if ('sql' in migration) database.exec(migration.sql);
    const { version, name } = migration;
    database.prepare('insert into schema_migration values (?, ?, 1)').run([version, name]);
  }
  database.exec('begin');
  fill(database);
  database.exec('commit');
  database.close();
}

function addEntries(database: Database.Database, accountId: string, count: number): void {
  const insert = database.prepare('insert into journal values (?, ?, ?, ?, ?, ?, ?)');
  for (const { seq, at, type, version, chatId, data } of entries(1, count)) {
    insert.run([accountId, seq, at, type, version, chatId, data]);
  }
}

function addSnapshot(database: Database.Database, accountId: string, seq: number): void {
  const insert = database.prepare('insert into snapshot values (?, ?, ?, ?)');
  insert.run([accountId, seq, seq, `as of ${seq}`]);
}

async function check(store: Store, accountId: string): Promise<CheckStep[]> {
  const steps: CheckStep[] = [];
  for await (const step of store.journal.check(accountId)) steps.push(step);
  return steps;
}

it('[STORE50] every entry and snapshot gets its checksum, and is as it was', async () => {
  makeOld((database) => {
    database.prepare('insert into account values (?, 1)').run(['empty']);
    database.prepare('insert into account values (?, 1)').run(['brand']);
    addEntries(database, 'brand', 12_000);
    addSnapshot(database, 'brand', 7_000);
    addSnapshot(database, 'brand', 10_000);
    addEntries(database, 'other', 3);
  });
  const progress: [number, number][] = [];
  const store = await place.open({ onUpgrade: (done, of) => progress.push([done, of]) });
  // The checksums, then the copy of it all.
  const done = [5_000, 10_000, 12_000, 12_000, 12_003, 5_000, 10_000, 12_003];
  expect(progress.map(([each]) => each)).toEqual(done);
  expect(progress.every(([, of]) => of === 12_003)).toBe(true);

  const loaded = await loadAll(store, 'brand');
  expect(loaded.snapshot).toEqual({ seq: 10_000, at: 10_000, pieces: ['as of 10000'] });
  expect(loaded.entries).toEqual(entries(10_001, 2_000));
  const steps = await check(store, 'brand');
  expect(steps.filter(({ step }) => step === 'damage')).toEqual([]);
  expect(steps.filter(({ step }) => step === 'snapshot')).toHaveLength(2);
  expect((await loadAll(store, 'other')).entries).toEqual(entries(1, 3));
  expect((await loadAll(store, 'empty')).entries).toEqual([]);
  await store.journal.append('brand', entries(12_001));
  expect((await loadAll(store, 'brand')).entries).toHaveLength(2_001);
});

it('[STORE50] an interruption is gone on from, and leaves the data as of before or after', async () => {
  makeOld((database) => {
    addEntries(database, 'brand', 12_000);
    addSnapshot(database, 'brand', 6_000);
  });
  const start = { directory: place.directory, exclusive: true, busyMs: 1_000 };
  // Each time it comes a portion further.
  let interruptions = 0;
  for (let isOpen = false; !isOpen; ) {
    let calls = 0;
    try {
      const opened = openDatabase(start, () => {
        calls += 1;
        if (calls > 2) throw new Error('the power went');
      });
      opened.connection.close();
      opened.lock?.release();
      isOpen = true;
    } catch (error) {
      expect(String(error)).toContain('the power went');
      interruptions += 1;
      expect(interruptions).toBeLessThan(20);
    }
  }
  expect(interruptions).toBeGreaterThan(1);
  const store = await place.open();
  expect((await loadAll(store, 'brand')).snapshot?.seq).toBe(6_000);
  const steps = await check(store, 'brand');
  expect(steps.filter(({ step }) => step === 'damage')).toEqual([]);
  expect(steps.at(-1)).toMatchObject({ step: 'end', last: 12_000 });
});

it('[STORE50] a snapshot of a position that the journal does not have shows that its last entries are gone', async () => {
  makeOld((database) => {
    addEntries(database, 'brand', 3);
    addSnapshot(database, 'brand', 9);
  });
  const store = await place.open();
  const damage = await loadAll(store, 'brand').catch((error: unknown) => error);
  expect(damage).toMatchObject({ report: { kind: 'no end', seq: 9 } });
});
