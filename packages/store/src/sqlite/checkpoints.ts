import type { WriteRequest } from '../group-commit/messages.js';
import type { Connection } from './connection.js';

/**
 * Pages of the write-ahead log after which it is emptied into the database, about. Whoever writes meanwhile
 * waits: 100 pages take a millisecond where 1,000 take five, so that nobody notices.
 */
const FEW_PAGES = 100;
/**
 * Pages after which it is emptied whatever that takes. SQLite would do so within the commit that reaches its
 * own number (see `openDatabase`), which then takes ten times as long as others, and more where all pages
 * differ: 16 MB written, and synced, before anybody is answered.
 */
const MANY_PAGES = 1_000;
/**
 * Up to that number the log is left alone for so many times as long as it last took: a disk that is slow to
 * sync is not kept busy with it.
 */
const REST = 20;

/** How long it is left alone after it could not be emptied, ms: it may be so large that each try is long. */
const REST_OF_FAILURE = 1_000;

/** Pages that are changed by what overwrites or goes through many rows, about. */
const OF_MANY_ROWS = 64;

/** Bytes of a page. */
const PAGE = 4_096;
/** Pages that a commit changes beside those of its writes: ends of journals, inner pages of indexes. */
const PER_COMMIT = 6;

/**
 * Empties the log a little at a time, between two batches: those of the one are answered, and only
 * those of the next wait, for a millisecond or so.
 */
export class Checkpoints {
  readonly #connection: Pick<Connection, 'execute'>;
  readonly #onChange: (failure: unknown) => void;
  readonly #now: () => number;
  #fails = false;
  /** Pages in the log since it was emptied, as far as they can be told from what is written. */
  #pages = 0;
  /** Until when fewer pages than many are left in it, ms. */
  #restUntil = 0;

  /**
   * @param onChange called with why the log cannot be emptied, and with null when it can be again
   * @param now ms, never running backwards
   */
  constructor(
    connection: Pick<Connection, 'execute'>,
    onChange: (failure: unknown) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#connection = connection;
    this.#onChange = onChange;
    this.#now = now;
  }

  /** Counts a transaction that was committed. */
  committed(writes: readonly WriteRequest[]): void {
    this.#pages += PER_COMMIT;
    for (const write of writes) this.#pages += pagesOf(write);
  }

  /** Empties the log if there is enough in it; to be called when everybody has been answered. */
  consider(): void {
    if (this.#pages < FEW_PAGES) return;
    const before = this.#now();
    if ((this.#pages < MANY_PAGES || this.#fails) && before < this.#restUntil) return;
    this.#pages = 0;
    let failure: unknown = null;
    try {
      this.#connection.execute('pragma wal_checkpoint(passive)');
    } catch (error) {
      // Nothing is lost: it is tried again, and the log grows meanwhile.
      failure = error;
    }
    const fails = failure !== null;
    if (fails !== this.#fails) this.#onChange(failure);
    this.#fails = fails;
    const after = this.#now();
    this.#restUntil = after + Math.max(REST * (after - before), fails ? REST_OF_FAILURE : 0);
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
      return OF_MANY_ROWS;
    default:
      return 1;
  }
}

function pagesFor(values: readonly (string | number | null)[]): number {
  let characters = 0;
  for (const value of values) characters += typeof value === 'string' ? value.length : 0;
  return Math.floor(characters / PAGE);
}
