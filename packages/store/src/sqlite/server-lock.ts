import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Connection, sqliteCode } from './connection.js';

const LOCK_FILE = 'server.lock';
const HOLDER_FILE = 'server.json';

/**
 * Says that this process alone serves the accounts of a data directory.
 *
 * The lock is one of the operating system, held on an empty SQLite file: it ends with the process,
 * however that dies, so nothing is left to clean up and no process id can be mistaken for another's.
 * It also holds between containers that share the directory. Beside it, `server.json` says who
 * holds it, for the message alone.
 *
 * The lock file must never be opened by other means in this process: closing such a handle would
 * drop the lock, as POSIX has it.
 */
export class ServerLock {
  readonly #directory: string;
  readonly #connection: Connection;

  private constructor(directory: string, connection: Connection) {
    this.#directory = directory;
    this.#connection = connection;
  }

  /** Takes the lock, waiting up to `waitMs` for it; null when another process keeps it. */
  static take(directory: string, waitMs: number): ServerLock | null {
    const path = join(directory, LOCK_FILE);
    createPrivate(path);
    const connection = new Connection(path, waitMs);
    try {
      connection.execute('pragma journal_mode = memory; begin exclusive');
    } catch (error) {
      connection.close();
      if (sqliteCode(error) === 'SQLITE_BUSY') return null;
      throw error;
    }
    return new ServerLock(directory, connection);
  }

  /** Writes down who holds the lock, so that others can name it. */
  announce(): void {
    const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    writeFileSync(join(this.#directory, HOLDER_FILE), `${JSON.stringify(holder)}\n`, {
      mode: 0o600,
    });
  }

  /** Lets others take the lock. */
  release(): void {
    rmSync(join(this.#directory, HOLDER_FILE), { force: true });
    this.#connection.execute('rollback');
    this.#connection.close();
  }
}

/** Who holds the lock, in words: `process 4711 on host web-1, since 2026-…`. */
export function describeHolder(directory: string): string {
  try {
    const holder: unknown = JSON.parse(readFileSync(join(directory, HOLDER_FILE), 'utf8'));
    if (holder !== null && typeof holder === 'object' && 'pid' in holder) {
      const host = 'host' in holder ? ` on host ${String(holder.host)}` : '';
      const since = 'since' in holder ? `, since ${String(holder.since)}` : '';
      return `process ${String(holder.pid)}${host}${since}`;
    }
  } catch {
    // The holder has not written the file yet: the lock alone is what counts.
  }
  return 'a process that is just starting';
}

/** Makes an empty file that only its owner may read, unless it exists. */
export function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
