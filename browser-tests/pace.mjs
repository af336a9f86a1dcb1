// How fast a machine is at this moment, so that limits in milliseconds mean the same on each.

/** What the work below takes on the machine that the limits were set on, when nothing else runs there, ms. */
const REFERENCE_MS = 60;

/**
 * @param page of Playwright
 * @returns how many times slower the page runs than on that machine: 1 at least. A limit times this is what the
 *   limit is on a machine that is slow, or busy with other tests; what a change makes slower stays seen.
 */
export async function pace(page) {
  const took = await page.evaluate(() => {
    const began = performance.now();
    const words = new Map();
    for (let step = 0; step < 300_000; step += 1) {
      const word = `w${(step * 7919) % 5_000}`;
      words.set(word, (words.get(word) ?? 0) + 1);
    }
    return performance.now() - began;
  });
  return Math.max(1, took / REFERENCE_MS);
}
