import { describe, expect, it } from 'vitest';
import type { JournalEntry, Store } from '../src/index.js';
import { entries, type StoreUnderTest, takeSnapshot } from './store-under-test.js';

/** The promises to those who follow a journal without the account's state, and about accounts at rest. */
export function readingSuite(place: () => StoreUnderTest): void {
  describe('reading from a position, concurrently', () => {
    it('[STORE69] gives what follows, in portions, while it grows, and each entry once', async () => {
      const store = await place().open();
      const reader = await place().open();
      await store.journal.append('brand', entries(1, 700));
      const found: JournalEntry[] = [];
      let written = 700;
      for (let after = 0; ; ) {
        const portion = await reader.journal.read('brand', { after, limit: 100 });
        expect(portion.entries.length).toBeLessThanOrEqual(100);
        found.push(...portion.entries);
        after = portion.reached;
        if (written < 800) {
          await store.journal.append('brand', entries(written + 1, 20));
          written += 20;
        }
        if (portion.ended) break;
      }
      expect(found).toEqual(entries(1, 800));
    });

    it('[STORE69] needs no state, and makes nobody load the account', async () => {
      const mine = await place().open();
      const theirs = await place().open();
      await theirs.journal.append('brand', entries(1, 3));
      await expect(mine.journal.append('brand', entries(1))).rejects.toThrow(/taken/);
      expect((await mine.journal.read('brand', { after: 1, limit: 5 })).entries).toEqual(
        entries(2, 2),
      );
      // To read is not to load: its own appends are refused as before.
      await expect(mine.journal.append('brand', entries(4))).rejects.toThrow(/entry 1 is taken/);
    });
  });

  describe('reading from a position', () => {
    it('[STORE69] begins anywhere, and says where the end is', async () => {
      const store = await place().open();
      await store.journal.append('brand', entries(1, 5));
      await takeSnapshot(store, 'brand', 5);
      const read = (after: number, limit: number) => store.journal.read('brand', { after, limit });
      expect(await read(3, 1)).toEqual({ entries: entries(4), reached: 4, ended: false });
      expect(await read(4, 9)).toEqual({ entries: entries(5), reached: 5, ended: true });
      expect(await read(5, 9)).toEqual({ entries: [], reached: 5, ended: true });
      expect(await store.journal.read('nobody', { after: 0, limit: 9 })).toEqual({
        ...{ entries: [], reached: 0, ended: true },
      });
      await expect(read(-1, 9)).rejects.toThrow(/read after must be .* from 0, but is -1/);
      await expect(read(0, 0)).rejects.toThrow(/limit .* is 0/);
    });

    it('[STORE69] gives large entries in small portions', async () => {
      const store = await place().open();
      const data = JSON.stringify('x'.repeat(20_000));
      for (let seq = 1; seq <= 120; seq += 40) {
        await store.journal.append('brand', entries(seq, 40, { data }));
      }
      const { entries: some, ended } = await store.journal.read('brand', { after: 0, limit: 500 });
      expect(some.length).toBeLessThan(120);
      expect(ended).toBe(false);
    });

    it('[STORE70] a cursor is kept for each who follows', async () => {
      const store = await place().open();
      expect(await store.cursors.read('brand', 'webhooks')).toBe(0);
      await store.cursors.advance('brand', 'webhooks', 7);
      await store.cursors.advance('brand', 'webhooks', 9);
      await store.cursors.advance('brand', 'figures', 3);
      await store.cursors.advance('other', 'webhooks', 1);
      const later = await place().open();
      expect(await later.cursors.read('brand', 'webhooks')).toBe(9);
      expect(await later.cursors.read('brand', 'figures')).toBe(3);
      await expect(store.cursors.advance('brand', 'webhooks', 0.5)).rejects.toThrow(/webhooks/);
    });
  });

  describe('accounts at rest', () => {
    it('[STORE74] are at rest until their journal goes on, in whichever process', async () => {
      const store = await place().open();
      for (const id of ['a', 'b', 'c', 'new']) await store.accounts.create({ id, createdAt: 1 });
      for (const id of ['a', 'b', 'c']) await store.journal.append(id, entries(1, 2));
      expect(await standing(store)).toEqual(['a awake', 'b awake', 'c awake']);
      await store.accounts.rest('a', { seq: 2, dueAt: null });
      await store.accounts.rest('b', { seq: 2, dueAt: 5_000 });
      // What it knew is not the end any more.
      await store.accounts.rest('c', { seq: 1, dueAt: null });
      expect(await standing(store)).toEqual(['b due 5000', 'c awake']);
      const later = await place().open();
      await later.journal.append('a', entries(3));
      expect(await standing(store)).toEqual(['a awake', 'b due 5000', 'c awake']);
      await expect(store.accounts.rest('a', { seq: -1, dueAt: null })).rejects.toThrow(/from 0/);
      await expect(store.accounts.rest('a', { seq: 1, dueAt: 0.5 })).rejects.toThrow(/is due/);
    });
  });
}

async function standing(store: Store): Promise<string[]> {
  const all = await store.accounts.standing();
  return all.map(({ accountId, needs }) =>
    needs === 'awake' ? `${accountId} awake` : `${accountId} due ${needs.dueAt}`,
  );
}
