/** Taking something away for good. */
import type { JournalEntry } from './entries.js';

/** What is taken away for good, in one transaction. */
export interface Erasure {
  /** Entries and what is left of each: an event without what it said about somebody. */
  readonly entries: readonly (
    | { readonly seq: number; readonly data: string }
    /** Of an entry that was read as another type or version than it was written in. */
    | Pick<JournalEntry, 'seq' | 'type' | 'version' | 'data'>
  )[];
  /** Chats that are not in the index any more. */
  readonly chats?: readonly string[];
  /** How far the cursor `retention` is by that. */
  readonly until?: number;
  /** The erasure of a visitor that is under way from now on, or has come so far. */
  readonly begins?: VisitorErasure;
  /** The visitor whose erasure is done. */
  readonly ends?: string;
}

/** The erasure of a visitor, as long as it is under way: kept so that an interruption is gone on from. */
export interface VisitorErasure {
  readonly visitorId: string;
  /** What its maker has to know to go on with it, as JSON text. */
  readonly data: string;
}

/** The erasures of visitors that are under way. */
export interface ErasuresUnderWay {
  readonly erasures: readonly VisitorErasure[];
  /** In words, what is wrong with the records of others, which are passed over; null when nothing is. */
  readonly damage: string | null;
}

/** What entries are looked for. */
export interface Search {
  /** Only those behind this position. */
  readonly after: number;
  readonly types: readonly string[];
  /** Only those whose text holds one of these; all when absent. */
  readonly holding?: readonly string[];
}

/** What was found in a piece of a journal. */
export interface Found {
  readonly entries: readonly JournalEntry[];
  /** Positions of entries whose loss was accepted and that still hold something: nobody can read them. */
  readonly lost: readonly number[];
  /** Whether the account has entries whose loss was accepted. */
  readonly lossy: boolean;
  /** How far it was looked. */
  readonly reached: number;
  /** Whether that is the end. */
  readonly ended: boolean;
}

export interface Erasing {
  /**
   * Looks through the next few thousand entries for some. Call it again with `after` at what was
   * `reached`, until it has `ended`.
   * @throws StoreDamage when one that was looked at is missing or is not as it was written: nobody can
   *   show whether it is one of those.
   */
  find(accountId: string, search: Search): Promise<Found>;
  /**
   * Takes something away for good. It is gone from the files of the data directory after `wipePages`
   * and then `emptyLog`. Digests stay, so the account's chain holds. Snapshots are not
   * touched: see `forgetSnapshots`.
   */
  erase(accountId: string, erasure: Erasure): Promise<void>;
  /** The erasures of visitors that were begun and have not ended, in the order of the visitors' ids. */
  erasuresUnderWay(accountId: string): Promise<ErasuresUnderWay>;
  /**
   * Overwrites what the database's file still holds of what was erased or removed, of all accounts: a
   * look at the whole file, a little at a time.
   */
  wipePages(): Promise<void>;
  /**
   * Empties the write-ahead log, of all accounts.
   * @returns false while somebody reads, such as a backup: then it is to be tried again.
   */
  emptyLog(): Promise<boolean>;
}
