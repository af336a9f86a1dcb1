/**
 * Loaded into a server before everything else, it sets the process's clocks when a test says so:
 * after a signal they go by the two numbers in the file that PARLEY_CLOCK names, ms: how far the date
 * is off, and for how long the process seems to have stood still.
 */
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.PARLEY_CLOCK;

if (isMainThread && file !== undefined) {
  let set = 0;
  let stood = 0;
  const RealDate = Date;
  const elapsed = performance.now.bind(performance);
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(Date.now());
      else super(...given);
    }
    static now() {
      return RealDate.now() + set + stood;
    }
  };
  performance.now = () => elapsed() + stood;
  process.on('SIGUSR2', () => {
    [set, stood] = JSON.parse(readFileSync(file, 'utf8'));
  });
}
