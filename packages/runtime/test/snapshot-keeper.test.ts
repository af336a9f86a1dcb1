/** When snapshots are taken, in what portions, and what their failure does. */
import {
  type AccountState,
  evolve,
  initialState,
  readSnapshot,
  SNAPSHOT_VERSION,
  takeSnapshot,
} from '@parley/engine';
import { type Journal, type JournalEntry, type SnapshotWriter, StoreFailure } from '@parley/store';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '@parley/runtime/clock/clock';
import { type Amount, SnapshotKeeper } from '@parley/runtime/accounts/snapshot-keeper';

/** A snapshot as the store got it. */
interface Written {
  readonly seq: number;
  readonly slices: (readonly string[])[];
  finished: boolean;
}

interface Setup {
  readonly state?: AccountState;
  readonly replayed?: Partial<Amount>;
  /** Characters of the snapshot before. */
  readonly last?: number;
  /** Called before each slice is kept. */
  readonly onWrite?: (written: Written) => void | Promise<void>;
  /** Time, where it is not to pass by itself. */
  readonly time?: Clock;
}

/** A keeper, and what it gave to the store. */
function keep({
  state = initialState(),
  replayed = {},
  last = 0,
  onWrite,
  time = systemClock,
}: Setup) {
  const snapshots: Written[] = [];
  const errors: unknown[] = [];
  const journal: Pick<Journal, 'beginSnapshot'> = {
    async beginSnapshot(_, { seq }): Promise<SnapshotWriter> {
      const written: Written = { seq, slices: [], finished: false };
      snapshots.push(written);
      return {
        async write(pieces) {
          await onWrite?.(written);
          written.slices.push(pieces);
        },
        async finish() {
          written.finished = true;
        },
      };
    },
  };
  const keeper = new SnapshotKeeper({
    accountId: 'brand',
    state,
    journal: journal as Journal,
    replayed: { entries: 0, chars: 0, ...replayed },
    last,
    clock: time,
    onError: (message, error) => errors.push([message, error]),
  });
  return { keeper, snapshots, errors };
}

function entries(count: number, chars = 100): readonly JournalEntry[] {
  const entry = { at: 1, type: 'chat.line', version: 1, chatId: null, data: 'x'.repeat(chars) };
  return Array.from({ length: count }, (_, index) => ({ ...entry, seq: index + 1 }));
}

/** A state with so many visits, each of one long page. */
function visited(count: number, chars: number): AccountState {
  const state = initialState();
  for (let index = 0; index < count; index += 1) see(state, index, 'x'.repeat(chars));
  return state;
}

function see(state: AccountState, index: number, title: string): void {
  const page = { id: 'p', url: 'https://a.example/', title, referrer: null };
  const pages = [{ ...page, at: 1, timeOnPage: null }];
  const ids = { sessionId: `session-${index}`, visitorId: `visitor-${index}` };
  evolve(state, { type: 'visit.seen', ...ids, pages }, 1_000 + state.seq);
}

const asText = (state: AccountState) => JSON.stringify(takeSnapshot(state));

function readBack({ seq, slices }: Written): string {
  const reader = readSnapshot(SNAPSHOT_VERSION);
  for (const piece of slices.flat()) reader.add(piece);
  return asText(reader.finish(seq));
}

describe('a snapshot is taken', () => {
  it('[STORE42] for enough entries, also those that the start read again', async () => {
    const few = keep({ replayed: { entries: 10_000 } });
    few.keeper.appended(entries(9_999));
    expect(few.snapshots).toEqual([]);
    few.keeper.appended(entries(1));
    expect(few.snapshots.length).toBe(1);
    const many = keep({ replayed: { entries: 820_000 } });
    many.keeper.consider();
    expect(many.snapshots.length).toBe(1);
    await Promise.all([few, many].map(({ keeper }) => keeper.close()));
    expect(many.snapshots.map(({ finished }) => finished)).toEqual([true]);
  });

  it('[STORE42] for enough characters, however few the entries', async () => {
    const { keeper, snapshots } = keep({});
    keeper.appended(entries(10, 4_000_000));
    await keeper.close();
    expect(snapshots.length).toBe(1);
  });

  it('[STORE42] not before the entries outweigh half of the last one', async () => {
    const { keeper, snapshots } = keep({ replayed: { entries: 50_000 }, last: 20_000 });
    keeper.appended(entries(99));
    expect(snapshots).toEqual([]);
    keeper.appended(entries(1));
    await keeper.close();
    expect(snapshots.length).toBe(1);
  });

  it('[STORE42] by a stop, unless there is nothing new', async () => {
    const fresh = keep({});
    await fresh.keeper.close();
    expect(fresh.snapshots).toEqual([]);
    const read = keep({ replayed: { entries: 1 } });
    await read.keeper.close();
    expect(read.snapshots.map(({ finished }) => finished)).toEqual([true]);
  });
});

