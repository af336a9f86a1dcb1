import type { PageRepair } from '../port/page-repair.js';
import { resolve } from 'node:path';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import { StoreFailure } from '../port/errors.js';
import type { Store } from '../port/store.js';
import type { SqliteStoreOptions } from './options.js';
import { errorOf } from '../group-commit/errors.js';
import { GroupCommitStore } from '../group-commit/store.js';
import type { FromWorker, ThreadStart } from './thread-messages.js';
import { ThreadEngine } from './thread-engine.js';
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
  const { port1: port, port2 } = new MessageChannel();
  const workerData: ThreadStart = { directory, exclusive, busyMs, port: port2 };
  const worker = new Worker(workerFile('worker'), {
    workerData,
    transferList: [port2],
    name: 'parley-store',
    execArgv: preloads(process.execArgv),
  });
  const repair = await opened(worker, port, directory, options.onUpgrade);
  const { onRepaired = () => {}, onPagesRepaired, onCheckpoint } = options;
  if (repair !== null) onPagesRepaired?.(repair);
  return new GroupCommitStore(
    directory,
    (listener) => new ThreadEngine(worker, port, listener),
    exclusive ? onRepaired : null,
    { onPagesRepaired, onCheckpoint },
  );
}

/** Waits for the thread to report that the database is open. Resolves with what had to be made good before. */
function opened(
  worker: Worker,
  port: MessagePort,
  directory: string,
  onUpgrade: SqliteStoreOptions['onUpgrade'],
): Promise<PageRepair | null> {
  return new Promise((done, refuse) => {
    const heard = (message: FromWorker) => {
      if (message.kind === 'upgrading') {
        onUpgrade?.(message.done, message.of);
        return;
      }
      stopListening();
      if (message.kind === 'refused') refuse(errorOf(message.error));
      else done(message.kind === 'ready' ? message.repair : null);
    };
    const ended = (cause: unknown) => {
      // Its last words may come after the news of its end.
      const said = receiveMessageOnPort(port);
      if (said !== undefined) return heard(said.message);
      stopListening();
      const what = `Opening the database in ${directory} failed: its thread ended.`;
      refuse(new StoreFailure(what, { cause }));
    };
    const stopListening = () => {
      port.off('message', heard);
      worker.off('error', ended).off('exit', ended);
    };
    port.on('message', heard);
    worker.on('error', ended).on('exit', ended);
  });
}

/**
 * What this process loads before anything else is loaded by the thread too; conditions are not handed on,
 * for whatever this process runs, the thread runs what is built.
 */
function preloads(execArgv: readonly string[]): string[] {
  return execArgv.flatMap((argument, index) => {
    if (/^--import=/.test(argument)) return [argument];
    const value = execArgv[index + 1];
    return argument === '--import' && value !== undefined ? [argument, value] : [];
  });
}
