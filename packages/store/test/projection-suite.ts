import { describe, expect, it } from 'vitest';
import { type Store, StoreConflict } from '../src/index.js';
import { chatBegan, chatEnded, entries, type StoreUnderTest } from './store-under-test.js';

const NAME = 'chats-by-visitor';

/** The promises about projections, of which the chats by visitor are the first. */
export function projectionSuite(place: () => StoreUnderTest): void {
  describe('projections, concurrently', () => {
    it('[STORE37] knows nothing of an append that was refused', async () => {
      const mine = await place().open();
      const theirs = await place().open();
      await theirs.journal.append('brand', [chatBegan(1, 'theirs', 1000)]);
      const refused = mine.journal.append('brand', [chatBegan(1, 'mine', 1000)]);
      await expect(refused).rejects.toThrow(StoreConflict);
      expect(await chatIds(mine)).toEqual(['theirs']);
    });

    it('[STORE71] is made anew while the account goes on, with what comes meanwhile', async () => {
      const store = await place().open();
      const other = await place().open();
      await store.journal.append('brand', manyChats(1, 1_200));
      const before = await store.projections.chatsOfVisitor('brand', 'vera', 5_000);
      expect(before).toHaveLength(1_200);
      let seq = 1_200;
      const progress: number[] = [];
      const appends: Promise<void>[] = [];
      await other.projections.rebuild('brand', NAME, (done, of) => {
        progress.push(done);
        expect(of).toBeGreaterThanOrEqual(1_200);
        if (progress.length > 3) return;
        seq += 1;
        appends.push(store.journal.append('brand', [chatBegan(seq, `new${seq}`, seq)]));
      });
      await Promise.all(appends);
      expect(appends).toHaveLength(3);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      const after = await store.projections.chatsOfVisitor('brand', 'vera', 5_000);
      expect(after).toHaveLength(1_203);
      expect(after.slice(3)).toEqual(before);
      expect(await store.projections.damage('brand', NAME)).toBeNull();
      // It follows again.
      await store.journal.append('brand', [chatBegan(1_204, 'last', 9_999)]);
      expect((await chatIds(other))[0]).toBe('last');
    });

    it('[STORE72] is not read while it is made anew, and not by halves after that was interrupted', async () => {
      const store = await place().open();
      await store.journal.append('brand', manyChats(1, 1_000));
      const rebuild = store.projections.rebuild('brand', NAME, () => {
        throw new Error('interrupted');
      });
      await expect(rebuild).rejects.toThrow('interrupted');
      const read = store.projections.chatsOfVisitor('brand', 'vera', 5);
      await expect(read).rejects.toMatchObject({ reason: 'rebuilding' });
      await expect(read).rejects.toThrow(/brand: chats-by-visitor .*"parley rebuild brand"/);
      expect((await store.projections.damage('brand', NAME))?.report.kind).toBe('chats');
      // What is appended until then is in it as well.
      await store.journal.append('brand', [chatEnded(1_001, 'c1', 5_000)]);

      const later = await place().open();
      await later.projections.rebuild('brand', NAME);
      const chats = await store.projections.chatsOfVisitor('brand', 'vera', 5_000);
      expect(chats).toHaveLength(1_000);
      expect(chats.at(-1)).toEqual({ chatId: 'c1', startedAt: 1, endedAt: 5_000 });
      expect(await store.projections.damage('brand', NAME)).toBeNull();
    });

    it('[STORE73] of two who make it anew at once, one does, whole, and the other one gets an error', async () => {
      const stores = [await place().open(), await place().open()];
      await stores[0]?.journal.append('brand', manyChats(1, 1_500));
      for (let round = 0; round < 4; round += 1) {
        const outcomes = await Promise.allSettled(
          stores.map((store) => store.projections.rebuild('brand', NAME)),
        );
        const refused = outcomes.filter((each) => each.status === 'rejected');
        expect(refused.length).toBeLessThan(2);
        for (const each of refused) expect(each.reason).toMatchObject({ reason: 'rebuilding' });
        expect(await stores[0]?.projections.damage('brand', NAME)).toBeNull();
        const chats = await stores[1]?.projections.chatsOfVisitor('brand', 'vera', 5_000);
        expect(chats).toHaveLength(1_500);
      }
    });
  });

  describe('projections', () => {
    it('[STORE36] answers the chats of a visitor, newest first, and when they ended', async () => {
      const { journal, projections } = await place().open();
      await Promise.all([
        journal.append('brand', [chatBegan(1, 'c1', 1000)]),
        journal.append('brand', [chatBegan(2, 'c2', 2000), chatBegan(3, 'w1', 2000, 'wim')]),
        journal.append('brand', [chatEnded(4, 'c1', 3000)]),
        journal.append('brand', [chatBegan(5, 'c3', 4000), chatEnded(6, 'c3', 4000)]),
      ]);
      const chats = [
        { chatId: 'c3', startedAt: 4000, endedAt: 4000 },
        { chatId: 'c2', startedAt: 2000, endedAt: null },
        { chatId: 'c1', startedAt: 1000, endedAt: 3000 },
      ];
      expect(await projections.chatsOfVisitor('brand', 'vera', 10)).toEqual(chats);
      expect(await projections.chatsOfVisitor('brand', 'vera', 2)).toEqual(chats.slice(0, 2));
      expect(await projections.chatsOfVisitor('brand', 'nobody', 10)).toEqual([]);
    });

    it('[STORE13] keeps the chats of accounts apart', async () => {
      const { journal, projections } = await place().open();
      await journal.append('one', [chatBegan(1, 'c1', 1000)]);
      await journal.append('two', [chatEnded(1, 'c1', 2000)]);
      expect(await projections.chatsOfVisitor('two', 'vera', 10)).toEqual([]);
      await journal.append('two', [chatBegan(2, 'c1', 3000)]);
      await projections.rebuild('two', NAME);
      expect(await projections.chatsOfVisitor('one', 'vera', 10)).toEqual([
        { chatId: 'c1', startedAt: 1000, endedAt: null },
      ]);
    });

    it('[STORE37] what is no event of its type is kept in the journal, and passed over', async () => {
      const { journal, projections } = await place().open();
      const odd = [
        '{}',
        'no JSON',
        '{"type":"chat.requested"}',
        '{"type":"chat.ended","chatId":7}',
      ];
      await journal.append(
        'brand',
        odd.map((data, index) => ({
          ...chatBegan(index + 1, 'c', 1),
          type: data.includes('ended') ? 'chat.ended' : 'chat.requested',
          data,
        })),
      );
      await journal.append('brand', [chatBegan(5, 'c', 5)]);
      expect(await projections.chatsOfVisitor('brand', 'vera', 5)).toHaveLength(1);
    });

    it('[STORE71] takes nothing in of what was erased, nor of what was given up', async () => {
      const { journal, projections } = await place().open();
      await journal.append('brand', [chatBegan(1, 'c1', 1), chatBegan(2, 'c2', 2)]);
      const nobody = { type: 'chat.requested', chatId: 'c1', visitor: { visitorId: '' } };
      await journal.erase('brand', {
        entries: [{ seq: 1, data: JSON.stringify(nobody) }],
        chats: ['c1'],
      });
      await projections.rebuild('brand', NAME);
      expect(await projections.chatsOfVisitor('brand', 'vera', 5)).toHaveLength(1);
      expect(await projections.chatsOfVisitor('brand', '', 5)).toEqual([]);
    });

    it('[STORE12] refuses a limit of no chats, and a projection that there is not', async () => {
      const { projections } = await place().open();
      await expect(projections.chatsOfVisitor('brand', 'vera', 0)).rejects.toThrow(/but is 0/);
      await expect(projections.rebuild('brand', 'figures')).rejects.toThrow(
        /no projection figures/,
      );
      await expect(projections.damage('brand', 'figures')).rejects.toThrow(/no projection figures/);
    });

    it('[STORE71] an account without a journal needs none', async () => {
      const { accounts, projections } = await place().open();
      await accounts.create({ id: 'brand', createdAt: 1 });
      expect(await projections.damage('brand', NAME)).toBeNull();
      expect(await projections.chatsOfVisitor('brand', 'vera', 5)).toEqual([]);
      await projections.rebuild('brand', NAME);
      expect(await projections.damage('brand', NAME)).toBeNull();
    });
  });
}

async function chatIds(store: Store): Promise<string[]> {
  const chats = await store.projections.chatsOfVisitor('brand', 'vera', 10);
  return chats.map(({ chatId }) => chatId);
}

/** Chats of one visitor, one of them in each entry. */
function manyChats(from: number, count: number) {
  return entries(from, count).map(({ seq }) => chatBegan(seq, `c${seq}`, seq));
}
