/** Leases, spoken to through a queue. */
import type { Leases } from '../port/leases.js';
import { checkLease, checkLimit } from '../validate.js';
import type { CommitQueue } from './commit-queue.js';

export function leasesOn(queue: CommitQueue): Leases {
  return {
    async take(accountId, owner, forMs) {
      checkLease(owner, forMs);
      return queue.write({ do: 'takeLease', accountId, owner, forMs });
    },
    async renew(owner, forMs) {
      checkLease(owner, forMs);
      return queue.write({ do: 'renewLeases', owner, forMs });
    },
    release: (accountId, { owner, epoch }) =>
      queue.write({ do: 'releaseLease', accountId, owner, epoch }),
    of: (accountId) => queue.read({ ask: 'lease', accountId }),
    async expired(limit) {
      checkLimit(limit);
      return queue.read({ ask: 'expiredLeases', limit });
    },
  };
}
