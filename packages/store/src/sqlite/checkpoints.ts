import type { WriteRequest } from '../group-commit/messages.js';
import type { Connection } from './connection.js';

/**
 * Pages of the write-ahead log after which it is emptied into the database, about. SQLite would do so
 * within the commit that reaches its own number (see `openDatabase`), which then takes ten times as long
 * as others, and more where all pages differ: 16 MB written, and synced, before anybody is answered.
 */
const ENOUGH_PAGES = 1_000;

/** Pages that are changed by what overwrites or goes through many rows, about. */
const MANY = 64;

/** Bytes of a page. */
const PAGE = 4_096;
/** Pages that a commit changes beside those of its writes: ends of journals, inner pages of indexes. */
const PER_COMMIT = 6;

/**
 * Empties the log a little at a time, between two batches: those of the one are answered, and only
 * those of the next wait, for a few milliseconds.
 */
export class Checkpoints {
  readonly #connection: Connection;
  /** Pages in the log since it was emptied, as far as they can be told from what is written. */
  #pages = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Counts a transaction that was committed. */
  committed(writes: readonly WriteRequest[]): void {
    this.#pages += PER_COMMIT;
    for (const write of writes) this.#pages += pagesOf(write);
  }

  /** Empties the log if there is enough in it; to be called when everybody has been answered. */
  consider(): void {
    if (this.#pages < ENOUGH_PAGES) return;
    this.#pages = 0;
    try {
      this.#connection.execute('pragma wal_checkpoint(passive)');
    } catch {
      // Nothing is lost, and the log is tried again; what ails the disk is told to the next commit.
    }
  }
}

/** Pages that a write changes, about. */
function pagesOf(write: WriteRequest): number {
  switch (write.do) {
    case 'append':
      return 1 + pagesFor(write.values);
    case 'writePieces':
      return 1 + pagesFor(write.pieces);
    case 'prunePieces':
    case 'wipePages':
    case 'erase':
    case 'emptyProjection':
    case 'projectOn':
      return MANY;
    default:
      return 1;
  }
}

function pagesFor(values: readonly (string | number | null)[]): number {
  let characters = 0;
  for (const value of values) characters += typeof value === 'string' ? value.length : 0;
  return Math.floor(characters / PAGE);
}
