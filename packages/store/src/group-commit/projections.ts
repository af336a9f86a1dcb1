/** Projections, spoken to through a queue. */
import { StoreDamage } from '../damage.js';
import type { Projections } from '../port/projections.js';
import { projectionNamed, projections } from '../projections/all.js';
import { checkLimit } from '../validate.js';
import { projectionDamage } from './check.js';
import type { CommitQueue } from './commit-queue.js';
import type { Repairs } from './repairs.js';

/** Entries taken in at once: bounds how long that keeps commits waiting. */
const SPAN = 500;

export function projectionsOn(queue: CommitQueue, repairs: Repairs): Projections {
  return {
    names: projections.map(({ name }) => name),
    async chatsOfVisitor(accountId, visitorId, limit) {
      checkLimit(limit);
      const request = { ask: 'chatsOfVisitor', accountId, visitorId, limit } as const;
      return repairs.reading(['chat_index'], () => queue.read(request));
    },
    async damage(accountId, name) {
      try {
        await repairs.reading(['chat_index'], async () => {
          const report = await projectionDamage(queue, accountId, projectionNamed(name).name);
          if (report !== null) throw new StoreDamage(report);
        });
        return null;
      } catch (error) {
        if (error instanceof StoreDamage) return error;
        throw error;
      }
    },
    async rebuild(accountId, name, onProgress = () => {}) {
      await queue.write({ do: 'beginRebuild', accountId, name: projectionNamed(name).name });
      while (await queue.write({ do: 'emptyProjection', accountId, name }));
      for (let from = 0; ; ) {
        const portion = { accountId, name, from, span: SPAN };
        const { reached, of, done } = await queue.write({ do: 'projectOn', ...portion });
        onProgress(reached, of);
        if (done) return;
        from = reached;
      }
    },
  };
}
