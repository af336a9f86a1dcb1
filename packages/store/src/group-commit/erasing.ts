/** What takes something away for good, spoken to through a queue. */
import { StoreDamage } from '../damage.js';
import type { Erasing } from '../port/erasing.js';
import type { Snapshots } from '../port/snapshots.js';
import { checkErasure } from '../validate.js';
import type { CommitQueue } from './commit-queue.js';
import type { ReadAnswer } from './messages.js';

/** How many entries are looked at at once: bounds the time that a look keeps commits waiting. */
const SPAN = 2_000;

export function erasingOn(
  queue: CommitQueue,
): Erasing & Pick<Snapshots, 'snapshots' | 'forgetSnapshots'> {
  return {
    async find(accountId, { after, types, holding = null }) {
      const look = { accountId, after, span: SPAN, types, holding };
      const { damage, ...found } = await queue.read({ ask: 'findPage', ...look });
      const [first] = damage;
      if (first !== undefined) throw new StoreDamage(first);
      return found;
    },
    async erase(accountId, erasure) {
      checkErasure(accountId, erasure);
      await queue.write({ do: 'erase', accountId, erasure });
    },
    erasuresUnderWay: (accountId) => queue.read({ ask: 'erasuresUnderWay', accountId }),
    snapshots: (accountId) => queue.read({ ask: 'listSnapshots', accountId }),
    async forgetSnapshots(accountId, ids) {
      await queue.write({ do: 'forgetSnapshots', accountId, ids });
      while (await queue.write({ do: 'prunePieces', accountId }));
    },
    async wipePages() {
      for (let after: number | null = 0; after !== null; ) {
        const { pages, reached }: ReadAnswer<'uncleanPages'> = await queue.read({
          ...{ ask: 'uncleanPages', after },
        });
        if (pages.length > 0) await queue.write({ do: 'wipePages', pages });
        after = reached;
      }
    },
    emptyLog: () => queue.read({ ask: 'emptyLog' }),
  };
}
