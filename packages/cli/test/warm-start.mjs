/**
 * Loaded into a server before everything else: reads the server's code, which is most of what a
 * start costs, and waits for a line on standard input before anything is run. So the code of the
 * next server can be read while the one before it is still alive.
 *
 * When standard input ends, the test is gone, and the server with it.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  await import('../dist/run-server.js');
  await new Promise((resolve) => {
    process.stdin.once('data', resolve);
    process.stdin.once('end', () => process.kill(process.pid, 'SIGKILL'));
  });
  process.stdin.unref();
}
