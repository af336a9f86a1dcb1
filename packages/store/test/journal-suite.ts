import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Store, StoreConflict, StoreFailure } from '../src/index.js';
import { entries, loadAll, type StoreUnderTest, seqs, takeSnapshot } from './store-under-test.js';

/** The promises about journals and snapshots. */
export function journalSuite(place: () => StoreUnderTest): void {
  describe('journal, concurrently', () => {
    it('[STORE2] keeps the order of calls, without waiting for the one before', async () => {
      const store = await place().open();
      const appends = Array.from({ length: 300 }, (_, index) =>
        store.journal.append('brand', entries(index + 1)),
      );
      await Promise.all(appends);
      const stored = (await loadAll(store, 'brand')).entries;
      expect(stored).toEqual(entries(1, 300));
    });

    it('[STORE2] acknowledges the appends of one account in order', async () => {
      const store = await place().open();
      const acknowledged: number[] = [];
      await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          await store.journal.append('brand', entries(index + 1));
          acknowledged.push(index);
          // The next half comes while a transaction is in flight.
          await store.journal.append(`other${index}`, entries(1));
        }),
      );
      expect(acknowledged).toEqual([...acknowledged].sort((a, b) => a - b));
    });

    it('[STORE5] refuses what another process has written, and nobody else', async () => {
      const mine = await place().open();
      const theirs = await place().open();
      await mine.journal.append('contested', entries(1));
      await theirs.journal.append('contested', entries(2, 1, { data: '"theirs"' }));

      const [contested, peaceful] = await Promise.allSettled([
        mine.journal.append('contested', entries(2, 2, { data: '"mine"' })),
        mine.journal.append('peaceful', entries(1)),
      ]);

      expect(contested).toMatchObject({ reason: expect.any(StoreConflict) });
      expect(contested).toMatchObject({ reason: { reason: 'fenced' } });
      expect(contested).toMatchObject({ reason: { message: expect.stringMatching(/entry 2/) } });
      expect(peaceful.status).toBe('fulfilled');
      expect(await seqs(mine, 'peaceful')).toEqual([1]);
      const stored = (await loadAll(mine, 'contested')).entries;
      expect(stored.map((entry) => entry.data)).toEqual([entries(1)[0]?.data, '"theirs"']);
    });

    it('[STORE4] applies no entry of an append that is refused', async () => {
      const mine = await place().open();
      const theirs = await place().open();
      await theirs.journal.append('brand', entries(1));
      await expect(mine.journal.append('brand', entries(1, 3))).rejects.toThrow(StoreConflict);
      expect(await seqs(theirs, 'brand')).toEqual([1]);
    });

    it('[STORE6] refuses an append that leaves a gap', async () => {
      const store = await place().open();
      await store.journal.append('brand', entries(1, 2));
      const gap = store.journal.append('brand', entries(4));
      await expect(gap).rejects.toMatchObject({ reason: 'gap' });
      await expect(gap).rejects.toThrow(/entry 4 does not follow the last one, 2/);
      expect(await seqs(store, 'brand')).toEqual([1, 2]);
    });

    it('[STORE7] refuses appends that were queued behind a refused one', async () => {
      const mine = await place().open();
      const theirs = await place().open();
      await theirs.journal.append('brand', entries(1));

      const outcomes = await Promise.allSettled([
        mine.journal.append('brand', entries(1)),
        // Its number is free, but it was made after an event that never came to be.
        mine.journal.append('brand', entries(2)),
        takeSnapshot(mine, 'brand', 1),
        mine.journal.append('other', entries(1)),
      ]);

      expect(outcomes.map((outcome) => outcome.status)).toEqual([
        'rejected',
        'rejected',
        'rejected',
        'fulfilled',
      ]);
      const { snapshot, entries: stored } = await loadAll(theirs, 'brand');
      expect(snapshot).toBeNull();
      expect(stored.map((entry) => entry.seq)).toEqual([1]);
    });

    it('[STORE7] refuses appends called later too, until the account is loaded', async () => {
      const mine = await place().open();
      const theirs = await place().open();
      await theirs.journal.append('brand', entries(1));
      await expect(mine.journal.append('brand', entries(1))).rejects.toThrow(StoreConflict);

      await expect(mine.journal.append('brand', entries(2))).rejects.toThrow(/entry 1 is taken/);
      await expect(takeSnapshot(mine, 'brand', 1)).rejects.toThrow(StoreConflict);

      await mine.journal.load('brand');
      await mine.journal.append('brand', entries(2));
      expect(await seqs(theirs, 'brand')).toEqual([1, 2]);
    });

    it('[STORE7] counts a malformed append as refused', async () => {
      const store = await place().open();
      await expect(store.journal.append('brand', entries(1, 1, { at: 0.5 }))).rejects.toThrow();
      await expect(store.journal.append('brand', entries(1))).rejects.toThrow(StoreFailure);
      await store.journal.load('brand');
      await store.journal.append('brand', entries(1));
      expect(await seqs(store, 'brand')).toEqual([1]);
    });

    it('[STORE5] two processes writing at the same time never mix or lose entries', async () => {
      const stores = [await place().open(), await place().open()] as const;
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({ by: fc.constantFrom(0, 1), count: fc.integer({ min: 1, max: 3 }) }),
            { minLength: 2, maxLength: 25 },
          ),
          async (steps) => {
            run += 1;
            const accountId = `race${run}`;
            const expected = await race(stores, accountId, steps);
            const stored = (await loadAll(stores[0], accountId)).entries;
            expect(stored.map((entry) => entry.seq)).toEqual(stored.map((_, index) => index + 1));
            expect(stored.map((entry) => entry.data)).toEqual(expected);
          },
        ),
        { numRuns: 30 },
      );
    });
  });

  describe('journal and snapshots', () => {
    it('[STORE1] gives back every field as it was given', async () => {
      const store = await place().open();
      const entry = {
        seq: 1,
        at: 1_758_000_000_123,
        type: 'chat.line',
        version: 3,
        chatId: 'é-chat',
        data: JSON.stringify({ text: 'naïve 👋 "quoted" \u0000 \ud800', n: 2 ** 53 - 1 }),
      };
      await store.journal.append('brand', [entry]);
      const later = await place().open();
      expect((await loadAll(later, 'brand')).entries).toEqual([entry]);
    });

    it('[STORE8] a read sees the writes called before it', async () => {
      const store = await place().open();
      const append = store.journal.append('brand', entries(1, 2, { chatId: 'c' }));
      const chat = store.journal.readChat('brand', 'c');
      expect((await chat).entries.map((entry) => entry.seq)).toEqual([1, 2]);
      await append;
    });

    it('[STORE8] an append of no entries waits for those before it', async () => {
      const store = await place().open();
      const order: string[] = [];
      const append = store.journal.append('brand', entries(1)).then(() => order.push('entries'));
      const barrier = store.journal.append('brand', []).then(() => order.push('none'));
      await Promise.all([append, barrier]);
      expect(order).toEqual(['entries', 'none']);
      expect(await seqs(store, 'brand')).toEqual([1]);
    });

    it('[STORE9] loads the newest snapshot and the entries after it', async () => {
      const store = await place().open();
      await store.journal.append('brand', entries(1, 2));
      await takeSnapshot(store, 'brand', 2);
      await store.journal.append('brand', entries(3, 2));
      await takeSnapshot(store, 'brand', 4, ['first', 'second', 'third']);
      await store.journal.append('brand', entries(5, 2));
      const loaded = await loadAll(store, 'brand');
      expect(loaded.snapshot).toEqual({ seq: 4, at: 4, pieces: ['first', 'second', 'third'] });
      expect(loaded.entries).toEqual(entries(5, 2));
    });

    it('[STORE9] gives the later of two snapshots of the same position', async () => {
      const store = await place().open();
      await store.journal.append('brand', entries(1));
      await takeSnapshot(store, 'brand', 1, ['old']);
      await takeSnapshot(store, 'brand', 1, ['new']);
      expect((await loadAll(store, 'brand')).snapshot?.pieces).toEqual(['new']);
    });

    it('[STORE9] refuses a snapshot of another position than the last', async () => {
      const store = await place().open();
      await store.journal.append('brand', entries(1, 2));
      for (const seq of [1, 3]) {
        await expect(takeSnapshot(store, 'brand', seq)).rejects.toMatchObject({ reason: 'fenced' });
      }
      expect((await loadAll(store, 'brand')).snapshot).toBeNull();
    });

    it('[STORE10] gives a long journal in pages, each time it is asked', async () => {
      const store = await place().open();
      await store.journal.append('brand', entries(1, 1_234));
      const journal = await store.journal.load('brand');
      for (const round of [1, 2]) {
        const sizes: number[] = [];
        const found: number[] = [];
        for await (const { entries: page } of journal.entriesAfter(null)) {
          sizes.push(page.length);
          found.push(...page.map((entry) => entry.seq));
        }
        expect(sizes.length, `round ${round}`).toBeGreaterThan(1);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
        expect(found).toEqual(entries(1, 1_234).map((entry) => entry.seq));
      }
    });

    it('[STORE10] gives nothing for an account that has no journal', async () => {
      const store = await place().open();
      expect(await loadAll(store, 'nobody')).toMatchObject({ snapshot: null, entries: [] });
    });

    it('[STORE11] reads all entries of one chat, in order, and no others', async () => {
      const store = await place().open();
      for (let seq = 1; seq <= 1_200; seq += 1) {
        const chatId = seq % 2 === 0 ? 'even' : seq % 3 === 0 ? 'odd' : null;
        void store.journal.append('brand', entries(seq, 1, { chatId }));
      }
      await store.journal.append('elsewhere', entries(1, 1, { chatId: 'even' }));
      const { entries: even } = await store.journal.readChat('brand', 'even');
      expect(even.map((entry) => entry.seq)).toEqual(
        Array.from({ length: 600 }, (_, index) => 2 * (index + 1)),
      );
      expect((await store.journal.readChat('brand', 'none')).entries).toEqual([]);
    });

    it.each([
      ['a number that is not the next', [...entries(1), ...entries(3)], /seq must be 2, but is 3/],
      ['a number below 1', entries(0), /seq must be a whole number from 1, but is 0/],
      ['a time that is not a number', entries(1, 1, { at: Number.NaN }), /at must be .* is NaN/],
      ['a version of 0', entries(1, 1, { version: 0 }), /version must be .* is 0/],
    ])('[STORE12] refuses %s and says so', async (_what, bad, message) => {
      const store = await place().open();
      const [refused, beside] = await Promise.allSettled([
        store.journal.append('brand', bad),
        store.journal.append('other', entries(1)),
      ]);
      expect(refused).toMatchObject({ reason: expect.any(RangeError) });
      expect(refused).toMatchObject({ reason: { message: expect.stringMatching(message) } });
      expect(beside.status).toBe('fulfilled');
      expect(await seqs(store, 'brand')).toEqual([]);
    });

    it('[STORE13] keeps accounts apart', async () => {
      const store = await place().open();
      await store.journal.append('one', entries(1, 2, { chatId: 'c' }));
      await takeSnapshot(store, 'one', 2);
      expect(await loadAll(store, 'two')).toMatchObject({ snapshot: null, entries: [] });
      expect((await store.journal.readChat('two', 'c')).entries).toEqual([]);
      await store.journal.append('two', entries(1));
      expect(await seqs(store, 'one')).toEqual([]);
    });
  });
}

