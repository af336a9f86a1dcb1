import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { StoreDamage } from '../damage.js';
import type { JournalPosition } from '../integrity/position.js';
import { listChanges } from '../sql/change-list.js';
import { probeWrite } from '../sql/probe-write.js';
import { StoreConflict } from '../port/errors.js';
import { answerRead } from '../operations/answer-read.js';
import { ChatEntries } from '../operations/chat-entries.js';
import { applyWrite } from '../operations/apply-write.js';
import type { WriteGroup } from '../operations/write-group.js';
import type { Statements } from '../operations/steps.js';
import { ChangeWatch } from './change-watch.js';
import { Checkpoints } from './checkpoints.js';
import { emptyLog } from './empty-log.js';
import { isDamage } from './connection.js';
import { arePagesSound, fileFaults, rebuildIndexes } from './index-damage.js';
import { DAMAGED_PAGES, repairPages } from './pages/repair-pages.js';
import { statementsOn } from './statements.js';
import { uncleanPages, wipePages } from './wipe-pages.js';
import { reportError } from './errors.js';
import type { ErrorReport, Outcome, ReadRequest, WriteRequest } from '../group-commit/messages.js';
import type { FromWorker, ToWorker } from './thread-messages.js';
import type { OpenedDatabase } from './open-database.js';
import { recordEnds } from '../operations/write-journal.js';

/** How often to look for what other processes changed, in ms. */
const WATCH_MS = 500;
/** How often to try again whether a refusing disk takes writes, in ms. */
const PROBE_MS = 1_000;

/** How long nobody looks for damaged pages again that could not be made good, in ms. */
const REPAIR_AGAIN_MS = 600_000;

type WritesDone = Extract<FromWorker, { kind: 'committed' | 'failed' }>;

/** What became of some writes that share a transaction, and SQLite's error where it failed. */
interface Transacted {
  readonly done: WritesDone;
  readonly error: unknown;
}

/**
 * Does what the other thread asks of the database: batches, one at a time, each answered before the
 * next comes. Also looks around for what other processes change, and tries a refusing disk again.
 */
export class DatabaseThread {
  readonly #post: (message: FromWorker) => void;
  readonly #opened: OpenedDatabase;
  readonly #statements: Statements;
  readonly #watch: ChangeWatch;
  readonly #checkpoints: Checkpoints;
  readonly #watchTimer: NodeJS.Timeout;
  #probeTimer: NodeJS.Timeout | null = null;
  /** The position that journals have reached, as far as known. */
  readonly #journalEnds = new Map<string, JournalPosition>();
  /** The projections that follow them, as far as known. */
  readonly #followers: WriteGroup['followers'] = new Map();
  /** The epochs of leases, as far as known. */
  readonly #epochs: WriteGroup['epochs'] = new Map();
  readonly #chatEntries = new ChatEntries();
  /** Until when damaged pages are left as they are. */
  #noRepairBefore = 0;

