/** What takes something away for good, spoken to through a queue. */
import type { Erasing } from '../port/erasing.js';
import type { Snapshots } from '../port/snapshots.js';
import { checkErasure } from '../validate.js';
import type { CommitQueue } from './commit-queue.js';
import type { FoundPage, ReadAnswer } from './messages.js';

/** How many entries are looked through in one go, a portion at a time: nothing waits long for one. */
const SPAN = 2_000;

export function erasingOn(
  queue: CommitQueue,
): Erasing & Pick<Snapshots, 'snapshots' | 'forgetSnapshots'> {
  return {
    async find(accountId, { after, types, holding = null }) {
      const until = after + SPAN;
      const pages: FoundPage[] = [];
      let reached = after;
      let ended = false;
      while (!ended && reached < until) {
        const look = { accountId, after: reached, span: until - reached, types, holding };
        const page = await queue.read({ ask: 'findPage', ...look });
        pages.push(page);
        ({ reached, ended } = page);
      }
      return {
        entries: pages.flatMap(({ entries }) => entries),
        lost: pages.flatMap(({ lost }) => lost),
        lossy: pages.some(({ lossy }) => lossy),
        ...{ reached, ended },
      };
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
