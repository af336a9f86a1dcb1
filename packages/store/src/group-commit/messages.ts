import type { AnsweredRequest } from '../port/answered.js';
import type { DamageReport } from '../damage.js';
import type { Tally } from '../integrity/rows.js';
import type { IndexedTable } from '../operations/indexed-tables.js';
import type { JournalFacts, Walked, WalkState } from '../integrity/walk.js';
import type { Acceptance, ResolvedRecords } from '../port/check.js';
import type {
  ConfigItem,
  ConfigState,
  ConfigWrite,
  ConfigWritten,
  ItemOfAccount,
  StoredAuditEntry,
} from '../port/configuration.js';
import type { Rest, Standing } from '../port/accounts.js';
import type { FileFaults } from '../port/indexes.js';
import type { JournalEntry, JournalPortion } from '../port/entries.js';
import type { Erasure, ErasuresUnderWay } from '../port/erasing.js';
import type { ConflictReason } from '../port/errors.js';
import type { Lease, LeaseKey } from '../port/leases.js';
import type { LoginRecord } from '../port/logins.js';
import type { PageRepair } from '../port/page-repair.js';
import type { IndexedChat } from '../port/projections.js';
import type { ListedSnapshot, StoredSnapshot } from '../port/snapshots.js';

/** One write: its arguments, and what it answers. Writes sent together share a transaction. */
interface WriteTable {
  append: {
    /**
     * Entries one after another, `ENTRY_FIELDS` values each, in the order seq, at, type, version,
     * chat, data: one flat list crosses between threads far cheaper than a list of objects.
     */
    args: {
      readonly accountId: string;
      /** Of the lease that its writer has; null for one without. */
      readonly epoch: number | null;
      readonly values: readonly JournalValue[];
    };
    answer: null;
  };
  /** Answers the new snapshot's id. */
  beginSnapshot: {
    args: {
      readonly accountId: string;
      readonly seq: number;
      readonly at: number;
      readonly version: number;
    };
    answer: number;
  };
  /** Answers the digests of the pieces. */
  writePieces: {
    args: {
      readonly accountId: string;
      readonly snapshot: number;
      /** Number of the first piece. */
      readonly first: number;
      readonly pieces: readonly string[];
    };
    answer: readonly string[];
  };
  finishSnapshot: {
    args: {
      readonly accountId: string;
      readonly snapshot: number;
      readonly pieces: number;
      readonly chars: number;
      readonly ofPieces: string;
    };
    answer: null;
  };
  /** Removes some pieces of snapshots that are gone; answers whether there may be more. */
  prunePieces: { args: { readonly accountId: string }; answer: boolean };
  acceptLoss: {
    args: { readonly accountId: string; readonly acceptance: Acceptance };
    answer: null;
  };
  erase: { args: { readonly accountId: string; readonly erasure: Erasure }; answer: null };
  forgetSnapshots: {
    args: { readonly accountId: string; readonly ids: readonly number[] };
    answer: null;
  };
  wipePages: { args: { readonly pages: readonly number[] }; answer: null };
  advanceCursor: {
    args: { readonly accountId: string; readonly name: string; readonly seq: number };
    answer: null;
  };
  takeLease: {
    args: { readonly accountId: string; readonly owner: string; readonly forMs: number };
    answer: Lease;
  };
  /** Answers the epochs of those that the owner still has, by account. */
  renewLeases: {
    args: { readonly owner: string; readonly forMs: number };
    answer: ReadonlyMap<string, number>;
  };
  /** Answers whether it was still there. */
  releaseLease: { args: { readonly accountId: string } & LeaseKey; answer: boolean };
  /** An account is at rest. */
  putRest: { args: { readonly accountId: string; readonly rest: Rest }; answer: null };
  /** A projection stops following the journal, to be made anew. */
  beginRebuild: {
    args: { readonly accountId: string; readonly name: string };
    answer: null;
  };
  /** Removes some of its rows; answers whether there may be more. */
  emptyProjection: {
    args: { readonly accountId: string; readonly name: string };
    answer: boolean;
  };
  /** Takes the entries after a position in; `done` when it follows the journal again. */
  projectOn: {
    args: {
      readonly accountId: string;
      readonly name: string;
      readonly from: number;
      readonly span: number;
    };
    answer: { readonly reached: number; readonly of: number; readonly done: boolean };
  };
  writeConfig: {
    args: { readonly accountId: string; readonly write: ConfigWrite };
    answer: ConfigWritten;
  };
  createAccount: {
    args: { readonly accountId: string; readonly createdAt: number };
    answer: null;
  };
  putLogin: { args: { readonly accountId: string; readonly login: LoginRecord }; answer: null };
  /** Answers whether there was one. */
  deleteLogin: {
    args: { readonly accountId: string; readonly bearerHash: string };
    answer: boolean;
  };
  /** Answers whether there were any. */
  deleteLoginsOfUser: {
    args: { readonly accountId: string; readonly userId: number };
    answer: boolean;
  };
  purgeLogins: { args: { readonly accountId: string; readonly now: number }; answer: null };
  /** Gives up what is missing or altered of some records. */
  settleRecords: {
    args: { readonly accountId: string; readonly records: readonly ResolvedRecords[] };
    answer: null;
  };
  /** Makes what a table's rows are found by anew; answers whether that could be done. */
  rebuildIndexes: { args: { readonly table: string }; answer: boolean };
  /** Records how many entries of a chat there are, where nothing else was recorded since. */
  recountChat: {
    args: {
      readonly accountId: string;
      readonly chatId: string;
      readonly was: RecordedTally;
      readonly tally: Tally;
    };
    answer: boolean;
  };
}