/**
 * Both stores write one account as the steps say, each from its own idea of where the journal ends
 * and without waiting; who is refused loads again. Returns the data of what was acknowledged,
 * in the order of its positions.
 */
async function race(
  stores: readonly [Store, Store],
  accountId: string,
  steps: readonly { by: number; count: number }[],
): Promise<string[]> {
  const ends = [0, 0];
  const acknowledged = new Map<number, string>();
  let running: Promise<unknown>[] = [];
  const settle = async () => {
    await Promise.all(running);
    running = [];
    for (const side of [0, 1]) ends[side] = (await seqs(stores[side]!, accountId)).length;
  };
  for (const [index, { by, count }] of steps.entries()) {
    const from = ends[by]! + 1;
    ends[by]! += count;
    const made = entries(from, count).map((entry) => ({
      ...entry,
      data: JSON.stringify({ by, index, seq: entry.seq }),
    }));
    const append = stores[by]!.journal.append(accountId, made);
    running.push(
      append.then(
        () => {
          for (const entry of made) {
            expect(acknowledged.has(entry.seq), `entry ${entry.seq} twice`).toBe(false);
            acknowledged.set(entry.seq, entry.data);
          }
        },
        (error: unknown) => expect(error).toBeInstanceOf(StoreConflict),
      ),
    );
    if (index % 5 === 4) await settle();
  }
  await settle();
  return [...acknowledged].sort(([a], [b]) => a - b).map(([, data]) => data);
}
