// How fast a machine is at this moment, so that limits in milliseconds mean the same on each.

/** What the work below takes on the machine that the limits were set on, when nothing else runs there, ms. */
const REFERENCE_MS = 60;

/** Some work of a page. @returns how long it took by the clock, ms */
const work = (page) =>
  page.evaluate(() => {
    const began = performance.now();
    const words = new Map();
    for (let step = 0; step < 300_000; step += 1) {
      const word = `w${(step * 7919) % 5_000}`;
      words.set(word, (words.get(word) ?? 0) + 1);
    }
    return performance.now() - began;
  });

/**
 * @param page of Playwright
 * @returns how many times slower the page runs than on that machine: 1 at least. A limit times this is what the
 *   limit is on a machine that is slow, or busy with other tests; what a change makes slower stays seen.
 */
export async function pace(page) {
  return Math.max(1, (await work(page)) / REFERENCE_MS);
}

/**
 * The processor of a page's main thread: what something takes of it, whatever else runs on the machine.
 * @param page of Playwright
 * @returns measures an act, ms; `speed` is how many times slower the processor is than that of the limits, 1 at
 *   least
 */
export async function processor(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1_000;
  };
  const measure = async (act) => {
    const before = await spent();
    await act();
    return (await spent()) - before;
  };
  const speed = Math.max(1, (await measure(() => work(page))) / REFERENCE_MS);
  return Object.assign(measure, { speed });
}
