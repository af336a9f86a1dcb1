/** What the store commits: how many transactions, how large, how long the disk takes. */
import type { CommitFacts } from '@parley/store';
import { Counter, Histogram, type Registry } from 'prom-client';

const WRITES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 4_096];

/** From what a fast disk takes to what is an outage, seconds. */
const DISK = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];

export class StoreMetrics {
  readonly #commits: Counter<'outcome'>;
  readonly #writes: Histogram;
  readonly #fsync: Histogram;
  readonly #duration: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#commits = new Counter({
      name: 'parley_store_commits_total',
      help: 'Transactions: committed, or failed, so that nothing of them was kept.',
      labelNames: ['outcome'],
      registers,
    });
    // A counter that begins with its first failure shows no growth: alerts would not see it.
    for (const outcome of ['committed', 'failed']) this.#commits.inc({ outcome }, 0);
    this.#writes = new Histogram({
      name: 'parley_store_commit_writes',
      help: 'Writes that shared a transaction, and its wait for the disk.',
      buckets: WRITES,
      registers,
    });
    this.#fsync = new Histogram({
      name: 'parley_store_fsync_seconds',
      help: 'How long the disk took to keep a transaction: its COMMIT.',
      buckets: DISK,
      registers,
    });
    this.#duration = new Histogram({
      name: 'parley_store_commit_duration_seconds',
      help: 'From handing a transaction to the store until it was known to be on disk.',
      buckets: DISK,
      registers,
    });
  }

  committed({ outcome, writes, ms, diskMs }: CommitFacts): void {
    this.#commits.inc({ outcome });
    this.#duration.observe(ms / 1000);
    if (outcome === 'failed') return;
    this.#writes.observe(writes);
    this.#fsync.observe(diskMs / 1000);
  }
}
