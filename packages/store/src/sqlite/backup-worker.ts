/** The thread that copies a database: the copy is one long statement. */
import { chmodSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { Connection, sqliteCode } from './connection.js';

export interface BackupStart {
  readonly source: string;
  readonly target: string;
}

export type BackupOutcome = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** How long to wait for another process's transaction, ms. */
const BUSY_MS = 30_000;

function copy({ source, target }: BackupStart): BackupOutcome {
  try {
    const from = new Connection(source, BUSY_MS);
    try {
      from.run('vacuum into ?', [target]);
    } finally {
      from.close();
    }
    chmodSync(target, 0o600);
    const copied = new Connection(target, BUSY_MS);
    try {
      const checked = copied.first<{ integrity_check: string }>('pragma integrity_check');
      if (checked?.integrity_check !== 'ok') return { ok: false, why: 'the copy is damaged' };
    } finally {
      copied.close();
    }
    return { ok: true };
  } catch (error) {
    const code = sqliteCode(error);
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, why: code === null ? why : `${why} (${code})` };
  }
}

parentPort?.postMessage(copy(workerData as BackupStart));
