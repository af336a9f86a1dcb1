/** The load process, as the bench sees it. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromLoad, Job, JobResult, ToLoad } from './messages.js';

/** What a job may take beyond its own time: connecting, and answers under way at its end. */
const GRACE_MS = 15_000;

export class LoadGenerator {
  readonly #child: ChildProcess;

  constructor() {
    const program = fileURLToPath(new URL('./process.js', import.meta.url));
    this.#child = fork(program, [], { serialization: 'advanced', execArgv: [] });
  }

  /**
   * Makes one measurement.
   * @param onConnected awaited before the first request goes out.
   * @throws Error when an answer is not as expected, or the job does not end in time.
   */
  async run(job: Job, onConnected: () => Promise<void>): Promise<JobResult> {
    await this.#ask({ kind: 'prepare', job }, GRACE_MS);
    await onConnected();
    const message = await this.#ask({ kind: 'go' }, job.seconds * 1000 + GRACE_MS);
    if (message.kind !== 'done') throw new Error(`The load process answered ${message.kind}.`);
    return message.result;
  }

  stop(): void {
    this.#child.kill();
  }

  #ask(message: ToLoad, timeoutMs: number): Promise<FromLoad> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        clearTimeout(timer);
        this.#child.removeAllListeners();
        end();
      };
      const timer = setTimeout(() => {
        settle(() => reject(new Error(`The load process did not answer within ${timeoutMs} ms.`)));
        this.stop();
      }, timeoutMs);
      this.#child.once('message', (answer: FromLoad) => {
        settle(() =>
          answer.kind === 'failed' ? reject(new Error(answer.message)) : resolve(answer),
        );
      });
      this.#child.once('exit', (code, signal) => {
        settle(() => reject(new Error(`The load process ended (${signal ?? `code ${code}`}).`)));
      });
      this.#child.send(message);
    });
  }
}