/** Time that passes when it is told to. */
class SetTime implements Clock {
  ms = 0;
  /** How long the rests are that were begun. */
  readonly rests: number[] = [];
  #due: { at: number; callback: () => void } | null = null;

  now(): number {
    return this.ms;
  }

  elapsed(): number {
    return this.ms;
  }

  after(ms: number, callback: () => void): () => void {
    this.rests.push(ms);
    this.#due = { at: this.ms + ms, callback };
    return () => {
      this.#due = null;
    };
  }

  /** Lets time pass, and what is due then happen. */
  async pass(ms: number): Promise<void> {
    this.ms += ms;
    const due = this.#due;
    if (due !== null && due.at <= this.ms) {
      this.#due = null;
      due.callback();
    }
    await settled();
  }
}

/** Resolves when all that needs no time has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a snapshot that nobody waits for', () => {
  /** One of 1.2 MB under way, whose slices take 5 ms each. */
  async function begun() {
    const time = new SetTime();
    const made = keep({
      state: visited(20, 60_000),
      replayed: { entries: 20_000 },
      onWrite: () => void time.pass(5),
      time,
    });
    made.keeper.consider();
    await settled();
    const slices = () => made.snapshots[0]?.slices ?? [];
    return { ...made, time, slices };
  }

  it('[STORE87] rests after each small portion, four times as long as that took', async () => {
    const { keeper, time, slices } = await begun();
    expect(slices().length).toBe(1);
    expect(slices().flat().join('').length).toBeLessThan(130_000);
    expect(time.rests).toEqual([20]);
    await time.pass(19);
    expect(slices().length).toBe(1);
    await time.pass(1);
    expect(slices().length).toBe(2);
    expect(time.rests).toEqual([20, 20]);
    await keeper.close();
  });

  it.each(['close', 'renew', 'whenIdle'] as const)(
    '[STORE87] rests no more when somebody waits for it: %s',
    async (wait) => {
      const { keeper, snapshots, time } = await begun();
      await keeper[wait]();
      expect(snapshots.every(({ finished }) => finished)).toBe(true);
      expect(time.rests).toEqual([20]);
    },
  );

  it('[STORE87] rests no more when there are entries enough for the next one', async () => {
    const { keeper, snapshots, time } = await begun();
    keeper.appended(entries(20_000));
    await time.pass(20);
    await settled();
    expect(snapshots[0]?.finished).toBe(true);
    expect(time.rests).toEqual([20]);
    await keeper.close();
  });

  it('[STORE43] ends its rest when the account is dropped', async () => {
    const { keeper, snapshots } = await begun();
    keeper.giveUp();
    await keeper.whenIdle();
    expect(snapshots[0]?.finished).toBe(false);
  });
});

describe('a snapshot that is being written', () => {
  it('[STORE44] goes in small portions, each when the one before is kept', async () => {
    let writing = 0;
    const state = visited(60, 60_000);
    const before = asText(state);
    const { keeper, snapshots } = keep({
      state,
      replayed: { entries: 1 },
      async onWrite({ slices }) {
        writing += 1;
        expect(writing).toBe(1);
        // The account goes on meanwhile.
        see(state, slices.length * 7, 'changed');
        see(state, 100 + slices.length, 'new');
        await new Promise((resolve) => setImmediate(resolve));
        writing -= 1;
      },
    });
    await keeper.close();
    const [written] = snapshots;
    const sizes = written?.slices.map((slice) => slice.join('').length) ?? [];
    // 3.6 MB in portions of half a megabyte at most.
    expect(sizes.length).toBeGreaterThanOrEqual(8);
    expect(Math.max(...sizes)).toBeLessThan(500_000);
    expect(written === undefined ? '' : readBack(written)).toBe(before);
    expect(state.freeze).toBeNull();
  });

  it('[STORE43] and fails is logged, and tried again after more entries', async () => {
    const failure = new StoreFailure('the disk is full');
    const { keeper, snapshots, errors } = keep({
      state: visited(1, 10),
      replayed: { entries: 30_000 },
      onWrite() {
        throw failure;
      },
    });
    keeper.consider();
    await new Promise((resolve) => setImmediate(resolve));
    expect(errors).toEqual([['a snapshot of account brand failed', failure]]);
    keeper.appended(entries(1_999));
    expect(snapshots.length).toBe(1);
    keeper.appended(entries(1));
    expect(snapshots.length).toBe(2);
    await keeper.close();
    expect(snapshots.some(({ finished }) => finished)).toBe(false);
  });

  it('[STORE43] is never finished when the account is dropped meanwhile', async () => {
    const state = visited(60, 60_000);
    const { keeper, snapshots, errors } = keep({
      state,
      replayed: { entries: 1 },
      onWrite: ({ slices }) => {
        if (slices.length === 2) keeper.giveUp();
      },
    });
    await keeper.close();
    await keeper.close();
    expect(snapshots.map(({ finished }) => finished)).toEqual([false]);
    expect(errors).toEqual([]);
  });
});
