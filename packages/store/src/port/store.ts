/**
 * What the rest of Parley may ask of a store, whichever engine holds the data. Three kinds of data,
 * never mixed: configuration (records with revisions), live state (journal, snapshots, and what is
 * made of them), and logins.
 *
 * Every write resolves only when it is on disk.
 */
import type { Accounts } from './accounts.js';
import type { ConfigWritten, Configuration } from './configuration.js';
import type { Indexes } from './indexes.js';
import type { Journal } from './journal.js';
import type { Leases } from './leases.js';
import type { Logins } from './logins.js';
import type { Cursors } from './cursors.js';
import type { Projections } from './projections.js';

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
   * The account is new, or another process changed its configuration or its logins (reported within a
   * second or so): what is new must be asked for.
   */
  | { readonly changed: 'unknown'; readonly accountId: string };

/** One transaction, for whoever measures the store. */
export interface CommitFacts {
  /** failed: nothing of it was kept. */
  readonly outcome: 'committed' | 'failed';
  /** How many writes shared it. */
  readonly writes: number;
  /** From handing it over until that was known, ms. */
  readonly ms: number;
  /** Of these, what the disk took to keep it, ms; 0 when it failed. */
  readonly diskMs: number;
}

export interface Store {
  readonly journal: Journal;
  readonly projections: Projections;
  readonly cursors: Cursors;
  readonly leases: Leases;
  readonly config: Configuration;
  readonly accounts: Accounts;
  readonly logins: Logins;
  readonly indexes: Indexes;
  /**
   * Calls the listener for every change that is committed, before the promise of the write that made
   * it resolves. It must not throw. Returns a function that stops it.
   */
  onChange(listener: (change: StoreChange) => void): () => void;
  /**
   * Calls the listener for every transaction, as soon as it is known what became of it. It must not
   * throw. Returns a function that stops it.
   */
  onCommit(listener: (commit: CommitFacts) => void): () => void;
  /** Characters of journal entries that were called for and are not on disk yet. */
  unwritten(): number;
  /** True while writes are expected to succeed (for `/readyz`). After a failure the disk is tried every second. */
  healthy(): boolean;
  /** Waits for what is queued, then releases everything. Later calls of any method fail with StoreFailure. */
  close(): Promise<void>;
}