/** A tally as it is recorded; null where none is. */
export type RecordedTally = Tally | 'damaged' | null;

/** Tables whose indexes can be made anew by themselves. */
export type Rebuilt = IndexedTable | 'account' | 'chat_entries' | 'config_kind' | 'login' | 'tally';

/** One question, and what it answers. */
interface ReadTable {
  openJournal: {
    args: { readonly accountId: string };
    answer: { readonly facts: JournalFacts; readonly snapshots: readonly StoredSnapshot[] };
  };
  walkPage: {
    args: { readonly walk: WalkState; readonly limit: number };
    answer: Walked;
  };
  piecePage: {
    args: {
      readonly accountId: string;
      readonly snapshot: number;
      readonly after: number;
      readonly limit: number;
    };
    answer: readonly CheckedPiece[];
  };
  chatPage: {
    args: {
      readonly accountId: string;
      readonly chatId: string;
      readonly after: number;
      readonly limit: number;
    };
    answer: ChatPage;
  };
  /** Looks at the entries after a position, `span` of them or fewer where they are large, and answers some. */
  findPage: {
    args: {
      readonly accountId: string;
      readonly after: number;
      readonly span: number;
      readonly types: readonly string[];
      /** Only those that hold one of these texts; null for all. */
      readonly holding: readonly string[] | null;
    };
    answer: FoundPage;
  };
  cursor: { args: { readonly accountId: string; readonly name: string }; answer: number };
  lease: { args: { readonly accountId: string }; answer: Lease | null };
  expiredLeases: { args: { readonly limit: number }; answer: readonly Lease[] };
  /** Which accounts have to be loaded though nobody asks for them. */
  standing: { args: Record<never, never>; answer: Standing[] };
  /** Entries after a position, each checked by itself. */
  journalPortion: {
    args: { readonly accountId: string; readonly after: number; readonly limit: number };
    answer: JournalPortion;
  };
  erasuresUnderWay: { args: { readonly accountId: string }; answer: ErasuresUnderWay };
  listSnapshots: { args: { readonly accountId: string }; answer: ListedSnapshot[] };
  /** Which of the next pages hold something that they should not; `reached` is null at the end. */
  uncleanPages: {
    args: { readonly after: number };
    answer: { readonly pages: readonly number[]; readonly reached: number | null };
  };
  /** Indexes that do not lead to all rows. */
  fileFaults: { args: Record<never, never>; answer: FileFaults };
  /** Answers whether it could be emptied. */
  emptyLog: { args: Record<never, never>; answer: boolean };
  chatsOfVisitor: {
    args: { readonly accountId: string; readonly visitorId: string; readonly limit: number };
    answer: IndexedChat[];
  };
  /** Projections that do not follow the journal, by their names. */
  projectionsBehind: { args: { readonly accountId: string }; answer: readonly string[] };
  /** Checks a page of the index of chats; `reached` is null at the end. */
  checkChats: {
    args: { readonly accountId: string; readonly after: string; readonly limit: number };
    answer: {
      readonly damaged: number;
      readonly digests: readonly string[];
      readonly reached: string | null;
      readonly recorded: RecordedTally;
      /** Where what the chats are found by does not lead to all of the page. */
      readonly index: DamageReport | null;
    };
  };
  /** Checks what the entries of chats are found by, between two positions of the journal. */
  checkJournalIndex: {
    args: { readonly accountId: string; readonly after: number; readonly until: number };
    answer: DamageReport | null;
  };
  /** Checks how many entries there are of some chats; `reached` is null at the end. */
  checkChatEntries: {
    args: { readonly accountId: string; readonly after: string; readonly limit: number };
    answer: { readonly damage: DamageReport | null; readonly reached: string | null };
  };
  /** Checks what there is little of: the account, its configuration and its logins. */
  checkRecords: { args: { readonly accountId: string }; answer: readonly DamageReport[] };
  /** Checks a page of the audit trail; `reached` is null at the end. */
  checkAudit: {
    args: { readonly accountId: string; readonly after: number; readonly limit: number };
    answer: { readonly damage: readonly DamageReport[]; readonly reached: number | null };
  };
  loadConfig: {
    args: { readonly accountId: string };
    answer: ConfigState;
  };
  changedConfig: {
    args: { readonly accountId: string; readonly known: Readonly<Record<string, number>> };
    answer: ConfigState;
  };
  listConfig: {
    args: {
      readonly accountId: string;
      readonly kind: string;
      readonly scope: ConfigScope;
    };
    answer: { items: ConfigItem[]; revision: number };
  };
  configHolding: {
    args: { readonly kind: string; readonly text: string };
    answer: readonly ItemOfAccount[];
  };
  answeredRequest: {
    args: { readonly accountId: string; readonly key: string };
    answer: AnsweredRequest | null;
  };
  audit: {
    args: { readonly accountId: string; readonly before: number; readonly limit: number };
    answer: StoredAuditEntry[];
  };
  getAccount: {
    args: { readonly accountId: string };
    answer: { id: string; createdAt: number } | null;
  };
  listAccounts: { args: Record<never, never>; answer: string[] };
  loadLogins: {
    args: { readonly accountId: string; readonly now: number };
    answer: {
      readonly logins: readonly LoginRecord[];
      /** In words, what is wrong with others, or with all; null when nothing is. */
      readonly damage: string | null;
    };
  };
}

