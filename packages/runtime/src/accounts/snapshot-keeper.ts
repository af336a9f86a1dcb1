/**
 * When an account's state is written down whole, so that a start need not read its whole journal,
 * and how: in small pieces, while the account goes on.
 *
 * A missed snapshot only makes the next load longer: what fails here is logged, and tried again later.
 */
import type { Clock } from '../clock/clock.js';
import { type AccountState, SNAPSHOT_VERSION, StateFreeze } from '@parley/engine';
import type { Journal, JournalEntry } from '@parley/store';

/** Entries, and characters of their events, after which a snapshot is worth its time in any case. */
const ENOUGH_ENTRIES = 20_000;
const ENOUGH_CHARS = 32_000_000;

/**
 * But not before they are so much of what the last snapshot held: so the work per entry is bounded,
 * however large the account is.
 */
const SHARE_OF_LAST = 0.5;

/** Entries at least between two tries, when one failed. */
const TRY_AGAIN_AFTER = 2_000;

/** What is written at once while somebody waits for the snapshot: bounds how long the event loop stands still. */
const SLICE_MS = 1.5;
const SLICE_CHARS = 128 * 1024;

/**
 * While nobody waits for it, one piece goes at a time, and nothing for so many times as long as that took. Slice
 * on slice, a snapshot delays each line that comes meanwhile by a slice and by its commit.
 */
const REST = 4;

/** Entries, and the characters of their events. */
export interface Amount {
  readonly entries: number;
  readonly chars: number;
}

const NOTHING: Amount = { entries: 0, chars: 0 };

export interface SnapshotKeeperOptions {
  readonly accountId: string;
  readonly state: AccountState;
  readonly journal: Journal;
  /** What the next start would read again, as things stand. */
  readonly replayed: Amount;
  /** Characters of the last snapshot, 0 without one. */
  readonly last: number;
  readonly clock: Clock;
  readonly onError: (message: string, error: unknown) => void;
}

export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  #since: Amount;
  #last: number;
  /** After a failure: entries since the last snapshot before which none is tried. */
  #notBefore = 0;
  #underWay: Promise<boolean> | null = null;
  /** How many wait for one: it does not rest then. */
  #waiting = 0;
  /** Ends the rest between two slices. */
  #endRest: (() => void) | null = null;
  #phase: 'open' | 'given up' = 'open';

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
    this.#since = options.replayed;
    this.#last = options.last;
  }

  /** Counts entries that are on disk. */
  appended(entries: readonly JournalEntry[]): void {
    this.#since = sum(this.#since, amountOf(entries));
    this.consider();
  }

  /** Takes a snapshot if it is time to. */
  consider(): void {
    const { entries, chars } = this.#since;
    if (entries < ENOUGH_ENTRIES && chars < ENOUGH_CHARS) return;
    if (chars < this.#last * SHARE_OF_LAST || entries < this.#notBefore) return;
    void this.#take();
  }

  /** Takes a snapshot now, however little is new. */
  take(): void {
    void this.#take();
  }

  /** Takes a last one if there is anything new; resolves when it is kept, or has failed. */
  async close(): Promise<void> {
    await this.#awaited(async () => {
      await this.#underWay;
      if (this.#since.entries > 0) await this.#take();
    });
  }

  /** Resolves when none is under way. */
  async whenIdle(): Promise<void> {
    await this.#awaited(async () => this.#underWay);
  }

  /** Takes one of the state as it is from here on; resolves with whether it is kept. */
  async renew(): Promise<boolean> {
    return this.#awaited(async () => {
      await this.#underWay;
      return this.#take();
    });
  }

  /** Ends what is under way without keeping it: the state is not to be used any more. */
  giveUp(): void {
    this.#phase = 'given up';
    this.#endRest?.();
  }

  /** Has whatever snapshot is under way go on without rests until the work is done. */
  async #awaited<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    this.#endRest?.();
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
    }
  }

  #take(): Promise<boolean> {
    if (this.#phase === 'given up') return Promise.resolve(false);
    this.#underWay ??= this.#write().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  /** Keeps the state as it stands now; resolves with whether it could. Never rejects. */
  async #write(): Promise<boolean> {
    const { accountId, state, journal, clock, onError } = this.#options;
    const before = this.#since;
    this.#since = NOTHING;
    let freeze: StateFreeze | null = null;
    try {
      freeze = new StateFreeze(state);
      const facts = { seq: freeze.seq, at: clock.now(), version: SNAPSHOT_VERSION };
      const written = await this.#writePieces(freeze, journal.beginSnapshot(accountId, facts));
      this.#last = written;
      this.#notBefore = 0;
      return true;
    } catch (error) {
      // Still to be read again at the next start; but not tried again at once.
      this.#since = sum(before, this.#since);
      this.#notBefore = this.#since.entries + TRY_AGAIN_AFTER;
      if (this.#phase === 'open') onError(`a snapshot of account ${accountId} failed`, error);
      return false;
    } finally {
      freeze?.end();
    }
  }

  /**
   * Writes slices, each when the one before is on disk and after a rest, so that others get their turn
   * between them.
   * @returns characters written
   */
  async #writePieces(
    freeze: StateFreeze,
    begun: ReturnType<Journal['beginSnapshot']>,
  ): Promise<number> {
    const { clock } = this.#options;
    const writer = await begun;
    const pieces = freeze.pieces();
    let chars = 0;
    for (;;) {
      // An error in the rules may have left the state half changed.
      if (this.#phase === 'given up') throw new Error('the account was dropped meanwhile');
      const began = clock.elapsed();
      const slice = nextSlice(pieces, this.#mayRest ? 0 : SLICE_MS, clock);
      if (slice.length === 0) break;
      for (const { length } of slice) chars += length;
      await writer.write(slice);
      await this.#rest(REST * (clock.elapsed() - began));
    }
    await writer.finish();
    return chars;
  }

  /** Nobody waits for it, nor are there entries for the next one: else a start would have ever more to read again. */
  get #mayRest(): boolean {
    return this.#waiting === 0 && this.#since.entries < ENOUGH_ENTRIES;
  }

  async #rest(ms: number): Promise<void> {
    if (ms <= 0 || !this.#mayRest || this.#phase === 'given up') return;
    await new Promise<void>((rested) => {
      const cancel = this.#options.clock.after(ms, rested);
      this.#endRest = () => {
        cancel();
        rested();
      };
    });
    this.#endRest = null;
  }
}

/** @param ms after which no further piece is begun */
function nextSlice(pieces: Iterator<string>, ms: number, clock: Clock): string[] {
  const slice: string[] = [];
  const began = clock.elapsed();
  let chars = 0;
  do {
    const next = pieces.next();
    if (next.done) break;
    slice.push(next.value);
    chars += next.value.length;
  } while (chars < SLICE_CHARS && clock.elapsed() - began < ms);
  return slice;
}

function amountOf(entries: readonly JournalEntry[]): Amount {
  let chars = 0;
  for (const { data } of entries) chars += data.length;
  return { entries: entries.length, chars };
}

function sum(a: Amount, b: Amount): Amount {
  return { entries: a.entries + b.entries, chars: a.chars + b.chars };
}