  /** @param post hands a message to the other thread. */
  constructor(opened: OpenedDatabase, post: (message: FromWorker) => void) {
    this.#post = post;
    this.#opened = opened;
    this.#statements = statementsOn(opened.connection);
    this.#watch = new ChangeWatch(opened.connection);
    this.#checkpoints = new Checkpoints(opened.connection, (failure) => {
      const doing = 'Emptying the log into the database';
      const error = failure === null ? null : reportError(failure, doing, opened.directory);
      post({ kind: 'checkpoint', error });
    });
    this.#watchTimer = setInterval(() => this.#lookAround(), WATCH_MS);
    this.#watchTimer.unref();
  }

  /** Does a batch and posts its answers: `committed` or `failed`, then `answered`. */
  work(batch: Extract<ToWorker, { kind: 'batch' }>): void {
    if (batch.writes.length > 0) this.#write(batch.writes);
    if (batch.reads.length > 0) this.#read(batch.reads);
    this.#checkpoints.consider();
  }

  /** Empties the log, closes the database and releases the directory. */
  close(): void {
    clearInterval(this.#watchTimer);
    this.#stopProbing();
    const { connection, lock } = this.#opened;
    try {
      connection.execute('pragma wal_checkpoint(truncate)');
    } catch {
      // Nothing is lost: the next start finds the log and empties it into the database.
    }
    connection.close();
    lock?.release();
  }

  /** One transaction, one wait for the disk, for all writes that came together. */
  #write(writes: readonly WriteRequest[]): void {
    const rebuilds = writes.some((request) => request.do === 'rebuildIndexes');
    if (rebuilds && this.#opened.lock !== null && !arePagesSound(this.#opened.connection)) {
      this.#repairPages();
    }
    const settled = this.#settle(writes);
    this.#post(settled);
    if (settled.kind === 'committed') {
      this.#checkpoints.committed(writes);
      this.#stopProbing();
    } else this.#startProbing();
  }

  /** Damage that one account's writes come across fails those alone. */
  #settle(writes: readonly WriteRequest[]): WritesDone {
    let { done, error } = this.#transact(writes);
    if (!isDamage(error)) return done;
    if (this.#repairPages()) {
      ({ done, error } = this.#transact(writes));
      if (!isDamage(error)) return done;
    }
    const each = new Map<string | null, WriteRequest[]>();
    for (const request of writes) {
      const of = 'accountId' in request ? request.accountId : null;
      each.set(of, [...(each.get(of) ?? []), request]);
    }
    const outcomes = new Map<WriteRequest, Outcome>();
    const changed = new Set(done.changed);
    let diskMs = 0;
    for (const some of each.values()) {
      const { done: its, error: why } = this.#transact(some);
      // A disk that refuses altogether fails what is left.
      if (its.kind === 'failed' && !isDamage(why)) return its;
      for (const id of its.changed) changed.add(id);
      if (its.kind === 'committed') diskMs += its.diskMs;
      some.forEach((request, index) => {
        const outcome = its.kind === 'failed' ? null : its.outcomes[index];
        outcomes.set(request, outcome ?? { ok: false, error: failureOf(its) });
      });
    }
    return {
      ...{ kind: 'committed', diskMs, changed: [...changed] },
      outcomes: writes.map(
        (request) => outcomes.get(request) ?? { ok: false, error: failureOf(done) },
      ),
    };
  }

  /** Makes damaged pages fit for use; answers whether that was done. */
  #repairPages(): boolean {
    const { directory, lock, busyMs } = this.#opened;
    if (lock === null || performance.now() < this.#noRepairBefore) return false;
    const repair = repairPages(directory, busyMs);
    if (repair === null) {
      this.#noRepairBefore = performance.now() + REPAIR_AGAIN_MS;
      return false;
    }
    this.#forget();
    this.#post({ kind: 'repaired', ...repair });
    return true;
  }

  #transact(writes: readonly WriteRequest[]): Transacted {
    const { connection, directory } = this.#opened;
    let changedByOthers: readonly string[] = [];
    try {
      connection.execute('begin immediate');
      changedByOthers = this.#noticeOthers();
      const changed = new Set<string>();
      const group: WriteGroup = {
        connection: this.#statements,
        journalEnds: this.#journalEnds,
        followers: this.#followers,
        epochs: this.#epochs,
        chatEntries: this.#chatEntries,
        journalRows: [],
        appended: new Set(),
        refused: new Map(),
        changed,
      };
      const outcomes = writes.map((request): Outcome => {
        try {
          return { ok: true, answer: this.#apply(group, request) };
        } catch (error) {
          if (!(error instanceof StoreConflict || error instanceof StoreDamage)) throw error;
          return { ok: false, error: reportError(error, 'Writing', directory) };
        }
      });
      connection.do(recordEnds(group));
      this.#watch.bump(changed);
      const before = performance.now();
      connection.execute('commit');
      const diskMs = performance.now() - before;
      this.#watch.bumped(changed);
      return {
        done: { kind: 'committed', outcomes, diskMs, changed: changedByOthers },
        error: null,
      };
    } catch (error) {
      // SQLite may have ended the transaction itself; nothing more may be written outside of one.
      this.#forget();
      this.#rollBack();
      const report = reportError(error, 'Writing to the database', directory);
      return { done: { kind: 'failed', error: report, changed: changedByOthers }, error };
    }
  }

  #read(reads: readonly ReadRequest[]): void {
    const { directory } = this.#opened;
    const outcomes = reads.map((request): Outcome => {
      try {
        return { ok: true, answer: this.#answerRepaired(request) };
      } catch (error) {
        this.#rollBack();
        return { ok: false, error: reportError(error, 'Reading the database', directory) };
      }
    });
    this.#post({ kind: 'answered', outcomes });
  }

  #answerRepaired(request: ReadRequest): unknown {
    try {
      return this.#answer(request);
    } catch (error) {
      this.#rollBack();
      if (!isDamage(error) || !this.#repairPages()) throw error;
      return this.#answer(request);
    }
  }

  #apply(group: WriteGroup, request: WriteRequest): unknown {
    const { connection } = this.#opened;
    switch (request.do) {
      case 'wipePages':
        return wipePages(connection, request);
      case 'rebuildIndexes':
        // An account that was given up for want of rows is tried again.
        for (const { accountId } of connection.all<{ accountId: string }>(listChanges)) {
          group.changed.add(accountId);
        }
        return rebuildIndexes(connection, request.table);
      default:
        return connection.do(applyWrite(group, request));
    }
  }

  /** All that is read for one answer is of the same moment, whatever others commit meanwhile. */
  #answer(request: ReadRequest): unknown {
    const { connection } = this.#opened;
    switch (request.ask) {
      case 'uncleanPages':
        return uncleanPages(connection, request);
      case 'fileFaults':
        return fileFaults(connection);
      case 'emptyLog':
        // What an erasure is to remove may have stood on pages that were damaged.
        rmSync(join(this.#opened.directory, DAMAGED_PAGES), { recursive: true, force: true });
        return emptyLog(connection);
      default:
    }
    connection.execute('begin');
    const answer = connection.do(answerRead(this.#statements, request));
    connection.execute('commit');
    return answer;
  }

  /** What was known may be out of date. */
  #forget(): void {
    this.#journalEnds.clear();
    this.#followers.clear();
    this.#epochs.clear();
    this.#chatEntries.forget();
  }

  /** The accounts that other processes changed; forgets what may be out of date since. */
  #noticeOthers(): readonly string[] {
    const changed = this.#watch.others();
    if (changed === null) return [];
    this.#forget();
    return changed;
  }

  #lookAround(): void {
    try {
      const changed = this.#noticeOthers();
      if (changed.length > 0) this.#post({ kind: 'changed', changed });
    } catch {
      // A database that cannot be read now fails the next batch, whose callers get the reason.
    }
  }

  #rollBack(): void {
    const { connection } = this.#opened;
    try {
      if (connection.inTransaction) connection.execute('rollback');
    } catch {
      // SQLite has rolled back on its own, or the next `begin` fails and says why.
    }
  }

  #startProbing(): void {
    if (this.#probeTimer !== null) return;
    this.#probeTimer = setInterval(() => this.#probe(), PROBE_MS);
    this.#probeTimer.unref();
  }

  #stopProbing(): void {
    if (this.#probeTimer === null) return;
    clearInterval(this.#probeTimer);
    this.#probeTimer = null;
  }

  #probe(): void {
    try {
      this.#opened.connection.run(probeWrite, []);
    } catch {
      return;
    }
    this.#stopProbing();
    this.#post({ kind: 'recovered' });
  }
}

function failureOf(done: WritesDone): ErrorReport {
  if (done.kind === 'failed') return done.error;
  return { kind: 'failure', message: 'The write was not done.', code: null };
}
