import { describe, expect, it, vi } from 'vitest';
import type { Lease } from '../src/index.js';
import { entries, loadAll, type StoreUnderTest, seqs, takeSnapshot } from './store-under-test.js';

const MINUTE = 60_000;

/** The promises about leases: who may serve an account, and who may write it. */
export function leaseSuite(place: () => StoreUnderTest): void {
  describe('leases, concurrently', () => {
    it('[LEASE1] of two takers at once one gets it, and the other is answered who', async () => {
      const stores = [await place().open(), await place().open()];
      for (let round = 0; round < 10; round += 1) {
        const account = `a${round}`;
        const outcomes = await Promise.allSettled(
          stores.map((store, index) => store.leases.take(account, `node-${index}`, MINUTE)),
        );
        const [taken, ...more] = outcomes.flatMap((each) =>
          each.status === 'fulfilled' ? [each.value] : [],
        );
        expect(more).toEqual([]);
        const refused = outcomes.find((each) => each.status === 'rejected');
        expect(refused?.reason).toMatchObject({ reason: 'leased' });
        expect(String(refused?.reason)).toContain(`${account} is served by ${taken?.owner}`);
        for (const store of stores) expect(await store.leases.of(account)).toEqual(taken);
      }
    });

    it('[LEASE1] many takers in one transaction: one gets it', async () => {
      const store = await place().open();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          store.leases.take('brand', `node-${index}`, MINUTE),
        ),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('[LEASE2] one that ran out is taken by another, with a greater epoch', async () => {
      const mine = await place().open();
      const theirs = await place().open();
      const first = await mine.leases.take('brand', 'mine', 0);
      expect(await theirs.leases.of('brand')).toBeNull();
      const second = await theirs.leases.take('brand', 'theirs', MINUTE);
      expect(second.epoch).toBeGreaterThan(first.epoch);
      const back = mine.leases.take('brand', 'mine', MINUTE);
      await expect(back).rejects.toMatchObject({ reason: 'leased' });
      expect(await mine.leases.of('brand')).toEqual(second);
    });

    it('[LEASE3] refuses an append of an owner that lost it, though its number is free, and what is queued behind it', async () => {
      const mine = await place().open();
      const theirs = await place().open();
      const stale = await mine.leases.take('brand', 'mine', 0);
      await mine.journal.append('brand', entries(1), stale);
      await theirs.leases.take('brand', 'theirs', MINUTE);
      // The other one has written nothing yet: no entry of it stands in the way.
      const outcomes = await Promise.allSettled([
        mine.journal.append('brand', entries(2), stale),
        mine.journal.append('brand', entries(3), stale),
        takeSnapshot(mine, 'brand', 1),
        mine.journal.append('other', entries(1)),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        ...['rejected', 'rejected', 'rejected', 'fulfilled'],
      ]);
      for (const each of outcomes.slice(0, 2)) {
        expect(each).toMatchObject({ reason: { reason: 'leased' } });
      }
      await expect(mine.journal.append('brand', entries(2), stale)).rejects.toThrow(
        /brand: its lease was taken by another process/,
      );
      const read = await theirs.journal.read('brand', { after: 0, limit: 9 });
      expect(read.entries.map(({ seq }) => seq)).toEqual([1]);
    });

    it('[LEASE3] of two owners who write at once, only what the later one wrote comes after its take', async () => {
      const mine = await place().open();
      const theirs = await place().open();
      const stale = await mine.leases.take('brand', 'mine', 0);
      const writing = Array.from({ length: 60 }, (_, index) =>
        mine.journal.append('brand', entries(index + 1, 1, { data: '"mine"' }), stale).then(
          () => index + 1,
          () => null,
        ),
      );
      const taken = await theirs.leases.take('brand', 'theirs', MINUTE);
      const end = (await seqs(theirs, 'brand')).length;
      await theirs.journal.append('brand', entries(end + 1, 1, { data: '"theirs"' }), taken);
      const acknowledged = (await Promise.all(writing)).filter((seq) => seq !== null);
      const { entries: stored } = await loadAll(theirs, 'brand');
      expect(stored.map(({ data }) => data)).toEqual([
        ...acknowledged.map(() => '"mine"'),
        '"theirs"',
      ]);
    });

    it('[LEASE4] a renewal after the loss is none, and extends nothing', async () => {
      const mine = await place().open();
      const theirs = await place().open();
      const kept = await mine.leases.take('kept', 'mine', MINUTE);
      await mine.leases.take('lost', 'mine', 0);
      const taken = await theirs.leases.take('lost', 'theirs', MINUTE);
      expect(await mine.leases.renew('mine', 2 * MINUTE)).toEqual(new Map([['kept', kept.epoch]]));
      expect(await theirs.leases.of('lost')).toEqual(taken);
      expect((await theirs.leases.of('kept'))?.until).toBeGreaterThan(kept.until);
    });
  });

  describe('leases', () => {
    it('[LEASE2] its owner may take it again, and its epoch grows', async () => {
      const store = await place().open();
      const epochs: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const { epoch } = await store.leases.take('brand', 'me', MINUTE);
        epochs.push(epoch);
      }
      expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
      // Whoever goes on with an earlier one is as any other owner that lost it.
      const [first = 0] = epochs;
      const late = store.journal.append('brand', entries(1), { owner: 'me', epoch: first });
      await expect(late).rejects.toMatchObject({ reason: 'leased' });
    });

    it('[LEASE4] a heartbeat renews all of an owner’s, also what ran out and nobody took, and no other’s', async () => {
      const store = await place().open();
      const ranOut = await store.leases.take('a', 'me', 0);
      const running = await store.leases.take('b', 'me', MINUTE);
      const other = await store.leases.take('c', 'other', MINUTE);
      expect(await store.leases.renew('me', MINUTE)).toEqual(
        new Map([
          ['a', ranOut.epoch],
          ['b', running.epoch],
        ]),
      );
      expect((await store.leases.of('a'))?.epoch).toBe(ranOut.epoch);
      expect(await store.leases.of('c')).toEqual(other);
      expect(await store.leases.renew('nobody', MINUTE)).toEqual(new Map());
    });

    it('[LEASE5] one that is released is taken at once, is not renewed, and is released once', async () => {
      const store = await place().open();
      const first = await store.leases.take('brand', 'me', MINUTE);
      expect(await store.leases.release('brand', { ...first, epoch: first.epoch - 1 })).toBe(false);
      expect(await store.leases.release('brand', { ...first, owner: 'other' })).toBe(false);
      expect(await store.leases.of('brand')).toEqual(first);
      expect(await store.leases.release('brand', first)).toBe(true);
      expect(await store.leases.release('brand', first)).toBe(false);
      expect(await store.leases.of('brand')).toBeNull();
      expect(await store.leases.renew('me', MINUTE)).toEqual(new Map());
      const second = await store.leases.take('brand', 'other', MINUTE);
      expect(second.epoch).toBeGreaterThan(first.epoch);
    });

    it('[LEASE5] those that ran out are listed, and neither those in force nor those released', async () => {
      const store = await place().open();
      const gone: Lease[] = [];
      for (const account of ['a', 'b', 'c']) gone.push(await store.leases.take(account, 'dead', 0));
      await store.leases.take('d', 'me', MINUTE);
      await store.leases.release('e', await store.leases.take('e', 'me', 0));
      expect(await store.leases.expired(10)).toEqual(gone);
      expect(await store.leases.expired(2)).toEqual(gone.slice(0, 2));
      await store.leases.take('b', 'me', MINUTE);
      expect((await store.leases.expired(10)).map(({ accountId }) => accountId)).toEqual([
        'a',
        'c',
      ]);
    });

    it('[LEASE3] who names no lease is held back by the journal’s key alone', async () => {
      const store = await place().open();
      await store.leases.take('brand', 'me', MINUTE);
      await (await place().open()).journal.append('brand', entries(1));
      expect(await seqs(store, 'brand')).toEqual([1]);
    });

    it('[STORE12] refuses an owner without a name and a time that is none', async () => {
      const { leases } = await place().open();
      await expect(leases.take('a', '', 1)).rejects.toThrow(/owner of a lease must be a text/);
      for (const forMs of [-1, 0.5, Number.NaN, 3_600_001]) {
        await expect(leases.take('a', 'me', forMs)).rejects.toThrow(`but is for ${forMs}`);
        await expect(leases.renew('me', forMs)).rejects.toThrow(RangeError);
      }
      await expect(leases.expired(0)).rejects.toThrow(/but is 0/);
      expect(await leases.of('a')).toBeNull();
    });

    it('[LEASE1] notifies nobody of a change', async () => {
      const store = await place().open();
      const notified = vi.fn<(change: unknown) => void>();
      store.onChange(notified);
      const lease = await store.leases.take('a', 'me', MINUTE);
      await store.leases.renew('me', MINUTE);
      await store.leases.release('a', lease);
      expect(notified).not.toHaveBeenCalled();
    });
  });
}
