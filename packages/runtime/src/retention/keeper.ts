/**
 * Keeps to what accounts say of how long they keep what was said: now and then it erases what is
 * older, account by account, a little at a time. Visitors whose data is to be erased are so at once,
 * one after the other; what was interrupted is gone on with at the next start.
 */
import { createHash } from 'node:crypto';
import { SYSTEM } from '@parley/engine';
import type { Store } from '@parley/store';
import { CommandRejected } from '../accounts/submission.js';
import type { LiveAccount } from '../accounts/accounts.js';
import type { Clock } from '../clock/clock.js';
import { keptSince } from './age.js';
import { eraseOld } from './erase-old.js';
import {
  type AskedBy,
  askedBy,
  carryOutErasure,
  type ErasedCounts,
  isAnythingStored,
  type Place,
  recordErasure,
} from './erase-visitor.js';
import { LIVE_AFTER_MS, renewSnapshots } from './renew-snapshots.js';

const MINUTE_MS = 60_000;

/** When it looks first, and how often from then on, ms; sooner while the log is not empty. */
const FIRST_AFTER = MINUTE_MS;
const EVERY = 10 * MINUTE_MS;
const AGAIN_AFTER = MINUTE_MS;

export interface RetentionOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The accounts that are loaded. */
  readonly accounts: () => readonly LiveAccount[];
  readonly log: {
    readonly info: (facts: object, message: string) => void;
    readonly error: (facts: object, message: string) => void;
  };
}

export class RetentionKeeper {
  readonly #options: RetentionOptions;
  #cancel: (() => void) | null = null;
  #looking: Promise<void> | null = null;
  /** The visitors' erasures under way: one begins when the one before is done. */
  #erasing: Promise<unknown> = Promise.resolve();
  /** The files may hold what was erased: also what a stop left in them. */
  #files: 'to be wiped' | 'log to be emptied' | 'clean' = 'to be wiped';
  #phase: 'open' | 'closed' = 'open';
  /** Accounts of which it was said that records are damaged. */
  readonly #reported = new Set<string>();

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** To be called when the accounts are loaded. */
  start(): void {
    void this.goOn();
    this.#schedule(FIRST_AFTER);
  }

  /** Ends what is under way after its next piece: it is gone on with after the next start. */
  async close(): Promise<void> {
    this.#phase = 'closed';
    this.#cancel?.();
    await this.#looking;
    await this.#erasing;
  }

  /** Looks at all accounts now; resolves when what is too old is erased. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** Goes on with the erasures of visitors that were interrupted. Never rejects. */
  async goOn(): Promise<void> {
    for (const account of this.#options.accounts()) {
      if (this.#phase === 'closed') return;
      await this.#inTurn(() => this.#goOnIn(account)).catch((error: unknown) =>
        this.#report(account, 'a visitor’s data could not be erased', error),
      );
    }
  }

  /**
   * Erases the data of a visitor; when it resolves it is gone, but from the write-ahead log while
   * somebody, such as a backup, reads there.
   * @returns null when there is nothing of such a visitor
   * @throws CommandRejected `visitor-in-chat`; then nothing changed
   * @throws AccountUnavailable, StoreFailure, StoreDamage; then it is tried again by itself
   */
  eraseVisitor(
    account: LiveAccount,
    visitorId: string,
    asked: AskedBy & { readonly userId: number },
  ): Promise<ErasedCounts | null> {
    return this.#inTurn(async () => {
      const { journal } = this.#options.store;
      const { userId, ...by } = asked;
      await this.#goOnIn(account);
      if (!(await isAnythingStored({ journal, accountId: account.id }, visitorId))) return null;
      const place = this.#place(account);
      await recordErasure(place, visitorId, by);
      return this.#erase(place, visitorId, { by: 'user', userId });
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#erasing.then(work);
    this.#erasing = done.catch(() => {});
    return done;
  }

  #place(account: LiveAccount): Place {
    const { journal } = this.#options.store;
    return { account, journal, goesOn: () => this.#phase === 'open' };
  }

