/**
 * What the rest of Parley may ask of a store. Three kinds of data, never mixed: configuration
 * (records with revisions), live state (journal and snapshots), and logins.
 *
 * Every write resolves only when it is on disk.
 *
 * One file, though it is long: what a second kind of store has to keep to is read in one place.
 */

import type { AnsweredRequest, KeptAnswer } from './answered.js';
import type { DamageReport, StoreDamage } from './damage.js';
import type { AcceptedLoss, JournalPosition } from './integrity/position.js';

/** One fact of an account's journal. `data` is the event as JSON text. */
export interface JournalEntry {
  /** Position in the account's journal: 1, 2, 3 … without gaps. */
  readonly seq: number;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  /** Event type, e.g. `chat.accepted`. */
  readonly type: string;
  /** Version of the event's shape. */
  readonly version: number;
  /** The chat it concerns, if one. */
  readonly chatId: string | null;
  readonly data: string;
}

/** What the index of chats is told along with journal entries: that a chat began, or ended. */
export type ChatMark =
  | {
      readonly mark: 'began';
      readonly chatId: string;
      readonly visitorId: string;
      /** Epoch ms. */
      readonly at: number;
    }
  | { readonly mark: 'ended'; readonly chatId: string; readonly at: number };

/** A chat in the index. */
export interface IndexedChat {
  readonly chatId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Epoch ms; null while it lives. */
  readonly endedAt: number | null;
}

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

export interface JournalPage {
  /** At most some hundred, in order. */
  readonly entries: readonly JournalEntry[];
  /** The position after the page: more than that of the last entry where a loss was accepted. */
  readonly reached: number;
}

/** What a check of a journal comes across. */
export type CheckStep =
  /** A piece of a snapshot, which matches its checksum. */
  | { readonly step: 'piece'; readonly snapshot: StoredSnapshot; readonly piece: string }
  /** All pieces of a snapshot were good. */
  | { readonly step: 'snapshot'; readonly snapshot: StoredSnapshot }
  | {
      readonly step: 'entries';
      readonly entries: readonly JournalEntry[];
      readonly reached: number;
      readonly of: number;
    }
  | { readonly step: 'damage'; readonly report: DamageReport }
  /** The last step: where the journal ended, by its record and by what is there. */
  | {
      readonly step: 'end';
      readonly recorded: JournalPosition | null;
      readonly last: number;
      /** The chain after the last entry, null where damage hides it. */
      readonly chain: string | null;
    };

/** What is given up, so that an account can be served again. */
export interface Acceptance {
  /** Where the journal's end was recorded when this was decided; null if nowhere. */
  readonly recorded: JournalPosition | null;
  /** The position of the last entry that was there. */
  readonly last: number;
  /** Entries that are not to be read again: missing ones, damaged ones, or those that follow them. */
  readonly losses: readonly AcceptedLoss[];
  /** Where the journal ends from now on; what was recorded, unless that was the damage. */
  readonly end: JournalPosition;
  /** Snapshots that are not to be used again, by their ids. */
  readonly forget: readonly number[];
  readonly audit: AuditEntry;
}

/** What there is of a chat. */
export interface ChatEntries {
  readonly entries: readonly JournalEntry[];
  /** Whether entries of the account were given up: then some of the chat's may be among them. */
  readonly lossy: boolean;
}

/** A snapshot, of which nothing is read. */
export interface ListedSnapshot extends Pick<StoredSnapshot, 'id' | 'seq' | 'at'> {
  /** Not while it is being written, nor when that was interrupted. */
  readonly isFinished: boolean;
}

