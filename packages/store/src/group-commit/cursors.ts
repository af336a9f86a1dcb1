/** Cursors, spoken to through a queue. */
import type { Cursors } from '../port/cursors.js';
import { checkPosition } from '../validate.js';
import type { CommitQueue } from './commit-queue.js';

export function cursorsOn(queue: CommitQueue): Cursors {
  return {
    read: (accountId, name) => queue.read({ ask: 'cursor', accountId, name }),
    async advance(accountId, name, seq) {
      checkPosition(accountId, `the cursor ${name}`, seq);
      await queue.write({ do: 'advanceCursor', accountId, name, seq });
    },
  };
}
