/** Projections, spoken to through a queue. */
import { StoreDamage } from '../damage.js';
import type { Projections } from '../port/projections.js';
import { projectionNamed, projections } from '../projections/all.js';
import { checkLimit } from '../validate.js';
import { projectionDamage } from './check.js';
import type { CommitQueue } from './commit-queue.js';

/** Entries taken in at once: bounds how long that keeps commits waiting. */
const SPAN = 500;

export function projectionsOn(queue: CommitQueue): Projections {
  return {
    names: projections.map(({ name }) => name),
    async chatsOfVisitor(accountId, visitorId, limit) {
      checkLimit(limit);
      return queue.read({ ask: 'chatsOfVisitor', accountId, visitorId, limit });
    },
    async damage(accountId, name) {
      const report = await projectionDamage(queue, accountId, projectionNamed(name).name);
      return report === null ? null : new StoreDamage(report);
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
