import { type Statements, statements } from '../operations/steps.js';
import type { Connection } from './connection.js';
import { indexDamage } from './index-damage.js';

/** What operations are written with, on a connection. */
export function statementsOn(connection: Connection): Statements {
  return {
    ...statements,
    // Whoever shares the file is on the same machine.
    // biome-ignore lint/correctness/useYield: it is one of the steps all the same
    *clock() {
      return Date.now();
    },
    // Made of the names of indexes, so it is SQLite's own; the thread has nothing to wait for.
    // biome-ignore lint/correctness/useYield: it is one of the steps all the same
    *indexDamage(accountId, table, stretch) {
      return indexDamage(connection, accountId, table, stretch);
    },
  };
}
