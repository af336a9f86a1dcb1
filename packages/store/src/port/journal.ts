/** The journal of each account: what happened, in order. */
import type { Acceptance, CheckStep } from './check.js';
import type { ChatEntries, JournalEntry, JournalPortion } from './entries.js';
import type { Erasing } from './erasing.js';
import type { LeaseKey } from './leases.js';
import type { LoadedJournal, Snapshots } from './snapshots.js';

export interface Journal extends Snapshots, Erasing {
  /**
   * Appends entries of one account, all or none. Resolves when they are on disk; appends of one
   * account are applied in call order. Calls made while a transaction is in flight share the next one.
   * No entries: resolves when everything appended before is on disk.
   *
   * Once an append of an account was refused, for whatever reason, every later append and snapshot
   * of that account is refused with the same error until `load` is called: they build on it.
   * @param lease whoever serves the account names the lease that allows it
   * @throws StoreConflict 'fenced' when the first `seq` is taken: another process writes this account;
   * 'gap' when it does not follow the journal's last; 'leased' when another one has taken the account's
   * lease since.
   * @throws StoreFailure when the disk refused or the store is closed.
   * @throws RangeError when the entries are not well formed or not numbered one after another.
   */
  append(accountId: string, entries: readonly JournalEntry[], lease?: LeaseKey): Promise<void>;
  /** What the account's state is made from: a snapshot, and the entries after it. */
  load(accountId: string): Promise<LoadedJournal>;
  /**
   * Entries after a position, in order: for whoever follows the journal and has no need of the
   * account's state. Call it again with `after` at what was `reached`, until it has `ended`; what is
   * appended later is read by calling it later.
   * @param limit the most entries to read, 1 to 500; fewer where they are large.
   * @throws RangeError when `after` or `limit` is not such a number.
   * @throws StoreDamage when one is missing or is not as it was written; but not for those whose loss
   *   was accepted, which are left out.
   */
  read(
    accountId: string,
    options: { readonly after: number; readonly limit: number },
  ): Promise<JournalPortion>;
  /** All entries of one chat, in order: its transcript can be rebuilt from them. @throws StoreDamage */
  readChat(accountId: string, chatId: string): Promise<ChatEntries>;
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
}
