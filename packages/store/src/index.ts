export type { AnsweredRequest, AnswerToStore } from './port/answered.js';
export { type DamageKind, type DamageReport, StoreDamage } from './damage.js';
export { chainStart, freshAnchor } from './integrity/digests.js';
export type { AcceptedLoss, JournalPosition } from './integrity/position.js';
export { backupDatabase, type BackupProgress } from './sqlite/backup.js';
export { type InlineStore, openInlineStore } from './sqlite/inline-store.js';
export { openSqliteStore } from './sqlite/open-store.js';
export type { Accounts, Rest, Standing } from './port/accounts.js';
export type { Acceptance, CheckStep, ResolvedRecords } from './port/check.js';
export type {
  AuditEntry,
  ConfigChange,
  ConfigItem,
  Configuration,
  ConfigWrite,
  ConfigState,
  ConfigWritten,
  ItemOfAccount,
  StoredAuditEntry,
} from './port/configuration.js';
export type { ChatEntries, JournalEntry, JournalPage, JournalPortion } from './port/entries.js';
export type { Erasure, ErasuresUnderWay, Found, Search, VisitorErasure } from './port/erasing.js';
export { type ConflictReason, StoreConflict, StoreFailure } from './port/errors.js';
export type { IndexFault, Indexes } from './port/indexes.js';
export type { PageRepair } from './port/page-repair.js';
export type { Journal } from './port/journal.js';
export type { Lease, LeaseKey, Leases } from './port/leases.js';
export type { LoginRecord, Logins } from './port/logins.js';
export type { IndexedChat, Projections } from './port/projections.js';
export type {
  ListedSnapshot,
  LoadedJournal,
  SnapshotWriter,
  StoredSnapshot,
} from './port/snapshots.js';
export type { CommitFacts, Store, StoreChange } from './port/store.js';
export type { SqliteStoreOptions } from './sqlite/options.js';
