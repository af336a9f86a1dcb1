import { reportOf } from '../group-commit/errors.js';
import { sqliteCode } from './connection.js';
import type { ErrorReport } from '../group-commit/messages.js';

/** What to do about each refusal of SQLite; `directory` is the data directory. */
const advice: Readonly<Record<string, (directory: string) => string>> = {
  SQLITE_FULL: (directory) => `the disk is full: free some space for ${directory}`,
  SQLITE_IOERR: (directory) =>
    `the disk refused: check the system log and the free space and quota of ${directory}`,
  SQLITE_BUSY: (directory) =>
    `another process kept the database in ${directory} locked: look for a long-running command or backup there, then try again`,
  SQLITE_LOCKED: (directory) =>
    `another process kept the database in ${directory} locked: look for a long-running command or backup there, then try again`,
  SQLITE_READONLY: (directory) =>
    `the database may not be written: check who owns ${directory} and its files, and whether its disk is mounted read-only`,
  SQLITE_PERM: (directory) =>
    `the database may not be written: check who owns ${directory} and its files`,
  SQLITE_CANTOPEN: (directory) =>
    `the database cannot be opened: check that ${directory} exists and belongs to the user who runs this program`,
  SQLITE_CORRUPT: (directory) =>
    `the database is damaged, or its disk cannot be read: check the system log; if it is damaged, stop all programs that use ${directory}, keep a copy of it, and restore a backup`,
  ENOENT: (directory) => `the folder ${directory} cannot be made there: choose another one`,
  ENOTDIR: (directory) => `${directory} lies below a file: choose another folder`,
  EACCES: (directory) =>
    `this user may not write there: check who owns ${directory}, its files and the folder above it`,
  EPERM: (directory) =>
    `this user may not write there: check who owns ${directory}, its files and the folder above it`,
  EROFS: (directory) => `the disk of ${directory} is mounted read-only: choose another folder`,
  SQLITE_NOTADB: (directory) =>
    `parley.db in ${directory} is not a SQLite database: restore a backup, or choose another data directory`,
};

/** `SQLITE_IOERR_FSYNC` → its family `SQLITE_IOERR`. */
function family(code: string): string {
  return code.split('_').slice(0, 2).join('_');
}

/** Puts an error into the form in which it crosses to the main thread. */
export function reportError(error: unknown, doing: string, directory: string): ErrorReport {
  const known = reportOf(error);
  if (known !== null) return known;
  const code = sqliteCode(error) ?? systemCode(error);
  const what = error instanceof Error ? error.message : String(error);
  const hint = code === null ? undefined : advice[family(code)]?.(directory);
  const message = `${doing} failed: ${hint ?? `check ${directory} and the log`} (${what}${code === null ? '' : `, ${code}`})`;
  return { kind: 'failure', message, code };
}

function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
