/**
 * Prints how many times as much CPU a tick takes once the whole heap was collected: run with --expose-gc, and
 * with "kept" as a server does it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { keepTickObjects } from '../dist/tick-objects.js';

const TICKS = 100_000;
const ROUNDS = 4;

function cpuOf(count) {
  return new Promise((resolve) => {
    const before = process.cpuUsage();
    let left = count;
    const tick = () => {
      left -= 1;
      if (left > 0) {
        process.nextTick(tick);
        return;
      }
      const { user, system } = process.cpuUsage(before);
      resolve(user + system);
    };
    tick();
  });
}

/** The least of several: what else the machine does only adds. */
async function measure() {
  const found = [];
  for (let round = 0; round < ROUNDS; round += 1) found.push(await cpuOf(TICKS));
  return Math.min(...found);
}

if (process.argv[2] === 'kept') keepTickObjects();
const before = await measure();
for (let time = 0; time < 4; time += 1) {
  // No tick is pending meanwhile, as in a server with nothing to do.
  await pause(10);
  globalThis.gc();
}
console.log((await measure()) / before);
