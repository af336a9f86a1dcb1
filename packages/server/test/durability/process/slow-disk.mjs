/**
 * Loaded into a server before everything else (`--import …/slow-disk.mjs?ms=8`), it makes the disk
 * slow: every write waits before it is begun. What is answered too early is then seen to be lost.
 */
import { parentPort, workerData } from 'node:worker_threads';

const ms = Number(new URL(import.meta.url).searchParams.get('ms'));
const sleeper = new Int32Array(new SharedArrayBuffer(4));

if (parentPort !== null && workerData?.directory !== undefined) {
  const listen = parentPort.on.bind(parentPort);
  parentPort.on = (event, listener) =>
    listen(event, (message) => {
      if (message?.writes?.length > 0) Atomics.wait(sleeper, 0, 0, ms);
      listener(message);
    });
}
