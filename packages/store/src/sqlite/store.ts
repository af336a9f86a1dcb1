import { type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import {
  type Accounts,
  type Configuration,
  type Journal,
  type Logins,
  type Store,
  type StoreChange,
  StoreFailure,
} from '../types.js';
import { CommitQueue } from './commit-queue.js';
import { accountsOn, configurationOn, loginsOn } from './facades.js';
import { journalOn } from './journal-facade.js';
import type { FromWorker, ToWorker } from './messages.js';

/** Whether the disk took the last write, and whether the thread still runs. */
type Health = 'good' | 'refusing' | 'ended';

/** The main thread's side of the embedded store. */
export class SqliteStore implements Store {
  readonly journal: Journal;
  readonly config: Configuration;
  readonly accounts: Accounts;
  readonly logins: Logins;
  readonly #directory: string;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #queue: CommitQueue;
  readonly #listeners = new Set<(change: StoreChange) => void>();
  #health: Health = 'good';
  #closing: Promise<void> | null = null;

  /**
   * @param worker a thread that has reported that the database is open.
   * @param port speaks with it.
   */
  constructor(directory: string, worker: Worker, port: MessagePort) {
    this.#directory = directory;
    this.#worker = worker;
    this.#port = port;
    this.#queue = new CommitQueue({
      send: (batch) => {
        // While work is under way the process must not end.
        worker.ref();
        port.postMessage(batch);
      },
      look: () => this.#look(),
      rest: () => worker.unref(),
    });
    this.journal = journalOn(this.#queue);
    this.config = configurationOn(this.#queue);
    this.accounts = accountsOn(this.#queue);
    this.logins = loginsOn(this.#queue);
    port.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (cause) => this.#threadEnded(cause));
    worker.on('exit', () => this.#threadEnded(undefined));
    worker.unref();
    port.unref();
  }

  onChange(listener: (change: StoreChange) => void): () => void {
    // A function of its own, so that registering one listener twice gives two registrations.
    const registered = (change: StoreChange) => listener(change);
    this.#listeners.add(registered);
    return () => {
      this.#listeners.delete(registered);
    };
  }

  healthy(): boolean {
    return this.#health === 'good';
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#queue.stopAccepting(
      new StoreFailure(`The store in ${this.#directory} is closed. Open it again to use it.`),
    );
    await this.#queue.whenIdle();
    if (this.#health === 'ended') return;
    await new Promise<void>((ended) => {
      this.#worker.once('exit', () => ended());
      this.#worker.ref();
      this.#port.postMessage({ kind: 'close' } satisfies ToWorker);
    });
    this.#listeners.clear();
  }

  /** Takes in what the thread has said and the event loop has not got to yet. */
  #look(): void {
    for (;;) {
      const said = receiveMessageOnPort(this.#port);
      if (said === undefined) return;
      this.#receive(said.message);
    }
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'committed':
        this.#health = 'good';
        this.#notifyOfOthers(message.changed);
        this.#notify(this.#queue.committed(message));
        break;
      case 'failed':
        this.#health = 'refusing';
        this.#queue.failed(message);
        this.#notifyOfOthers(message.changed);
        break;
      case 'answered':
        this.#queue.answered(message);
        break;
      case 'changed':
        this.#notifyOfOthers(message.changed);
        break;
      case 'recovered':
        this.#health = 'good';
        break;
      case 'upgrading':
      case 'ready':
      case 'refused':
      case 'closed':
        break;
      default:
        message satisfies never;
    }
  }

  #notifyOfOthers(accountIds: readonly string[]): void {
    this.#notify(accountIds.map((accountId) => ({ changed: 'unknown', accountId })));
  }

  #notify(changes: readonly StoreChange[]): void {
    for (const change of changes) {
      for (const listener of this.#listeners) listener(change);
    }
  }

  #threadEnded(cause: unknown): void {
    // Its last words may come after the news of its end: what it committed is committed.
    this.#look();
    this.#health = 'ended';
    this.#queue.abandon(
      new StoreFailure(
        `The database's thread for ${this.#directory} ended unexpectedly. Restart the program; nothing that was acknowledged is lost.`,
        { cause },
      ),
    );
  }
}
