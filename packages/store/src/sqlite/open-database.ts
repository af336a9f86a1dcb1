import type { PageRepair } from '../port/page-repair.js';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { migrations, migrationTable } from '../migrations/all.js';
import type { Migration, MigrationProgress } from '../migrations/migration.js';
import { listChanges } from '../sql/change-list.js';
import { listMigrations } from '../sql/migration-list.js';
import { releaseAllLeases } from '../sql/lease-release-all.js';
import { recordMigration } from '../sql/migration-record.js';
import { StoreFailure } from '../port/errors.js';
import { Connection, isDamage } from './connection.js';
import type { WorkerStart } from './thread-messages.js';
import { repairPages } from './pages/repair-pages.js';
import { createPrivate, describeHolder, ServerLock } from './server-lock.js';

/** How long a server waits for another that is just stopping, in ms. */
const SERVER_LOCK_MS = 1_000;

/**
 * `synchronous = full` makes every commit wait for the disk; `fullfsync` makes macOS mean it.
 * The log is emptied into the database at 4000 pages (16 MB) at the latest, within a commit: a thread that
 * serves does so before, between commits (checkpoints.ts).
 */
const settings = `
pragma synchronous = full;
pragma fullfsync = on;
pragma wal_autocheckpoint = 4000;
pragma journal_size_limit = 67108864;
pragma cache_size = -32000;
`;

export interface OpenedDatabase {
  readonly directory: string;
  readonly connection: Connection;
  /** Held by a server while it runs; null for everybody else. */
  readonly lock: ServerLock | null;
  /** How long a transaction waits for one of another process, in ms. */
  readonly busyMs: number;
  /** What was made good of its pages so that it could be opened; null for nothing. */
  readonly repair: PageRepair | null;
}

/**
 * Opens the database of a data directory, making and upgrading it as needed.
 * @param onProgress called with how far an upgrade is that takes long
 * @throws StoreFailure when another server holds the directory, or a newer Parley wrote it.
 */
