/**
 * The load process, as the bench sees it. It writes HTTP itself and does not use the SDK: on one machine the
 * load's CPU is taken from the server's, what a connection sends must go out by plan (an SDK waits, retries and
 * keeps its order), and the same bytes go to servers that are no chat servers at all.
 */
import { AskedProcess } from './asked-process.js';
import type { FromLoad, Job, JobResult, ToLoad } from './messages.js';

/** What a job may take beyond its own time: connecting, and answers under way at its end. */
const GRACE_MS = 15_000;

export class LoadGenerator {
  readonly #process = new AskedProcess<ToLoad, FromLoad>(new URL('./process.js', import.meta.url));

  /**
   * Makes one measurement.
   * @param onConnected awaited before the first request goes out.
   * @throws Error when an answer is not as expected, or the job does not end in time.
   */
  async run(job: Job, onConnected: () => Promise<void>): Promise<JobResult> {
    await this.#process.ask({ kind: 'prepare', job }, GRACE_MS);
    await onConnected();
    const message = await this.#process.ask({ kind: 'go' }, job.seconds * 1000 + GRACE_MS);
    if (message.kind !== 'done') throw new Error(`The load process answered ${message.kind}.`);
    return message.result;
  }

  stop(): void {
    this.#process.stop();
  }
}
