/**
 * Makes indexes anew where rows seem to be missing: an index that was damaged hides them, and they are
 * there again. Only a server does so; whoever works beside it is shown the damage alone.
 */
import { StoreDamage } from '../damage.js';
import type { CommitQueue } from './commit-queue.js';
import type { Rebuilt } from './messages.js';

export class Repairs {
  readonly #queue: CommitQueue;
  readonly #onRepaired: ((damage: StoreDamage) => void) | null;
  /** Each is made anew once: what is damaged still is so otherwise, and again and again would cost all. */
  readonly #rebuilt = new Set<Rebuilt>();

  /** @param onRepaired called with what was wrong, when it is good again; null where nothing may be made anew */
  constructor(queue: CommitQueue, onRepaired: ((damage: StoreDamage) => void) | null) {
    this.#queue = queue;
    this.#onRepaired = onRepaired;
  }

  /** Whether what is stored may be changed to be found again. */
  get allowed(): boolean {
    return this.#onRepaired !== null;
  }

  /** Makes a table's indexes anew; answers whether that was done now. */
  async rebuild(table: Rebuilt): Promise<boolean> {
    if (!this.allowed || this.#rebuilt.has(table)) return false;
    this.#rebuilt.add(table);
    return this.#queue.write({ do: 'rebuildIndexes', table });
  }

  repaired(damage: StoreDamage): void {
    this.#onRepaired?.(damage);
  }

  /** Reads rows; where they are damaged, once more when those tables' indexes were made anew. */
  async reading<T>(tables: readonly Rebuilt[], read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof StoreDamage)) throw error;
      let isRebuilt = false;
      for (const table of tables) isRebuilt = (await this.rebuild(table)) || isRebuilt;
      if (!isRebuilt) throw error;
      const answer = await read();
      this.repaired(error);
      return answer;
    }
  }
}