/** What is taken away for good, in one transaction. */
export interface Erasure {
  /** Entries and what is left of each: an event without what it told of somebody. */
  readonly entries: readonly { readonly seq: number; readonly data: string }[];
  /** Chats that are not in the index any more. */
  readonly chats?: readonly string[];
  /** How far the journal was looked through for what is too old, by now. */
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
  /** How many more are stored and are not as they were written; they are passed over. */
  readonly damaged: number;
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

/** A record of the configuration: a user, a skill, an app key … `data` is its fields as JSON text. */
export interface ConfigItem {
  readonly kind: string;
  /** Positive, given by the store, never reused. */
  readonly id: number;
  /** The collection's revision at which this record last changed. */
  readonly revision: number;
  readonly deleted: boolean;
  /** Unique among the kind's records that are not deleted (login name, skill name); compared as given. */
  readonly nameKey: string | null;
  readonly data: string;
}

export type ConfigChange =
  | {
      readonly op: 'create';
      readonly kind: string;
      readonly nameKey: string | null;
      readonly data: string;
      readonly id?: number;
    }
  | {
      readonly op: 'update';
      readonly kind: string;
      readonly id: number;
      readonly nameKey: string | null;
      readonly data: string;
    }
  | { readonly op: 'delete'; readonly kind: string; readonly id: number };

/** Who changed what, when, from where. */
export interface AuditEntry {
  readonly at: number;
  /** Who did it: `user:17`, `cli`, `demo` … */
  readonly actor: string;
  /** `user.create`, `password.reset` … */
  readonly action: string;
  /** What it was done to: `user:18`. */
  readonly target: string;
  /** Client address or host name. */
  readonly from: string;
  /** JSON text; never a secret. */
  readonly detail: string;
}

/** An audit entry as kept: `id` is 1, 2, 3 … within the account, oldest first. */
export interface StoredAuditEntry extends AuditEntry {
  readonly id: number;
}

/** Changes of an account's configuration that belong together, applied in order. */
export interface ConfigWrite {
  readonly changes: readonly ConfigChange[];
  /** Refuses the write (StoreConflict 'revision') unless these collections are at these revisions. */
  readonly ifRevision?: Readonly<Record<string, number>>;
  readonly audit?: readonly AuditEntry[];
  /** What the request that brings the changes is answered, if it may come again. */
  readonly answered?: KeptAnswer;
}

/** Records of an account's configuration, and where collections stand. */
export interface ConfigState {
  readonly items: readonly ConfigItem[];
  /** Revisions of collections, by kind. */
  readonly revisions: Readonly<Record<string, number>>;
  /** The id that the next new record of a collection has, by kind. */
  readonly nextIds: Readonly<Record<string, number>>;
}

/** One item per change, in order, as stored; and the collections that were touched, after the write. */
export type ConfigWritten = ConfigState;

export interface Configuration {
  /**
   * All records of an account that are not deleted, and where each collection stands. As every other
   * read of them, it looks at the whole configuration.
   * @throws StoreDamage when it is not as it was written.
   */
  load(accountId: string): Promise<ConfigState>;
  /**
   * What is new to somebody who knows these revisions: the records that changed since, deleted ones
   * too, and the collections that did.
   */
  changedSince(
    accountId: string,
    revisions: Readonly<Record<string, number>>,
  ): Promise<ConfigState>;
  /** One collection, deleted records included on request, or only those changed after a revision (then deleted ones too). */
  list(
    accountId: string,
    kind: string,
    options?: { readonly includeDeleted?: boolean; readonly changedAfter?: number },
  ): Promise<{ items: readonly ConfigItem[]; revision: number }>;
  /**
   * Applies all changes or none. One write raises each touched collection's revision by one.
   * @throws StoreConflict 'revision' | 'name' (also a given id that was ever used) | 'missing'
   * (update or delete of an unknown or deleted record), naming it | 'full' (as many answers of the
   * caller are kept as may be).
   * @throws StoreDamage when a record that it changes is not as it was written.
   */
  write(accountId: string, write: ConfigWrite): Promise<ConfigWritten>;
  /**
   * What was answered to a request; null for one that is not known.
   * @throws StoreDamage when that is not as it was written.
   */
  answered(accountId: string, key: string): Promise<AnsweredRequest | null>;
  /**
   * The newest `limit` audit entries, newest first; with `before`, those with a smaller id than that.
   * In the place of one that is damaged or missing stands one of the action `audit.damaged`.
   */
  audit(
    accountId: string,
    options: { readonly before?: number; readonly limit: number },
  ): Promise<readonly StoredAuditEntry[]>;
}

export interface Accounts {
  /** @throws StoreConflict 'name' when the account exists. */
  create(account: { readonly id: string; readonly createdAt: number }): Promise<void>;
  /** @throws StoreDamage when its record is not as it was written, or is gone. */
  get(accountId: string): Promise<{ readonly id: string; readonly createdAt: number } | null>;
  /** The ids of all, also of those whose own record is damaged. */
  list(): Promise<readonly string[]>;
}

/** A live login. Tokens are stored as SHA-256 (lower-case hex) only. */
export interface LoginRecord {
  readonly bearerHash: string;
  readonly cookieHash: string;
  readonly csrfHash: string;
  readonly userId: number;
  readonly createdAt: number;
  /** Epoch ms after which it is void. */
  readonly expiresAt: number;
  /** How long a refresh extends it, ms. */
  readonly ttl: number;
}

export interface Logins {
  /**
   * All logins of an account that have not expired at `now`.
   * @param onDamaged told, once, when there are some that are not as they were written: they are void
   */
  load(
    accountId: string,
    now: number,
    onDamaged?: (damage: StoreDamage) => void,
  ): Promise<readonly LoginRecord[]>;
  /** Keeps a login; one with the same bearer is replaced (a refresh). */
  put(accountId: string, login: LoginRecord): Promise<void>;
  /** Ends one login; true when there was one. */
  delete(accountId: string, bearerHash: string): Promise<boolean>;
  /** Ends all logins of a user. */
  deleteOfUser(accountId: string, userId: number): Promise<void>;
  /** Removes the expired. */
  purge(accountId: string, now: number): Promise<void>;
}

/**
 * What became different in the store. A login that is opened, refreshed or ended is none: whoever
 * keeps logins does that itself, and has nothing to read again.
 */
export type StoreChange =
  /** This process wrote configuration: these records. In the order of the commits. */
  | {
      readonly changed: 'configuration';
      readonly accountId: string;
      readonly written: ConfigWritten;
    }
  /** This process ended logins of a user whom it did not name one by one. */
  | { readonly changed: 'logins'; readonly accountId: string; readonly userId: number }
  /**
   * The account is new, or another process changed its configuration or its logins (told within a
   * second or so): what is new must be asked for.
   */
  | { readonly changed: 'unknown'; readonly accountId: string };

export interface Store {
  readonly journal: Journal;
  readonly config: Configuration;
  readonly accounts: Accounts;
  readonly logins: Logins;
  /**
   * Calls the listener for every change that is committed, before the promise of the write that made
   * it resolves. It must not throw. Returns a function that stops it.
   */
  onChange(listener: (change: StoreChange) => void): () => void;
  /** True while writes are expected to succeed (for `/readyz`). After a failure the disk is tried every second. */
  healthy(): boolean;
  /** Waits for what is queued, then releases everything. Later calls of any method fail with StoreFailure. */
  close(): Promise<void>;
}

export { type ConflictReason, StoreConflict, StoreFailure } from './store-errors.js';

/** Where and how to open the embedded store. */
export interface SqliteStoreOptions {
  /** Folder of the database; created (0700) when missing. */
  readonly directory: string;
  /** True for a server: refuses when another live server holds the folder. */
  readonly exclusive?: boolean;
  /** How long a transaction waits for one of another process, in ms; 5000 unless given. */
  readonly busyMs?: number;
  /** Told how far an upgrade of the data is, in entries, when one is needed. */
  readonly onUpgrade?: (done: number, of: number) => void;
}
