/** A copy of the database that can be made while a server writes to it. */
import { once } from 'node:events';
import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StoreFailure } from '../port/errors.js';
import type { BackupOutcome, BackupStart } from './backup-worker.js';
import { workerFile } from './worker-file.js';

/** Where a copy is, and how much of the data was there. */
export interface BackupProgress {
  /** Bytes written so far. */
  readonly written: number;
  /** Bytes of the database; the copy is of about this size, or smaller. */
  readonly of: number;
}

/** How often progress is reported, ms. */
const REPORT_EVERY = 500;

/**
 * Copies the database of a data directory, as it is at one moment: everything that was acknowledged
 * before the call is in the copy. Copying the file itself would lose what stands in the log beside
 * it, or mix two moments. The copy is on disk, and checked, when this resolves.
 * @param directory the data directory
 * @param target file to be made; must not exist
 * @throws StoreFailure when the database cannot be read, the copy cannot be written, or the copy is
 *   damaged.
 */
export async function backupDatabase(
  directory: string,
  target: string,
  onProgress: (progress: BackupProgress) => void = () => {},
): Promise<void> {
  const source = join(directory, 'parley.db');
  const of = sizeOf(source);
  const start: BackupStart = { source, target };
  const worker = new Worker(workerFile('backup-worker'), { workerData: start });
  const reporting = setInterval(() => onProgress({ written: sizeOf(target), of }), REPORT_EVERY);
  try {
    const [outcome] = (await once(worker, 'message')) as [BackupOutcome];
    if (!outcome.ok) {
      throw new StoreFailure(`The database ${source} could not be copied: ${outcome.why}.`);
    }
    syncFile(target);
    onProgress({ written: sizeOf(target), of });
  } catch (error) {
    if (error instanceof StoreFailure) throw error;
    throw new StoreFailure(`The database ${source} could not be copied.`, { cause: error });
  } finally {
    clearInterval(reporting);
    await worker.terminate();
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
