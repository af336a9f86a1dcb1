/**
 * Reads everything that is stored of every account, slowly and again and again, so that damage is
 * found while there are still backups of before it.
 *
 * A page of the journal, or a piece of a snapshot, is read at a time; between two there is a pause,
 * so the disk and the store are hardly busier by it. What is found is reported once, and stays known
 * until the account was read without it.
 */
import { type Journal, StoreDamage } from '@parley/store';
import type { Clock } from '../clock/clock.js';

/** Between two reads of some hundred entries each, ms. */
const PAUSE_MS = 50;

/** From the start to the first round, ms: a server that just started has other things to do. */
const FIRST_AFTER_MS = 10 * 60_000;

/** Most damages of one account that are reported in a round. */
const MAX_REPORTED = 20;

export interface ScrubOptions {
  readonly journal: Pick<Journal, 'check'>;
  readonly accounts: () => Promise<readonly string[]>;
  readonly clock: Pick<Clock, 'after'>;
  /** From the end of a round to the begin of the next, ms; 0 for no rounds at all. */
  readonly everyMs: number;
  /** Called with each damage when it is found. */
  readonly onDamage: (damage: StoreDamage) => void;
  /** Called when an account's journal is damaged: what is in memory is still good. */
  readonly onDamagedAccount: (accountId: string) => void;
  readonly onError: (message: string, error: unknown) => void;
}

export class Scrub {
  readonly #options: ScrubOptions;
  readonly #damaged = new Map<string, readonly StoreDamage[]>();
  #cancelPause: () => void = () => {};
  #endPause: () => void = () => {};
  #phase: 'open' | 'stopped' = 'open';
  #round: Promise<void> = Promise.resolve();

  constructor(options: ScrubOptions) {
    this.#options = options;
  }

  /** What the last look at each account found. */
  damage(): readonly StoreDamage[] {
    return [...this.#damaged.values()].flat();
  }

  /** Begins; the first round comes after a while. */
  start(): void {
    if (this.#options.everyMs > 0) this.#round = this.#rounds();
  }

  /** Stops where it is; resolves when nothing is being read any more. */
  async stop(): Promise<void> {
    this.#phase = 'stopped';
    this.#cancelPause();
    this.#endPause();
    await this.#round;
  }

  /** Looks at every account once. Never rejects. */
  async round(): Promise<void> {
    try {
      for (const accountId of await this.#options.accounts()) {
        if (this.#phase === 'stopped') return;
        await this.#look(accountId);
      }
    } catch (error) {
      this.#options.onError('what is stored could not be checked', error);
    }
  }

  async #rounds(): Promise<void> {
    await this.#pause(FIRST_AFTER_MS);
    while (this.#phase === 'open') {
      await this.round();
      await this.#pause(this.#options.everyMs);
    }
  }

  async #look(accountId: string): Promise<void> {
    const { journal, onDamage, onDamagedAccount, onError } = this.#options;
    const known = new Set(this.#damaged.get(accountId)?.map(({ found }) => found));
    const found: StoreDamage[] = [];
    try {
      for await (const step of journal.check(accountId)) {
        if (this.#phase === 'stopped') return;
        if (step.step === 'damage' && found.length < MAX_REPORTED) {
          const damage = new StoreDamage(step.report);
          found.push(damage);
          if (!known.has(damage.found)) onDamage(damage);
        }
        await this.#pause(PAUSE_MS);
      }
    } catch (error) {
      onError(`what is stored of account ${accountId} could not be checked`, error);
      return;
    }
    if (found.length === 0) this.#damaged.delete(accountId);
    else this.#damaged.set(accountId, found);
    if (found.some(({ found: what }) => !known.has(what))) onDamagedAccount(accountId);
  }

  #pause(ms: number): Promise<void> {
    if (this.#phase === 'stopped') return Promise.resolve();
    return new Promise((resolve) => {
      this.#endPause = resolve;
      this.#cancelPause = this.#options.clock.after(ms, resolve);
    });
  }
}
