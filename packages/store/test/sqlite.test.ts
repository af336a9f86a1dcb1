import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrations } from '../src/migrations/all.js';
import { StoreFailure } from '../src/index.js';
import { openDatabase } from '../src/sqlite/open-database.js';
import { type SqlitePlace, sqlitePlace } from './sqlite-place.js';
import { entries, loadAll, login, seqs, takeSnapshot } from './store-under-test.js';

describe('the SQLite store', () => {
  let place: SqlitePlace;
  beforeEach(async () => {
    place = await sqlitePlace();
  });
  afterEach(() => place.destroy());

  /** Works on the file behind the store's back, as another program could. */
  function direct<T>(use: (database: Database.Database) => T): T {
    const database = new Database(join(place.directory, 'parley.db'), { timeout: 1_000 });
    try {
      return use(database);
    } finally {
      database.close();
    }
  }

  describe('files', () => {
    it.skipIf(process.platform === 'win32')(
      '[STORE29] only the owner may read the directory and what is in it',
      async () => {
        const store = await place.open({ exclusive: true });
        await store.journal.append('brand', entries(1));
        const mode = async (name: string) =>
          ((await stat(join(place.directory, name))).mode & 0o777).toString(8);
        expect(await mode('.')).toBe('700');
        for (const name of ['parley.db', 'parley.db-wal', 'parley.db-shm', 'server.json']) {
          expect(await mode(name), name).toBe('600');
        }
      },
    );

    it('[STORE30] keeps a write-ahead log, and empties it when the store closes', async () => {
      const store = await place.open();
      await store.journal.append('brand', entries(1));
      expect((await stat(join(place.directory, 'parley.db-wal'))).size).toBeGreaterThan(0);
      expect(direct((database) => database.pragma('journal_mode'))).toEqual([
        { journal_mode: 'wal' },
      ]);
      await store.close();
      const left = await stat(join(place.directory, 'parley.db-wal')).catch(() => ({ size: 0 }));
      expect(left.size).toBe(0);
    });

    it('[STORE30] waits for the disk at every commit, also after a backup was restored', async () => {
      await (await place.open()).close();
      // `vacuum into`, a usual way to back up, makes a copy without the log mode.
      direct((database) => database.exec('pragma journal_mode = delete'));
      const { connection } = openDatabase({
        directory: place.directory,
        exclusive: false,
        busyMs: 1_000,
      });
      expect(connection.first('pragma journal_mode')).toEqual({ journal_mode: 'wal' });
      expect(connection.first('pragma synchronous')).toEqual({ synchronous: 2 });
      connection.close();
    });

    it('[STORE3] what is called together, or while a commit is in flight, is one transaction', async () => {
      const store = await place.open();
      await store.journal.append('brand', entries(1));
      // Few enough that the log, by which commits are counted, is not emptied meanwhile.
      const before = await commits(place.directory);

      const first = Array.from({ length: 20 }, (_, index) =>
        store.journal.append(`account${index}`, entries(1)),
      );
      // Their batch is on its way once the current step has ended.
      await Promise.resolve();
      const second = Array.from({ length: 20 }, (_, index) =>
        store.journal.append(`account${index}`, entries(2)),
      );
      const others = [
        store.logins.put('brand', login('1')),
        store.accounts.create({ id: 'brand', createdAt: 1 }),
        store.journal.beginSnapshot('brand', { seq: 1, at: 1, version: 1 }),
      ];
      await Promise.all([...first, ...second, ...others]);
      expect((await commits(place.directory)) - before).toBe(2);
    });

    it('[STORE9] keeps the last two snapshots', async () => {
      const store = await place.open();
      for (const seq of [1, 2, 3, 4]) {
        await store.journal.append('brand', entries(seq));
        await takeSnapshot(
          store,
          'brand',
          seq,
          Array.from({ length: 40 }, () => 'piece'),
        );
      }
      const kept = direct((database) => [
        database.prepare('select seq from snapshot').all([]),
        database.prepare('select count(*) as pieces from snapshot_piece').all([]),
      ]);
      expect(kept).toEqual([[{ seq: 3 }, { seq: 4 }], [{ pieces: 80 }]]);
    });

    it('[STORE6] a journal whose old entries were removed goes on after its snapshot', async () => {
      const store = await place.open();
      await store.journal.append('brand', entries(1, 3));
      await takeSnapshot(store, 'brand', 3);
      direct((database) => database.exec('delete from journal'));
      await store.journal.load('brand');
      await store.journal.append('brand', entries(4));
      expect(await seqs(store, 'brand')).toEqual([4]);
    });
  });

  describe('schema', () => {
    it('[STORE31] schema.sql is what the migrations make', async () => {
      await (await place.open()).close();
      const rows = direct((database) =>
        database
          .prepare(
            'select sql from sqlite_master where sql is not null order by tbl_name, type desc, name',
          )
          .all([]),
      ) as { sql: string }[];
      const schema = rows.map((row) => `${row.sql.replaceAll('CREATE TABLE', 'create table')};\n`);
      await expect(schema.join('\n')).toMatchFileSnapshot('../schema.sql');
    });

    it('[STORE31] migrations are numbered from 1 without gaps', () => {
      expect(migrations.map((migration) => migration.version)).toEqual(
        migrations.map((_, index) => index + 1),
      );
    });

    it('[STORE31] every key starts with the account', async () => {
      await (await place.open()).close();
      const tables = direct((database) =>
        database
          .prepare(
            `select m.name as "table", i.name as "first"
             from sqlite_master m, pragma_table_info(m.name) i
             where m.type = 'table' and i.pk = 1 and m.name <> 'schema_migration'`,
          )
          .all([]),
      ) as { table: string; first: string }[];
      expect(tables.length).toBeGreaterThan(7);
      expect(tables.filter((table) => table.first !== 'account_id')).toEqual([]);
    });

    it('[STORE32] refuses a database that a newer version wrote, and leaves it as it is', async () => {
      await (await place.open()).close();
      direct((database) =>
        database.exec(`insert into schema_migration values (999, 'from the future', 1)`),
      );
      const opening = place.open();
      await expect(opening).rejects.toThrow(StoreFailure);
      await expect(opening).rejects.toThrow(/newer Parley: its schema version is 999, .* knows 15/);
      await expect(opening).rejects.toThrow(place.directory);
    });

    it('[STORE32] does not upgrade under a running server', async () => {
      await place.open({ exclusive: true });
      direct((database) => database.exec('delete from schema_migration; pragma user_version = 0'));
      const opening = place.open({ busyMs: 50 });
      await expect(opening).rejects.toThrow(/from schema version 0 to 15, but a server is running/);
      await expect(opening).rejects.toThrow(`process ${process.pid}`);
    });

    it('[STORE32] several processes may make the database at once', async () => {
      const stores = await Promise.all(Array.from({ length: 4 }, () => place.open()));
      await Promise.all(
        stores.map((store, index) => store.accounts.create({ id: `a${index}`, createdAt: 1 })),
      );
      expect(await stores[0]?.accounts.list()).toHaveLength(4);
    });

    it("[STORE33] refuses another program's database", async () => {
      await mkdir(place.directory);
      direct((database) => database.exec('create table theirs (x)'));
      await expect(place.open()).rejects.toThrow(
        /parley.db in .* is a database of another program/,
      );
    });

    it('[STORE33] refuses a file that is no database', async () => {
      await mkdir(place.directory);
      await writeFile(join(place.directory, 'parley.db'), 'not a database '.repeat(500));
      await expect(place.open()).rejects.toThrow(/parley.db in .* is not a SQLite database/);
    });

    it('[STORE33] refuses a directory that cannot be one', async () => {
      await writeFile(place.directory, '');
      const opening = place.open();
      await expect(opening).rejects.toThrow(StoreFailure);
      await expect(opening).rejects.toThrow(place.directory);
    });
  });

  describe('one server', () => {
    it('[STORE26] refuses a second server, also in the same process, and keeps the first', async () => {
      const first = await place.open({ exclusive: true });
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await expect(place.open({ exclusive: true })).rejects.toThrow(`process ${process.pid}`);
      }
      await first.journal.append('brand', entries(1));
      expect(first.healthy()).toBe(true);
    });

    it('[STORE26] other programs work beside a running server', async () => {
      const server = await place.open({ exclusive: true });
      const cli = await place.open();
      await cli.accounts.create({ id: 'brand', createdAt: 1 });
      expect(await server.accounts.list()).toEqual(['brand']);
    });

    it('[STORE27] takes the directory over when the server has closed', async () => {
      const first = await place.open({ exclusive: true });
      await first.close();
      const second = await place.open({ exclusive: true });
      await second.accounts.create({ id: 'brand', createdAt: 1 });
    });

    it('[STORE27] does not believe a note that was left behind', async () => {
      await (await place.open({ exclusive: true })).close();
      // As after a kill: the note is there, and its process id is taken by somebody else (us).
      const note = { pid: process.pid, host: 'here', since: '2020-01-01T00:00:00Z' };
      await writeFile(join(place.directory, 'server.json'), JSON.stringify(note));
      await place.open({ exclusive: true });
      const written = JSON.parse(await readFile(join(place.directory, 'server.json'), 'utf8'));
      expect(written.since).not.toBe(note.since);
    });
  });

  describe('a database that refuses', () => {
    it('[STORE28] fails the whole group and reports itself unhealthy until it works again', async () => {
      const store = await place.open({ busyMs: 20 });
      await store.journal.append('one', entries(1));
      const blocker = new Database(join(place.directory, 'parley.db'));
      blocker.exec('begin immediate');

      const group = [
        store.journal.append('one', entries(2)),
        store.journal.append('two', entries(1)),
        store.accounts.create({ id: 'brand', createdAt: 1 }),
      ];
      await Promise.resolve();
      const queued = store.journal.append('one', entries(3));
      const outcomes = await Promise.allSettled([...group, queued]);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ reason: expect.any(StoreFailure) });
      }
      expect(outcomes[0]).toMatchObject({
        reason: { message: expect.stringContaining(`in ${place.directory} locked`) },
      });
      expect(store.healthy()).toBe(false);
      // Reading goes on.
      expect(await store.accounts.list()).toEqual([]);

      blocker.exec('rollback');
      blocker.close();
      await vi.waitFor(() => expect(store.healthy()).toBe(true), { timeout: 3_000 });
      await expect(store.journal.append('one', entries(2))).rejects.toThrow(StoreFailure);
      expect((await loadAll(store, 'one')).entries).toEqual(entries(1));
      await store.journal.append('one', entries(2));
      expect(await seqs(store, 'two')).toEqual([]);
    });

    it('[STORE28] an account that was not part of it goes on without being loaded', async () => {
      const store = await place.open({ busyMs: 20 });
      await store.journal.append('two', entries(1));
      const blocker = new Database(join(place.directory, 'parley.db'));
      blocker.exec('begin immediate');
      await expect(store.journal.append('one', entries(1))).rejects.toThrow(StoreFailure);
      blocker.exec('rollback');
      blocker.close();
      await store.journal.append('two', entries(2));
      expect(store.healthy()).toBe(true);
    });
  });
});

/** Commits in the write-ahead log: frames whose header gives the database's size after the commit. */
async function commits(directory: string): Promise<number> {
  const log = await readFile(join(directory, 'parley.db-wal'));
  const frame = 24 + log.readUInt32BE(8);
  const salt = log.subarray(16, 24);
  let found = 0;
  for (let at = 32; at + 24 <= log.length; at += frame) {
    if (!log.subarray(at + 8, at + 16).equals(salt)) break;
    if (log.readUInt32BE(at + 4) > 0) found += 1;
  }
  return found;
}
