/** The main thread's side of the embedded engine: a thread holds the database. */
import { type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import type { Engine, EngineListener } from '../group-commit/engine.js';
import type { Batch } from '../group-commit/messages.js';
import type { FromWorker, ToWorker } from './thread-messages.js';

export class ThreadEngine implements Engine {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #listener: EngineListener;
  #phase: 'open' | 'ended' = 'open';

  /**
   * @param worker a thread that has reported that the database is open.
   * @param port speaks with it.
   */
  constructor(worker: Worker, port: MessagePort, listener: EngineListener) {
    this.#worker = worker;
    this.#port = port;
    this.#listener = listener;
    port.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (cause) => this.#threadEnded(cause));
    worker.on('exit', () => this.#threadEnded(undefined));
    worker.unref();
    port.unref();
  }

  send({ writes, reads }: Batch): void {
    // While work is under way the process must not end.
    this.#worker.ref();
    this.#port.postMessage({ kind: 'batch', writes, reads } satisfies ToWorker);
  }

  look(): void {
    for (;;) {
      const said = receiveMessageOnPort(this.#port);
      if (said === undefined) return;
      this.#receive(said.message);
    }
  }

  rest(): void {
    this.#worker.unref();
  }

  async close(): Promise<void> {
    await new Promise<void>((ended) => {
      this.#worker.once('exit', () => ended());
      this.#worker.ref();
      this.#port.postMessage({ kind: 'close' } satisfies ToWorker);
    });
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'upgrading':
      case 'ready':
      case 'refused':
      case 'closed':
        break;
      default:
        this.#listener.report(message);
    }
  }

  #threadEnded(cause: unknown): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    // Its last words may come after the news of its end: what it committed is committed.
    this.look();
    this.#listener.ended(cause);
  }
}
