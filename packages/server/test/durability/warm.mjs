/**
 * Loaded into a server before everything else: reads the server's code, which is most of what a
 * start costs, and waits until standard input is closed before anything is run. So the code of the
 * next server can be read while the one before it is still alive.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  await import('../../../cli/dist/run-server.js');
  for await (const _ of process.stdin);
}
