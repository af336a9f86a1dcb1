/** What goes between the thread that holds the database and the one that serves. */
import type { PageRepair } from '../port/page-repair.js';
import type { MessagePort } from 'node:worker_threads';
import type { Batch, EngineReport, ErrorReport } from '../group-commit/messages.js';

/** What the thread that holds the database is started with. */
export interface WorkerStart {
  readonly directory: string;
  readonly exclusive: boolean;
  /** How long a transaction waits for one of another process, in ms. */
  readonly busyMs: number;
}

/** What the thread is started with: how to open the database, and where to speak with the other side. */
export interface ThreadStart extends WorkerStart {
  readonly port: MessagePort;
}

export type ToWorker = ({ readonly kind: 'batch' } & Batch) | { readonly kind: 'close' };

export type FromWorker =
  /** Before it is ready: how many entries of the data are brought up to date. */
  | { readonly kind: 'upgrading'; readonly done: number; readonly of: number }
  /** With what had to be made good before; null for nothing. */
  | { readonly kind: 'ready'; readonly repair: PageRepair | null }
  /** The database could not be opened; the thread ends. */
  | { readonly kind: 'refused'; readonly error: ErrorReport }
  | EngineReport
  | { readonly kind: 'closed' };