export function openDatabase(
  start: WorkerStart,
  onProgress: MigrationProgress = () => {},
): OpenedDatabase {
  const directory = resolve(start.directory);
  makeFolder(directory);
  const lock = start.exclusive ? lockForServer(directory) : null;
  const { busyMs } = start;
  try {
    createPrivate(join(directory, 'parley.db'));
    syncDirectory(directory);
    const upgrade = { held: lock, waitMs: busyMs, onProgress };
    let repair: PageRepair | null = null;
    let connection: Connection;
    try {
      connection = connect(directory, upgrade);
    } catch (error) {
      // Only a server changes what is damaged; others show it.
      if (lock === null || !isDamage(error)) throw error;
      repair = repairPages(directory, busyMs);
      if (repair === null) throw error;
      connection = connect(directory, upgrade);
    }
    lock?.announce();
    return { directory, connection, lock, busyMs, repair };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** Opens the file and makes it ready for use. */
function connect(directory: string, upgrade: Upgrade): Connection {
  const connection = new Connection(join(directory, 'parley.db'), upgrade.waitMs);
  try {
    // What is removed is overwritten, also by migrations.
    connection.execute('pragma secure_delete = on');
    bringUpToDate(connection, directory, upgrade);
    connection.execute(settings);
    // No server runs here any more: what one left that was killed keeps nobody waiting.
    if (upgrade.held !== null) connection.run(releaseAllLeases, []);
    // What the thread begins with, so that damage of it is met here, where it can be made good.
    connection.all(listChanges);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Makes a folder and those above it, one by one: where none can ever be made, as in /proc, Node's own
 * way (`recursive`) tries for ever.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process made it just now.
    if (!existsSync(folder)) throw error;
  }
}

function lockForServer(directory: string): ServerLock {
  const lock = ServerLock.take(directory, SERVER_LOCK_MS);
  if (lock !== null) return lock;
  throw new StoreFailure(
    `Another Parley server uses the data directory ${directory}: ${describeHolder(directory)}. Stop it first, or start this server with another data directory.`,
  );
}

interface Upgrade {
  /** The server lock, if this process has it already. */
  readonly held: ServerLock | null;
  /** How long to wait for it otherwise, ms. */
  readonly waitMs: number;
  readonly onProgress: MigrationProgress;
}

/**
 * Applies the migrations that are missing. Only one process may do so, and none while a server
 * of the older version runs: so whoever has no server lock takes it for the time being.
 */
function bringUpToDate(
  connection: Connection,
  directory: string,
  { held, waitMs, onProgress }: Upgrade,
): void {
  const known = migrations.length;
  const found = schemaVersion(connection, directory);
  refuseLostSteps(connection, directory, found);
  // A database restored from a backup may have lost its log mode, which is part of the file.
  if (found === known && logMode(connection) === 'wal') return;
  const borrowed = held === null ? ServerLock.take(directory, waitMs) : null;
  try {
    if (held === null && borrowed === null) {
      throw new StoreFailure(
        `The database in ${directory} must be brought from schema version ${found} to ${known}, but a server is running on it: ${describeHolder(directory)}. Stop that server, then try again.`,
      );
    }
    useWriteAheadLog(connection, directory);
    migrate(connection, directory, onProgress);
    // It holds what was removed.
    connection.execute('pragma wal_checkpoint(truncate)');
  } finally {
    borrowed?.release();
  }
}

/** The version of the database's schema, 0 when it is empty. */
function schemaVersion(connection: Connection, directory: string): number {
  const tables = connection.all<{ name: string }>(
    `select name from sqlite_master where type = 'table'`,
  );
  if (tables.length === 0) return 0;
  if (!tables.some((table) => table.name === 'schema_migration')) {
    throw new StoreFailure(
      `The file parley.db in ${directory} is a database of another program. Choose another data directory.`,
    );
  }
  const applied = connection.all<{ version: number }>(listMigrations);
  const version = applied.at(-1)?.version ?? 0;
  if (version > migrations.length) {
    throw new StoreFailure(
      `The database in ${directory} was written by a newer Parley: its schema version is ${version}, this Parley knows ${migrations.length}. Upgrade Parley, or choose another data directory.`,
    );
  }
  if (applied.some((each, index) => each.version !== index + 1)) {
    throw new StoreFailure(
      `The database in ${directory} is damaged: its record of the schema's steps (table schema_migration) is not 1, 2, 3 … Restore a backup.`,
    );
  }
  return version;
}

/**
 * The steps are recorded in the file's header too: one that is done again would give new checksums to
 * what was damaged meanwhile.
 */
function refuseLostSteps(connection: Connection, directory: string, found: number): void {
  const stamp =
    connection.first<{ user_version: number }>('pragma user_version')?.user_version ?? 0;
  if (stamp <= found) return;
  throw new StoreFailure(
    `The database in ${directory} is damaged: its record of the schema's steps (table schema_migration) ends at ${found}, and its header says ${stamp}. Restore a backup.`,
  );
}

function useWriteAheadLog(connection: Connection, directory: string): void {
  connection.execute('pragma journal_mode = wal');
  const mode = logMode(connection);
  if (mode === 'wal') return;
  throw new StoreFailure(
    `The file system of ${directory} does not support SQLite's write-ahead log (its mode stayed ${mode}). Choose a data directory on a local disk.`,
  );
}

function logMode(connection: Connection): string {
  return connection.first<{ journal_mode: string }>('pragma journal_mode')?.journal_mode ?? 'none';
}

function migrate(connection: Connection, directory: string, onProgress: MigrationProgress): void {
  inTransaction(connection, () => connection.execute(migrationTable));
  for (const migration of migrations) {
    // Another process may have applied it between our first look and the lock.
    if (schemaVersion(connection, directory) >= migration.version) continue;
    if ('fill' in migration) migration.fill(connection, onProgress);
    inTransaction(connection, () => {
      if ('sql' in migration) connection.execute(migration.sql);
      recordApplied(connection, migration);
    });
  }
}

function recordApplied(connection: Connection, { version, name }: Migration): void {
  connection.run(recordMigration, [version, name, Date.now()]);
  connection.execute(`pragma user_version = ${version}`);
}

function inTransaction(connection: Connection, work: () => void): void {
  connection.execute('begin immediate');
  try {
    work();
    connection.execute('commit');
  } catch (error) {
    if (connection.inTransaction) connection.execute('rollback');
    throw error;
  }
}

/** Makes the directory's new entry survive a power cut. */
function syncDirectory(directory: string): void {
  // Windows cannot open a directory, and needs no such step.
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
