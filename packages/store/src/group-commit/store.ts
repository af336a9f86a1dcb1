/** A store on any engine: the port on one side, batches for the engine on the other. */
import type { PageRepair } from '../port/page-repair.js';
import type { StoreDamage } from '../damage.js';
import type { Accounts } from '../port/accounts.js';
import type { Configuration } from '../port/configuration.js';
import { StoreFailure } from '../port/errors.js';
import type { Journal } from '../port/journal.js';
import type { Cursors } from '../port/cursors.js';
import type { Leases } from '../port/leases.js';
import type { Projections } from '../port/projections.js';
import type { Indexes } from '../port/indexes.js';
import type { Logins } from '../port/logins.js';
import type { CommitFacts, Store, StoreChange } from '../port/store.js';
import { CommitQueue } from './commit-queue.js';
import type { Engine, EngineListener } from './engine.js';
import { accountsOn, configurationOn, indexesOn, loginsOn } from './facades.js';
import { cursorsOn } from './cursors.js';
import { errorOf } from './errors.js';
import { projectionsOn } from './projections.js';
import { journalOn } from './journal.js';
import { leasesOn } from './leases.js';
import type { EngineReport } from './messages.js';
import { Repairs } from './repairs.js';

/** What the engine does, or cannot do, by itself. */
export interface EngineNews {
  /** Called with damaged pages that were made fit for use. */
  readonly onPagesRepaired?: ((repair: PageRepair) => void) | undefined;
  /** Called when the log cannot be emptied into the database, and with null when it can be again. */
  readonly onCheckpoint?: ((failure: Error | null) => void) | undefined;
}

/** Whether the engine took the last write, and whether it still runs. */
type Health = 'good' | 'refusing' | 'ended';

export class GroupCommitStore implements Store {
  readonly journal: Journal;
  readonly projections: Projections;
  readonly cursors: Cursors;
  readonly leases: Leases;
  readonly config: Configuration;
  readonly accounts: Accounts;
  readonly logins: Logins;
  readonly indexes: Indexes;
  readonly #name: string;
  readonly #engine: Engine;
  readonly #queue: CommitQueue;
  readonly #listeners = new Set<(change: StoreChange) => void>();
  readonly #measuring = new Set<(commit: CommitFacts) => void>();
  readonly #news: EngineNews;
  #health: Health = 'good';
  #closing: Promise<void> | null = null;

  /**
   * @param name where the data is, for messages
   * @param start starts the engine, which reports to the listener from then on
   * @param onRepaired called with what was made anew; null where nothing may be
   */
  constructor(
    name: string,
    start: (listener: EngineListener) => Engine,
    onRepaired: ((damage: StoreDamage) => void) | null,
    news: EngineNews = {},
  ) {
    this.#name = name;
    this.#news = news;
    this.#engine = start({
      report: (report) => this.#receive(report),
      ended: (cause) => this.#engineEnded(cause),
    });
    this.#queue = new CommitQueue(this.#engine, (commit) => {
      for (const measure of this.#measuring) measure(commit);
    });
    const repairs = new Repairs(this.#queue, onRepaired);
    this.journal = journalOn(this.#queue, repairs);
    this.projections = projectionsOn(this.#queue, repairs);
    this.cursors = cursorsOn(this.#queue);
    this.leases = leasesOn(this.#queue);
    this.config = configurationOn(this.#queue, repairs);
    this.accounts = accountsOn(this.#queue, repairs);
    this.logins = loginsOn(this.#queue, repairs);
    this.indexes = indexesOn(this.#queue);
  }

  onChange(listener: (change: StoreChange) => void): () => void {
    // A function of its own, so that registering one listener twice gives two registrations.
    const registered = (change: StoreChange) => listener(change);
    this.#listeners.add(registered);
    return () => {
      this.#listeners.delete(registered);
    };
  }

  onCommit(listener: (commit: CommitFacts) => void): () => void {
    const registered = (commit: CommitFacts) => listener(commit);
    this.#measuring.add(registered);
    return () => {
      this.#measuring.delete(registered);
    };
  }

  unwritten(): number {
    return this.#queue.characters;
  }

  healthy(): boolean {
    return this.#health === 'good';
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#queue.stopAccepting(
      new StoreFailure(`The store in ${this.#name} is closed. Open it again to use it.`),
    );
    await this.#queue.whenIdle();
    if (this.#health === 'ended') return;
    await this.#engine.close();
    this.#health = 'ended';
    this.#listeners.clear();
  }

  #receive(report: EngineReport): void {
    switch (report.kind) {
      case 'committed':
        this.#health = 'good';
        this.#notifyOfOthers(report.changed);
        this.#notify(this.#queue.committed(report));
        break;
      case 'failed':
        this.#health = 'refusing';
        this.#queue.failed(report);
        this.#notifyOfOthers(report.changed);
        break;
      case 'answered':
        this.#queue.answered(report);
        break;
      case 'changed':
        this.#notifyOfOthers(report.changed);
        break;
      case 'repaired':
        this.#news.onPagesRepaired?.(report);
        break;
      case 'checkpoint':
        this.#news.onCheckpoint?.(report.error === null ? null : errorOf(report.error));
        break;
      case 'recovered':
        this.#health = 'good';
        break;
      default:
        report satisfies never;
    }
  }

  #notifyOfOthers(accountIds: readonly string[]): void {
    this.#notify(accountIds.map((accountId) => ({ changed: 'unknown', accountId })));
  }

  #notify(changes: readonly StoreChange[]): void {
    for (const change of changes) {
      for (const listener of this.#listeners) listener(change);
    }
  }

  #engineEnded(cause: unknown): void {
    this.#health = 'ended';
    this.#queue.abandon(
      new StoreFailure(
        `What holds the data in ${this.#name} ended unexpectedly. Restart the program; nothing that was acknowledged is lost.`,
        { cause },
      ),
    );
  }
}
