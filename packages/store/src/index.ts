export type { AnsweredRequest, KeptAnswer } from './answered.js';
export { type DamageKind, type DamageReport, StoreDamage } from './damage.js';
export { freshAnchor } from './integrity/digests.js';
export type { AcceptedLoss, JournalPosition } from './integrity/position.js';
export { backupDatabase, type BackupProgress } from './sqlite/backup.js';
export { openSqliteStore } from './sqlite/open-store.js';
export {
  type Acceptance,
  type Accounts,
  type AuditEntry,
  type ChatEntries,
  type ChatMark,
  type CheckStep,
  type ConfigChange,
  type ConfigItem,
  type Configuration,
  type ConfigWrite,
  type ConfigState,
  type ConfigWritten,
  type ConflictReason,
  type Erasure,
  type ErasuresUnderWay,
  type Found,
  type IndexedChat,
  type Journal,
  type JournalEntry,
  type JournalPage,
  type ListedSnapshot,
  type LoadedJournal,
  type LoginRecord,
  type Logins,
  type Search,
  type SnapshotWriter,
  type SqliteStoreOptions,
  type Store,
  type StoreChange,
  StoreConflict,
  type StoredAuditEntry,
  type StoredSnapshot,
  StoreFailure,
  type VisitorErasure,
} from './types.js';
