/** What the store commits: how many transactions, how large, how long the disk takes. */
import type { CommitFacts } from '@parley/store';
import type { Registry } from 'prom-client';
import { Observations, PlainCounter, PlainHistogram } from './plain.js';

const WRITES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 4_096];

/** From what a fast disk takes to what is an outage, seconds. */
const DISK = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];

export class StoreMetrics {
  readonly #commits: PlainCounter<CommitFacts['outcome']>;
  readonly #writes = new Observations(WRITES);
  readonly #fsync = new Observations(DISK);
  readonly #duration = new Observations(DISK);

  constructor(registry: Registry) {
    const registers = [registry];
    this.#commits = new PlainCounter(
      'outcome',
      {
        name: 'parley_store_commits_total',
        help: 'Transactions: committed, or failed, so that nothing of them was kept.',
        registers,
      },
      // A counter that begins with its first failure shows no growth: alerts would not see it.
      ['committed', 'failed'],
    );
    new PlainHistogram(
      {
        name: 'parley_store_commit_writes',
        help: 'Writes that shared a transaction, and its wait for the disk.',
        registers,
      },
      WRITES,
      () => [[{}, this.#writes]],
    );
    new PlainHistogram(
      {
        name: 'parley_store_fsync_seconds',
        help: 'How long the disk took to keep a transaction: its COMMIT.',
        registers,
      },
      DISK,
      () => [[{}, this.#fsync]],
    );
    new PlainHistogram(
      {
        name: 'parley_store_commit_duration_seconds',
        help: 'From handing a transaction to the store until it was known to be on disk.',
        registers,
      },
      DISK,
      () => [[{}, this.#duration]],
    );
  }

  committed({ outcome, writes, ms, diskMs }: CommitFacts): void {
    this.#commits.add(outcome);
    this.#duration.observe(ms / 1000);
    if (outcome === 'failed') return;
    this.#writes.observe(writes);
    this.#fsync.observe(diskMs / 1000);
  }
}
