import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type SqliteStoreOptions, type Store, StoreFailure } from '../types.js';
import { errorOf } from './errors.js';
import type { FromWorker, WorkerStart } from './messages.js';
import { SqliteStore } from './store.js';
import { workerFile } from './worker-file.js';

/**
 * Opens the embedded store: one SQLite file, `parley.db`, in a data directory, which is made and
 * upgraded as needed. Several processes may open it; only one of them `exclusive`ly, as the server.
 * An open store does not keep the process running, except while something is being written or read.
 *
 * @throws StoreFailure when another server uses the directory, a newer Parley wrote it, or it
 * cannot be opened; the message says what to do.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const directory = resolve(options.directory);
  const { exclusive = false, busyMs = 5_000 } = options;
  const workerData: WorkerStart = { directory, exclusive, busyMs };
  const worker = new Worker(workerFile(), { workerData, name: 'parley-store' });
  await opened(worker, directory);
  return new SqliteStore(directory, worker);
}

/** Waits for the thread to report that the database is open. */
function opened(worker: Worker, directory: string): Promise<void> {
  return new Promise((done, refuse) => {
    const heard = (message: FromWorker) => {
      stopListening();
      if (message.kind === 'refused') refuse(errorOf(message.error));
      else done();
    };
    const ended = (cause: unknown) => {
      stopListening();
      const what = `Opening the database in ${directory} failed: its thread ended.`;
      refuse(new StoreFailure(what, { cause }));
    };
    const stopListening = () => {
      worker.off('message', heard).off('error', ended).off('exit', ended);
    };
    worker.on('message', heard).on('error', ended).on('exit', ended);
  });
}
