/** The load process of waiting polls, as the bench sees it. */
import { AskedProcess } from '../load/asked-process.js';
import type { PairsResult, PushAnswer, PushJob } from './messages.js';

const TIMEOUT_MS = 120_000;

type Job<K extends PushJob['kind']> = Omit<Extract<PushJob, { kind: K }>, 'kind'>;

export class PushLoad {
  readonly #process = new AskedProcess<PushJob, PushAnswer>(
    new URL('./process.js', import.meta.url),
  );

  /** @throws Error when an answer is not as expected, or a line did not come. */
  async pairs(job: Job<'pairs'>): Promise<PairsResult> {
    const answer = await this.#process.ask({ kind: 'pairs', ...job }, TIMEOUT_MS);
    if (answer.kind !== 'pairs') throw new Error(`The load process answered ${answer.kind}.`);
    return answer.result;
  }

  /** Resolves when every request was sent; they are kept open until `release`. */
  async hold(job: Job<'hold'>): Promise<void> {
    await this.#process.ask({ kind: 'hold', ...job }, TIMEOUT_MS);
  }

  /** Closes what is held. @throws Error when some of it was answered. */
  async release(): Promise<void> {
    const answer = await this.#process.ask({ kind: 'release' }, TIMEOUT_MS);
    if (answer.kind === 'released' && answer.answered === 0) return;
    throw new Error(`Requests that should wait were answered: ${JSON.stringify(answer)}`);
  }

  stop(): void {
    this.#process.stop();
  }
}
