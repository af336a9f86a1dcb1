import type { StoreDamage } from '../damage.js';
import type { EngineNews } from '../group-commit/store.js';

/** Where and how to open the embedded store. */
export interface SqliteStoreOptions extends EngineNews {
  /** Folder of the database; created (0700) when missing. */
  readonly directory: string;
  /** True for a server: refuses when another live server holds the folder. */
  readonly exclusive?: boolean;
  /** How long a transaction waits for one of another process, in ms; 5000 unless given. */
  readonly busyMs?: number;
  /** Called with how far an upgrade of the data is, in entries, when one is needed. */
  readonly onUpgrade?: (done: number, of: number) => void;
  /**
   * Called with damage that cost nothing, when it is gone: what rows are found by is made anew, by a server
   * alone.
   */
  readonly onRepaired?: (damage: StoreDamage) => void;
}