  /** What is recorded, of any visitor of the account. */
  async #goOnIn(account: LiveAccount): Promise<void> {
    const { store, log } = this.#options;
    const { erasures, damage } = await store.journal.erasuresUnderWay(account.id);
    if (damage !== null && !this.#reported.has(account.id)) {
      this.#reported.add(account.id);
      const facts = { account: account.id, damage };
      log.error(facts, 'records of visitors to be erased are damaged: ask for it again');
    }
    for (const { visitorId } of erasures) {
      try {
        await this.#erase(this.#place(account), visitorId, SYSTEM);
        log.info({ account: account.id }, 'the erasure of a visitor was gone on with');
      } catch (error) {
        // Whoever is in a chat by now is as one who was when it was asked for.
        if (!(error instanceof CommandRejected)) throw error;
      }
    }
  }

  /** Carries out what is recorded, notes in the audit that it was done, and forgets the record. */
  async #erase(
    place: Place,
    visitorId: string,
    actor: Parameters<typeof carryOutErasure>[2],
  ): Promise<ErasedCounts> {
    const { store, clock } = this.#options;
    const { id } = place.account;
    const { erasures } = await store.journal.erasuresUnderWay(id);
    const recorded = erasures.find((each) => each.visitorId === visitorId);
    if (recorded === undefined) throw new Error('the erasure of a visitor is not recorded');
    this.#files = 'to be wiped';
    const erased = await carryOutErasure(place, recorded, actor);
    // Of whom, only to those who know the id.
    const hash = createHash('sha256').update(visitorId).digest('hex');
    await store.config.write(id, {
      changes: [],
      audit: [
        {
          ...{ at: clock.now(), action: 'visitor.erase', target: `visitor:sha256:${hash}` },
          ...askedBy(recorded),
          detail: JSON.stringify(erased),
        },
      ],
    });
    await store.journal.erase(id, { entries: [], ends: visitorId });
    await this.#cleanFiles();
    return erased;
  }

  /** What was erased goes out of the files too, as soon as nobody reads there. Never rejects. */
  async #cleanFiles(): Promise<void> {
    const { journal } = this.#options.store;
    try {
      if (this.#files === 'to be wiped') await journal.wipePages();
      this.#files = 'log to be emptied';
      if (await journal.emptyLog()) this.#files = 'clean';
    } catch (error) {
      this.#options.log.error({ err: error }, 'what was erased could not be overwritten yet');
    }
  }

  #schedule(ms: number): void {
    if (this.#phase === 'closed') return;
    this.#cancel = this.#options.clock.after(ms, () => {
      void this.look().then(() => this.#schedule(this.#files === 'clean' ? EVERY : AGAIN_AFTER));
    });
  }

  async #lookAtAll(): Promise<void> {
    await this.goOn();
    for (const account of this.#options.accounts()) {
      if (this.#phase === 'closed') return;
      await this.#lookAt(account);
    }
    if (this.#files !== 'clean') await this.#cleanFiles();
  }

  /**
   * To be called before an account is put away: erases what is too old by now.
   * @returns when there is something to erase again, epoch ms; null for never
   */
  async beforeRest(account: LiveAccount): Promise<number | null> {
    await this.#inTurn(() => this.#goOnIn(account));
    const { erasures } = await this.#options.store.journal.erasuresUnderWay(account.id);
    const next = await this.#lookAt(account);
    return erasures.length > 0 ? account.host.now() + EVERY : next;
  }

  /** Answers when there is something to erase again, epoch ms; null for never. Never rejects. */
  async #lookAt(account: LiveAccount): Promise<number | null> {
    const { store, log } = this.#options;
    const since = keptSince(account.setup, account.host.now());
    if (since === Number.NEGATIVE_INFINITY) return null;
    try {
      const { entries, next } = await eraseOld(account, store, () => this.#phase === 'open');
      const { seq: last } = account.host.state;
      const renewed = await renewSnapshots(
        account,
        store.journal,
        ({ at, seq }) => at < since + LIVE_AFTER_MS && seq < last,
      );
      if (entries > 0 || renewed) this.#files = 'to be wiped';
      if (entries > 0)
        log.info({ account: account.id, entries }, 'what is older than retentionDays was erased');
      const keptFor = account.host.now() - since;
      return next === null ? null : next + keptFor + 1;
    } catch (error) {
      // Some of it may be erased. The next account is none the worse for it.
      this.#files = 'to be wiped';
      this.#report(account, 'what is too old could not be erased', error);
      return account.host.now() + EVERY;
    }
  }

  #report({ id }: LiveAccount, message: string, error: unknown): void {
    this.#options.log.error({ err: error, account: id }, message);
  }
}
