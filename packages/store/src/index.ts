export { type DamageKind, type DamageReport, StoreDamage } from './damage.js';
export { freshAnchor } from './integrity/digests.js';
export type { AcceptedLoss, JournalPosition } from './integrity/walk.js';
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
  type IndexedChat,
  type Journal,
  type JournalEntry,
  type JournalPage,
  type LoadedJournal,
  type LoginRecord,
  type Logins,
  type SnapshotWriter,
  type SqliteStoreOptions,
  type Store,
  type StoreChange,
  StoreConflict,
  type StoredAuditEntry,
  type StoredSnapshot,
  StoreFailure,
} from './types.js';
