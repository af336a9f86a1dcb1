/**
 * The thread that holds the database: SQLite waits for the disk here, and the server's event loop
 * does not.
 */
import { workerData } from 'node:worker_threads';
import { DatabaseThread } from './database-thread.js';
import { reportError } from './errors.js';
import type { FromWorker, ThreadStart, ToWorker } from './thread-messages.js';
import { openDatabase } from './open-database.js';

function start({ port, ...options }: ThreadStart): void {
  const post = (message: FromWorker) => port.postMessage(message);
  try {
    const opened = openDatabase(options, (done, of) => post({ kind: 'upgrading', done, of }));
    const thread = new DatabaseThread(opened, post);
    port.on('message', (message: ToWorker) => {
      if (message.kind === 'batch') {
        thread.work(message);
        return;
      }
      thread.close();
      post({ kind: 'closed' });
      port.close();
    });
    post({ kind: 'ready', repair: opened.repair });
  } catch (error) {
    post({
      kind: 'refused',
      error: reportError(error, 'Opening the database', options.directory),
    });
    port.close();
  }
}

start(workerData as ThreadStart);