/** Which records of a collection: those in use, or also deleted ones that changed after a revision. */
export type ConfigScope =
  | { readonly show: 'current' }
  | { readonly show: 'changed'; readonly after: number };

/** A piece of a snapshot as it was read. */
export interface CheckedPiece {
  readonly piece: number;
  readonly digest: string;
  readonly data: string;
  /** Whether it matches its digest. */
  readonly good: boolean;
}

/** Entries of a chat as they were read. */
export interface ChatPage {
  readonly entries: readonly JournalEntry[];
  readonly damage: readonly DamageReport[];
  /** Whether the account has entries whose loss was accepted. */
  readonly lossy: boolean;
  /** Position of the last entry that was looked at; null when there is none left. */
  readonly reached: number | null;
  /** The digests of those that count. */
  readonly digests: readonly string[];
  readonly recorded: RecordedTally;
  /** Whether the index of chats has the chat. */
  readonly isIndexed: boolean;
}

/** What was found in a piece of a journal. */
export interface FoundPage {
  readonly entries: readonly JournalEntry[];
  /** Positions of entries whose loss was accepted, that still hold something. */
  readonly lost: readonly number[];
  readonly lossy: boolean;
  readonly reached: number;
  readonly ended: boolean;
}

export type JournalValue = string | number | null;

/** How many values of `append` make one entry. */
export const ENTRY_FIELDS = 6;

export type WriteName = keyof WriteTable;
export type ReadName = keyof ReadTable;
export type WriteAnswer<N extends WriteName> = WriteTable[N]['answer'];
export type ReadAnswer<N extends ReadName> = ReadTable[N]['answer'];

export type WriteRequest<N extends WriteName = WriteName> = {
  [K in N]: { readonly do: K } & WriteTable[K]['args'];
}[N];
export type ReadRequest<N extends ReadName = ReadName> = {
  [K in N]: { readonly ask: K } & ReadTable[K]['args'];
}[N];

/** Requests about how an engine keeps the data: each does in its own way what there is to do. */
export type OwnWrite = WriteRequest<'wipePages' | 'rebuildIndexes'>;
export type OwnRead = ReadRequest<'uncleanPages' | 'emptyLog' | 'fileFaults'>;

/** All others: what they mean is written once, for every engine (operations/). */
export type SharedWrite = Exclude<WriteRequest, OwnWrite>;
export type SharedRead = Exclude<ReadRequest, OwnRead>;

/** A write or read that did its work, or why it did not. */
export type Outcome =
  | { readonly ok: true; readonly answer: unknown }
  | { readonly ok: false; readonly error: ErrorReport };

/** An error on its way between threads. */
export type ErrorReport =
  | { readonly kind: 'damage'; readonly report: DamageReport }
  | { readonly kind: 'conflict'; readonly reason: ConflictReason; readonly message: string }
  | { readonly kind: 'failure'; readonly message: string; readonly code: string | null };

/** Writes that share a transaction, and reads that follow them. */
export interface Batch {
  readonly writes: readonly WriteRequest[];
  readonly reads: readonly ReadRequest[];
}

/** The transaction is on disk: one outcome per write, and the accounts that others changed. */
export interface Committed {
  readonly kind: 'committed';
  readonly outcomes: readonly Outcome[];
  /** How long the disk took to keep it, ms. */
  readonly diskMs: number;
  readonly changed: readonly string[];
}

/** The transaction failed: none of the batch's writes is in the database. */
export interface Failed {
  readonly kind: 'failed';
  readonly error: ErrorReport;
  readonly changed: readonly string[];
}

/** One outcome per read of the batch; sent after its writes are settled. */
export interface Answered {
  readonly kind: 'answered';
  readonly outcomes: readonly Outcome[];
}

/** What an engine reports: of a batch that it was given, and of itself. */
export type EngineReport =
  | Committed
  | Failed
  | Answered
  /** Accounts whose configuration, logins or existence another process changed. */
  | { readonly kind: 'changed'; readonly changed: readonly string[] }
  /** Damage that requests came across; they were done once more. */
  | ({ readonly kind: 'repaired' } & PageRepair)
  /** The log cannot be emptied into the database, or, with null, can be again. */
  | { readonly kind: 'checkpoint'; readonly error: ErrorReport | null }
  /** After a failed transaction: the disk takes writes again. */
  | { readonly kind: 'recovered' };
