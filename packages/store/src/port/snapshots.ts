/** Snapshots: the state of an account as of one position, so that a start need not read its whole journal. */
import type { JournalPage } from './entries.js';

/** A snapshot that is complete: the state of an account as of `seq`, in pieces of text. */
export interface StoredSnapshot {
  /** 1, 2, 3 … within the account. */
  readonly id: number;
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  /** Version of the pieces' shape. */
  readonly version: number;
  readonly pieces: number;
  /** Characters of all pieces. */
  readonly chars: number;
  /** The journal's chain at `seq`. */
  readonly chain: string;
  /** Of all of this and of the pieces. */
  readonly digest: string;
}

/** Takes a snapshot, piece by piece. */
export interface SnapshotWriter {
  /** Adds pieces; resolves when they are on disk. Wait for it: nothing else bounds what is under way. */
  write(pieces: readonly string[]): Promise<void>;
  /** The snapshot is complete: from now on it is the newest. The last two are kept. */
  finish(): Promise<void>;
}

/** What an account's live state is made from. */
export interface LoadedJournal {
  /** Newest first: when one cannot be used, the next can. */
  readonly snapshots: readonly StoredSnapshot[];
  /**
   * The pieces of a snapshot, in order.
   * @throws StoreDamage when one is missing or is not as it was written.
   */
  pieces(snapshot: StoredSnapshot): AsyncIterable<string>;
  /**
   * The entries after a snapshot, or all, in pages. Each iteration reads them anew.
   * @throws StoreDamage when one is missing or is not as it was written, also the last ones; but not
   * for those whose loss was accepted, which are left out.
   */
  entriesAfter(snapshot: StoredSnapshot | null): AsyncIterable<JournalPage>;
}

/** A snapshot, of which nothing is read. */
export interface ListedSnapshot extends Pick<StoredSnapshot, 'id' | 'seq' | 'at'> {
  /** Not while it is being written, nor when that was interrupted. */
  readonly isFinished: boolean;
}

/** Of the same accounts as the journal: a snapshot is refused where an append would be. */
export interface Snapshots {
  /**
   * Begins a snapshot of the state as it is after everything appended so far, whose last entry is
   * `seq`. Until it is finished it counts for nothing; another one begun takes its place.
   * @throws StoreConflict ('fenced') when the journal's last entry is another one.
   */
  beginSnapshot(
    accountId: string,
    snapshot: { readonly seq: number; readonly at: number; readonly version: number },
  ): Promise<SnapshotWriter>;
  /** The account's snapshots, newest first, unfinished ones too. */
  snapshots(accountId: string): Promise<readonly ListedSnapshot[]>;
  /** Removes snapshots, by their ids, and what is left of those that were removed before. */
  forgetSnapshots(accountId: string, ids: readonly number[]): Promise<void>;
}
