/**
 * Which accounts are in memory though nobody asks for them: only those of which something is under way.
 * One at rest, that nobody used for a while, is put away; it is loaded when somebody asks for it, or
 * when something of it is due.
 */
import type { Clock } from '../clock/clock.js';

/** How often it is looked which accounts have something due, ms: nobody notices who does not ask. */
const LOOK_EVERY = 60_000;

export interface IdleAccountsOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** How long nobody must have used an account, ms; up to twice as long pass. 0: none is put away. */
  readonly restAfterMs: number;
  /** The accounts that nobody used since this was asked last. */
  readonly takeUnused: () => readonly string[];
  /** Puts one away if it is at rest. Never rejects. */
  readonly putAway: (accountId: string) => Promise<void>;
  /** Loads one. Never rejects. */
  readonly wake: (accountId: string) => Promise<void>;
}

export class IdleAccounts {
  readonly #options: IdleAccountsOptions;
  /** When something is due of accounts that are put away, epoch ms. */
  readonly #due = new Map<string, number>();
  readonly #timers = new Map<string, () => void>();
  #work: Promise<void> = Promise.resolve();
  #phase: 'open' | 'closed' = 'open';

  constructor(options: IdleAccountsOptions) {
    this.#options = options;
    if (options.restAfterMs > 0) this.#every('rest', options.restAfterMs, () => this.#putAway());
    this.#every('due', LOOK_EVERY, () => this.#wakeDue());
  }

  /** An account is put away, and something of it is due then, epoch ms; null for never. */
  rests(accountId: string, dueAt: number | null): void {
    if (dueAt !== null) this.#due.set(accountId, dueAt);
  }

  /** It is loaded, and looks after itself. */
  loaded(accountId: string): void {
    this.#due.delete(accountId);
  }

  /** Ends; resolves when nothing is being put away or loaded any more. */
  async close(): Promise<void> {
    this.#phase = 'closed';
    for (const cancel of this.#timers.values()) cancel();
    await this.#work;
  }

  #every(name: string, ms: number, work: () => Promise<void>): void {
    const again = () => {
      this.#timers.set(
        name,
        this.#options.clock.after(ms, () => {
          // One after the other: none of it is urgent.
          this.#work = this.#work.then(work);
          void this.#work.then(() => {
            if (this.#phase === 'open') again();
          });
        }),
      );
    };
    again();
  }

  async #putAway(): Promise<void> {
    for (const accountId of this.#options.takeUnused()) {
      if (this.#phase === 'closed') return;
      await this.#options.putAway(accountId);
    }
  }

  async #wakeDue(): Promise<void> {
    const now = this.#options.clock.now();
    const due = [...this.#due].filter(([, at]) => at <= now);
    for (const [accountId] of due) {
      if (this.#phase === 'closed') return;
      await this.#options.wake(accountId);
    }
  }
}
