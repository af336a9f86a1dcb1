/** The journal of each account: what happened, in order. */
import type { StoreDamage } from '../damage.js';
import type { Acceptance, CheckStep } from './check.js';
import type { ChatEntries, JournalEntry } from './entries.js';
import type { Erasure, ErasuresUnderWay, Found, Search } from './erasing.js';
import type { ChatMark, IndexedChat } from './projections.js';
import type { ListedSnapshot, LoadedJournal, SnapshotWriter } from './snapshots.js';

export interface Journal {
  /**
   * Appends entries of one account, all or none. Resolves when they are on disk; appends of one
   * account are applied in call order. Calls made while a transaction is in flight share the next one.
   * No entries: resolves when everything appended before is on disk.
   *
   * Once an append of an account was refused, for whatever reason, every later append and snapshot
   * of that account is refused with the same error until `load` is called: they build on it.
   * @throws StoreConflict ('fenced') when the first `seq` is taken (another process writes this
   * account) or does not follow the journal's last.
   * @throws StoreFailure when the disk refused or the store is closed.
   * @throws RangeError when the entries are not well formed or not numbered one after another.
   */
  append(
    accountId: string,
    entries: readonly JournalEntry[],
    /** What the entries mean for the index of chats; in the same transaction. */
    marks?: readonly ChatMark[],
  ): Promise<void>;
  /** What the account's state is made from: a snapshot, and the entries after it. */
  load(accountId: string): Promise<LoadedJournal>;
  /**
   * Begins a snapshot of the state as it is after everything appended so far, whose last entry is
   * `seq`. Until it is finished it counts for nothing; another one begun takes its place.
   * @throws StoreConflict ('fenced') when the journal's last entry is another one.
   */
  beginSnapshot(
    accountId: string,
    snapshot: { readonly seq: number; readonly at: number; readonly version: number },
  ): Promise<SnapshotWriter>;
  /** All entries of one chat, in order: its transcript can be rebuilt from them. @throws StoreDamage */
  readChat(accountId: string, chatId: string): Promise<ChatEntries>;
  /**
   * The last `limit` chats of a visitor, newest first.
   * @throws RangeError when `limit` is not a whole number from 1.
   * @throws StoreDamage when one of them is not as it was written.
   */
  chatsOfVisitor(
    accountId: string,
    visitorId: string,
    limit: number,
  ): Promise<readonly IndexedChat[]>;
  /** What is wrong with the index of chats; null when it is as it was written. */
  chatIndexDamage(accountId: string): Promise<StoreDamage | null>;
  /** Makes the index of chats anew. @param marks what the whole journal says of chats, in order */
  replaceChatIndex(accountId: string, marks: readonly ChatMark[]): Promise<void>;
  /**
   * Reads everything that is stored of an account: its snapshots, newest first, its whole journal, and
   * the rest, its configuration, logins, audit trail and index of chats; and compares it with the checksums. It reads as far as the journal went at its begin, a page at each step, so whoever takes
   * its time puts little load on the disk.
   */
  check(accountId: string): AsyncIterable<CheckStep>;
  /**
   * Gives up entries, and keeps a record of it, in one transaction.
   * @throws StoreConflict ('fenced') when the journal went on meanwhile.
   */
  acceptLoss(accountId: string, acceptance: Acceptance): Promise<void>;
  /**
   * Looks through the next few thousand entries for some. Call it again with `after` at what was
   * `reached`, until it has `ended`.
   * @throws StoreDamage when one that was looked for is not as it was written.
   */
  find(accountId: string, search: Search): Promise<Found>;
  /**
   * Takes something away for good. It is gone from the files of the data directory after `wipePages`
   * and then `emptyLog`. Digests stay, so the account's chain holds. Snapshots are not
   * touched: see `forgetSnapshots`.
   */
  erase(accountId: string, erasure: Erasure): Promise<void>;
  /** How far the journal was looked through for what is too old; 0 at first. */
  erasedUntil(accountId: string): Promise<number>;
  /** The erasures of visitors that were begun and have not ended. */
  erasuresUnderWay(accountId: string): Promise<ErasuresUnderWay>;
  /** The account's snapshots, newest first, unfinished ones too. */
  snapshots(accountId: string): Promise<readonly ListedSnapshot[]>;
  /** Removes snapshots, by their ids, and what is left of those that were removed before. */
  forgetSnapshots(accountId: string, ids: readonly number[]): Promise<void>;
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
