/** Work on many things that leaves the event loop free in between. */

/** Time that may pass before the event loop looks for other things, ms. */
const SLICE_MS = 2;

/**
 * Goes through a sequence, a few milliseconds of it at a time: at once, and the rest in later turns of
 * the event loop.
 * @param steps does a little with each `next`; may go on while what it walks over changes
 * @param done called at the end
 */
export function inSlices(steps: Iterator<unknown>, done: () => void): void {
  const until = performance.now() + SLICE_MS;
  do {
    if (steps.next().done === true) {
      done();
      return;
    }
  } while (performance.now() < until);
  setImmediate(() => inSlices(steps, done));
}
