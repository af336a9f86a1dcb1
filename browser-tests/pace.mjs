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

/** What the browser records of a page's main thread while something is done. @returns its events of one page */
async function traced(page, act) {
  const browser = page.context().browser();
  await browser.startTracing(page, {
    categories: ['blink.user_timing', 'disabled-by-default-devtools.timeline'],
  });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  return traceEvents;
}

/**
 * The tasks of a page's main thread while it is loaded, in processor time, which other programs do not lengthen.
 * @param page of Playwright
 * @param load goes to the page
 * @returns what each took, ms
 */
export async function tasksOfLoad(page, load) {
  const events = await traced(page, load);
  const began = events.findLast(
    ({ name, args }) => name === 'navigationStart' && args.data?.documentLoaderURL === page.url(),
  );
  const tasks = events.flatMap(({ name, pid, tid, ts, tdur }) =>
    // One that was under way when the recording ended has no length.
    name === 'RunTask' && pid === began?.pid && tid === began.tid && ts >= began.ts && tdur > 0
      ? [tdur / 1_000]
      : [],
  );
  if (tasks.length === 0) throw new Error('The browser has recorded no task of the page.');
  return tasks;
}

/** For how long tasks block a page, each by what it takes beyond a length, ms. */
export function blockingTime(tasks, length) {
  return tasks.reduce((sum, took) => sum + Math.max(0, took - length), 0);
}

/**
 * The processor time of a page's main thread between two marks that the page sets itself, `began` and `done`: not
 * what it takes to have it do something from outside, which is as much as a panel on a page that is slowed down.
 * @returns ms
 */
export async function betweenMarks(page, act) {
  const events = await traced(page, act);
  const [began, done] = ['began', 'done'].map((mark) =>
    events.findLast(({ name, cat }) => name === mark && cat.includes('blink.user_timing')),
  );
  if (!(done?.tts >= began?.tts)) throw new Error('The page has set no marks.');
  return (done.tts - began.tts) / 1_000;
}
