import { describe, expect, it } from 'vitest';
import { type ChatMark, StoreConflict } from '../src/index.js';
import { entries, type StoreUnderTest, seqs } from './store-under-test.js';

function began(chatId: string, at: number, visitorId = 'vera'): ChatMark {
  return { mark: 'began', chatId, visitorId, at };
}

/** The promises about the index of chats. */
export function chatIndexSuite(place: () => StoreUnderTest): void {
  describe('index of chats', () => {
    it('[STORE36] tells the chats of a visitor, newest first, and when they ended', async () => {
      const { journal } = await place().open();
      await Promise.all([
        journal.append('brand', entries(1), [began('c1', 1000)]),
        journal.append('brand', entries(2), [began('c2', 2000), began('w1', 2000, 'wim')]),
        journal.append('brand', entries(3), [{ mark: 'ended', chatId: 'c1', at: 3000 }]),
        journal.append('brand', entries(4), [
          began('c3', 4000),
          { mark: 'ended', chatId: 'c3', at: 4000 },
        ]),
      ]);
      const chats = [
        { chatId: 'c3', startedAt: 4000, endedAt: 4000 },
        { chatId: 'c2', startedAt: 2000, endedAt: null },
        { chatId: 'c1', startedAt: 1000, endedAt: 3000 },
      ];
      expect(await journal.chatsOfVisitor('brand', 'vera', 10)).toEqual(chats);
      expect(await journal.chatsOfVisitor('brand', 'vera', 2)).toEqual(chats.slice(0, 2));
      expect(await journal.chatsOfVisitor('brand', 'nobody', 10)).toEqual([]);
    });

    it('[STORE13] keeps the chats of accounts apart', async () => {
      const { journal } = await place().open();
      await journal.append('one', entries(1), [began('c1', 1000)]);
      await journal.append('two', entries(1), [{ mark: 'ended', chatId: 'c1', at: 2000 }]);
      expect(await journal.chatsOfVisitor('two', 'vera', 10)).toEqual([]);
      expect(await journal.chatsOfVisitor('one', 'vera', 10)).toEqual([
        { chatId: 'c1', startedAt: 1000, endedAt: null },
      ]);
    });

    it('[STORE37] knows nothing of an append that was refused', async () => {
      const mine = await place().open();
      const theirs = await place().open();
      await theirs.journal.append('brand', entries(1), [began('theirs', 1000)]);
      const refused = mine.journal.append('brand', entries(1), [began('mine', 1000)]);
      await expect(refused).rejects.toThrow(StoreConflict);
      const chats = await mine.journal.chatsOfVisitor('brand', 'vera', 10);
      expect(chats.map(({ chatId }) => chatId)).toEqual(['theirs']);
    });

    it.each([
      ['no chat', { ...began('c', 1), chatId: undefined }, /began .* chatId must be text/],
      [
        'no visitor',
        { ...began('c', 1), visitorId: 7 },
        /began .* visitorId must be text, but is 7/,
      ],
      [
        'no time',
        { mark: 'ended', chatId: 'c', at: 0.5 },
        /ended .* at must be epoch millisec.* 0.5/,
      ],
    ])('[STORE12] refuses a mark with %s and says so', async (_what, mark, message) => {
      const store = await place().open();
      const append = store.journal.append('brand', entries(1), [mark as ChatMark]);
      await expect(append).rejects.toThrow(RangeError);
      await expect(append).rejects.toThrow(message);
      await store.journal.load('brand');
      expect(await seqs(store, 'brand')).toEqual([]);
    });

    it('[STORE12] refuses a limit of no chats', async () => {
      const { journal } = await place().open();
      await expect(journal.chatsOfVisitor('brand', 'vera', 0)).rejects.toThrow(/from 1, but is 0/);
    });
  });
}
