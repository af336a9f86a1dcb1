/**
 * When an account's state is written down whole, so that a start need not read its whole journal.
 *
 * A missed snapshot only makes the next load longer: what fails here is logged, and tried again later.
 */
import { type AccountState, takeSnapshot } from '@parley/engine';
import type { Journal } from '@parley/store';

/**
 * Events after which a snapshot is worth its time: at least this many, and at least as many as the
 * live feeds hold, so that the work per event stays bounded however large the account is.
 */
const SNAPSHOT_EVERY = 20_000;

/** Events at least between two counts of what the live feeds hold: counting looks at every chat. */
const COUNT_EVERY = 2_000;

export interface SnapshotKeeperOptions {
  readonly accountId: string;
  readonly state: AccountState;
  readonly journal: Journal;
  /** Journal entries that the next start would read again, as things stand. */
  readonly replayed: number;
  /** Epoch ms. */
  readonly now: () => number;
  /** Resolves when everything up to this journal position is on disk. */
  readonly durable: (seq: number) => Promise<void> | undefined;
  readonly onError: (message: string, error: unknown) => void;
}

export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  #since: number;
  /** How many events since the last snapshot make another one worth considering. */
  #considerAt = SNAPSHOT_EVERY;
  #underWay: Promise<void> | null = null;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
    this.#since = options.replayed;
  }

  /** Counts events that are on disk; takes a snapshot when there are enough. */
  appended(events: number): void {
    this.#since += events;
    if (this.#since < this.#considerAt || this.#underWay !== null) return;
    let entries = 0;
    for (const chat of this.#options.state.chats.values()) entries += chat.feed.length;
    this.#considerAt = Math.max(entries, this.#since + COUNT_EVERY);
    if (this.#since >= entries) void this.#take();
  }

  /** Takes a last one if there is anything new; resolves when it is kept, or has failed. */
  async close(): Promise<void> {
    await this.#underWay;
    if (this.#since > 0) await this.#take();
  }

  #take(): Promise<void> {
    this.#underWay ??= this.#write().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  /** Keeps the state as it stands now, once all that is in it is on disk. Never rejects. */
  async #write(): Promise<void> {
    const { accountId, state, journal, now, durable, onError } = this.#options;
    const before = this.#since;
    this.#since = 0;
    this.#considerAt = SNAPSHOT_EVERY;
    try {
      const snapshot = takeSnapshot(state);
      const { seq } = snapshot;
      const data = JSON.stringify(snapshot);
      await durable(seq);
      await journal.saveSnapshot(accountId, { seq, at: now(), data });
    } catch (error) {
      // Still to be read again at the next start; but not tried again at once.
      this.#since += before;
      this.#considerAt = this.#since + COUNT_EVERY;
      onError(`a snapshot of account ${accountId} could not be kept`, error);
    }
  }
}
