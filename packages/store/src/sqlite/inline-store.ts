/**
 * The embedded store in the calling thread: for simulations, which must know when nothing is under way, and
 * whose data nobody needs after the process. A server's own store has a thread (`open-store.ts`).
 */
import { resolve } from 'node:path';
import type { Engine, EngineListener } from '../group-commit/engine.js';
import type { Batch } from '../group-commit/messages.js';
import { GroupCommitStore } from '../group-commit/store.js';
import type { Store } from '../port/store.js';
import { DatabaseThread } from './database-thread.js';
import { openDatabase } from './open-database.js';
import type { FromWorker } from './thread-messages.js';

/** A store, and what ends it as a crash of its process would. */
export interface InlineStore {
  readonly store: Store;
  /** What is committed stays; whatever waits to be is refused, and nothing more is written. */
  crash(): void;
}

/**
 * Opens the store of a data directory in this thread. Commits do not wait for the disk: they survive
 * `crash`, and not a power cut.
 * @throws StoreFailure as `openSqliteStore` does.
 */
export function openInlineStore({ directory }: { readonly directory: string }): InlineStore {
  const path = resolve(directory);
  const opened = openDatabase({ directory: path, exclusive: true, busyMs: 5_000 });
  opened.connection.execute('pragma synchronous = off');
  let engine: InlineEngine | null = null;
  const store = new GroupCommitStore(
    path,
    (listener) => {
      engine = new InlineEngine((post) => new DatabaseThread(opened, post), listener);
      return engine;
    },
    () => {},
  );
  return { store, crash: () => engine?.crash() };
}

class InlineEngine implements Engine {
  readonly #listener: EngineListener;
  readonly #database: DatabaseThread;
  #phase: 'open' | 'over' = 'open';

  constructor(make: (post: (message: FromWorker) => void) => DatabaseThread, to: EngineListener) {
    this.#listener = to;
    this.#database = make((message) => {
      if (this.#phase === 'over') return;
      if (message.kind === 'upgrading' || message.kind === 'ready') return;
      if (message.kind === 'refused' || message.kind === 'closed') return;
      this.#listener.report(message);
    });
  }

  send(batch: Batch): void {
    // Whoever hands it over does not expect the answer before that.
    queueMicrotask(() => {
      if (this.#phase === 'open') this.#database.work({ kind: 'batch', ...batch });
    });
  }

  look(): void {}

  rest(): void {}

  async close(): Promise<void> {
    this.#end();
  }

  crash(): void {
    if (this.#end()) this.#listener.ended(new Error('The store was crashed.'));
  }

  #end(): boolean {
    if (this.#phase === 'over') return false;
    this.#phase = 'over';
    this.#database.close();
    return true;
  }
}
