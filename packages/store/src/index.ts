export { backupDatabase, type BackupProgress } from './sqlite/backup.js';
export { openSqliteStore } from './sqlite/open-store.js';
export {
  type Accounts,
  type AuditEntry,
  type ChatMark,
  type ConfigChange,
  type ConfigItem,
  type Configuration,
  type ConfigWrite,
  type ConfigWritten,
  type ConflictReason,
  type IndexedChat,
  type Journal,
  type JournalEntry,
  type LoginRecord,
  type Logins,
  type Snapshot,
  type SqliteStoreOptions,
  type Store,
  StoreConflict,
  type StoredAuditEntry,
  StoreFailure,
} from './types.js';
