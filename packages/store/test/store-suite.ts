import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type StoreChange, StoreFailure } from '../src/index.js';
import { configurationSuite } from './configuration-suite.js';
import { journalSuite } from './journal-suite.js';
import { leaseSuite } from './lease-suite.js';
import { projectionSuite } from './projection-suite.js';
import { readingSuite } from './reading-suite.js';
import { entries, login, type StoreUnderTest, seqs, takeSnapshot } from './store-under-test.js';

/** Every promise of a store that does not depend on its engine; called once per engine. */
export function storeSuite(name: string, factory: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let place: StoreUnderTest;
    beforeEach(async () => {
      place = await factory();
    });
    afterEach(() => place.destroy());

    journalSuite(() => place);
    readingSuite(() => place);
    projectionSuite(() => place);
    leaseSuite(() => place);
    configurationSuite(() => place);
    accountsAndLogins(() => place);
    lifecycle(() => place);
  });
}

function accountsAndLogins(place: () => StoreUnderTest): void {
  describe('accounts and logins', () => {
    it('[STORE20] creates an account once', async () => {
      const { accounts } = await place().open();
      await accounts.create({ id: 'brand', createdAt: 1_758_000_000_000 });
      await accounts.create({ id: 'another', createdAt: 2 });
      const again = accounts.create({ id: 'brand', createdAt: 3 });
      await expect(again).rejects.toMatchObject({ reason: 'name' });
      await expect(again).rejects.toThrow('The account brand exists already.');
      expect(await accounts.get('brand')).toEqual({ id: 'brand', createdAt: 1_758_000_000_000 });
      expect(await accounts.get('nobody')).toBeNull();
      expect(await accounts.list()).toEqual(['another', 'brand']);
    });

    it('[STORE21] keeps logins until they expire or are ended', async () => {
      const { logins } = await place().open();
      const early = login('1', { expiresAt: 2_000, createdAt: 1 });
      const late = login('2', { createdAt: 2, signedOutAt: 7 });
      await Promise.all([logins.put('brand', early), logins.put('brand', late)]);
      expect(await logins.load('brand', 1_999)).toEqual([early, late]);
      expect(await logins.load('brand', 2_000)).toEqual([late]);
      expect(await logins.load('other', 0)).toEqual([]);

      expect(await logins.delete('brand', late.bearerHash)).toBe(true);
      expect(await logins.delete('brand', late.bearerHash)).toBe(false);
      expect(await logins.load('brand', 0)).toEqual([early]);
      await logins.purge('brand', 2_000);
      expect(await logins.load('brand', 0)).toEqual([]);
    });

    it('[STORE21] a login put again takes the place of the one before', async () => {
      const { logins } = await place().open();
      await logins.put('brand', login('1'));
      const renewed = login('1', { cookieHash: 'e'.repeat(64), expiresAt: 9_000 });
      await logins.put('brand', renewed);
      expect(await logins.load('brand', 0)).toEqual([renewed]);
    });

    it('[STORE21] ends all logins of a user, and of nobody else', async () => {
      const { logins } = await place().open();
      await logins.put('brand', login('1'));
      await logins.put('brand', login('2'));
      await logins.put('brand', login('3', { userId: 8 }));
      await logins.put('other', login('1'));
      await logins.deleteOfUser('brand', 7);
      expect((await logins.load('brand', 0)).map((kept) => kept.userId)).toEqual([8]);
      expect(await logins.load('other', 0)).toHaveLength(1);
    });

    it('[STORE22] refuses a token that is not hashed, without repeating it', async () => {
      const { logins } = await place().open();
      const put = logins.put('brand', login('1', { bearerHash: 'SECRET-TOKEN' }));
      await expect(put).rejects.toThrow(/bearerHash must be a SHA-256/);
      await expect(put).rejects.not.toThrow(/SECRET-TOKEN/);
      expect(await logins.load('brand', 0)).toEqual([]);
    });
  });
}

function lifecycle(place: () => StoreUnderTest): void {
  describe('changes, closing', () => {
    it('[STORE23] notifies of own changes after their commit, with what was written', async () => {
      const store = await place().open();
      const changes: StoreChange[] = [];
      const stop = store.onChange((change) => changes.push(change));
      await store.accounts.create({ id: 'a', createdAt: 1 });
      const writing = store.config.write('b', {
        changes: [{ op: 'create', kind: 'users', nameKey: null, data: '{}' }],
      });
      // Whoever waits for the write finds it taken over.
      const before = writing.then(() => changes.length);
      const written = await writing;
      expect(await before).toBe(2);
      await store.logins.put('c', login('1'));
      await store.logins.put('c', login('2'));
      await store.logins.deleteOfUser('c', login('1').userId);
      expect(changes).toEqual([
        { changed: 'unknown', accountId: 'a' },
        { changed: 'configuration', accountId: 'b', written },
        { changed: 'logins', accountId: 'c', userId: login('1').userId },
      ]);

      stop();
      await store.accounts.create({ id: 'd', createdAt: 1 });
      expect(changes).toHaveLength(3);
    });

    it('[STORE23] notifies of no login that is opened, refreshed, ended or removed as expired', async () => {
      const store = await place().open();
      const notified = vi.fn<(change: StoreChange) => void>();
      store.onChange(notified);
      await store.logins.put('c', login('1'));
      await store.logins.put('c', { ...login('1'), expiresAt: login('1').expiresAt + 1 });
      await store.logins.put('c', login('2'));
      await store.logins.delete('c', login('1').bearerHash);
      await store.logins.purge('c', login('2').expiresAt + 1);
      expect(await store.logins.load('c', 0)).toEqual([]);
      expect(notified).not.toHaveBeenCalled();
    });

    it('[STORE23] does not notify of writes that change nothing', async () => {
      const store = await place().open();
      const notified = vi.fn<(change: StoreChange) => void>();
      store.onChange(notified);
      await store.journal.append('a', entries(1));
      await takeSnapshot(store, 'a', 1);
      await store.logins.delete('a', 'f'.repeat(64));
      await store.logins.deleteOfUser('a', 1);
      await store.logins.purge('a', 1);
      await store.config.write('a', { changes: [], audit: [] });
      const missing = { op: 'delete', kind: 'users', id: 1 } as const;
      await expect(store.config.write('a', { changes: [missing] })).rejects.toThrow();
      expect(notified).not.toHaveBeenCalled();
    });

    it('[STORE24] notices what another process changes', async () => {
      const server = await place().open();
      const notified = vi.fn<(change: StoreChange) => void>();
      server.onChange(notified);
      const cli = await place().open();
      await cli.journal.append('busy', entries(1));
      await cli.accounts.create({ id: 'brand', createdAt: 1 });
      await cli.logins.put('other', login('1'));
      await vi.waitFor(() => expect(notified).toHaveBeenCalledTimes(2), { timeout: 3_000 });
      const accounts = notified.mock.calls.map(
        ([{ changed, accountId }]) => `${changed} ${accountId}`,
      );
      expect(accounts.sort()).toEqual(['unknown brand', 'unknown other']);
    });

    it('[STORE24] both sides end up with what both changed, by what is reported to them', async () => {
      const stores = [await place().open(), await place().open()];
      const seen = stores.map((store) => {
        const view = { items: 0 };
        store.onChange(({ accountId }) => {
          void store.config.load(accountId).then(({ items }) => {
            view.items = items.length;
          });
        });
        return view;
      });
      const changes = stores.map((store, index) =>
        store.config.write('brand', {
          changes: [{ op: 'create', kind: 'users', nameKey: `u${index}`, data: '{}' }],
        }),
      );
      await Promise.all(changes);
      await vi.waitFor(() => expect(seen).toEqual([{ items: 2 }, { items: 2 }]), {
        timeout: 3_000,
      });
    });

    it('[STORE25] close waits for what is queued', async () => {
      const store = await place().open();
      const appends = Array.from({ length: 20 }, (_, index) =>
        store.journal.append('brand', entries(index + 1)),
      );
      const read = store.journal.readChat('brand', 'c');
      await store.close();
      await expect(Promise.all(appends)).resolves.toHaveLength(20);
      await expect(read).resolves.toEqual({ entries: [], lossy: false });
      const again = await place().open();
      expect(await seqs(again, 'brand')).toHaveLength(20);
    });

    it('[STORE25] every call after close is refused and says why', async () => {
      const store = await place().open();
      await store.close();
      await store.close();
      expect(store.healthy()).toBe(false);
      const calls: (() => Promise<unknown>)[] = [
        () => store.journal.append('a', entries(1)),
        () => store.journal.load('a'),
        () => takeSnapshot(store, 'a', 1),
        () => store.journal.readChat('a', 'c'),
        () => store.config.load('a'),
        () => store.config.list('a', 'users'),
        () => store.config.write('a', { changes: [] }),
        () => store.config.audit('a', { limit: 1 }),
        () => store.accounts.create({ id: 'a', createdAt: 1 }),
        () => store.accounts.get('a'),
        () => store.accounts.list(),
        () => store.logins.load('a', 0),
        () => store.logins.put('a', login('1')),
        () => store.logins.delete('a', 'x'),
        () => store.logins.deleteOfUser('a', 1),
        () => store.logins.purge('a', 1),
        () => store.leases.take('a', 'me', 1),
        () => store.leases.renew('me', 1),
        () => store.leases.release('a', { owner: 'me', epoch: 1 }),
        () => store.leases.of('a'),
        () => store.leases.expired(1),
      ];
      for (const call of calls) {
        await expect(call()).rejects.toThrow(StoreFailure);
        await expect(call()).rejects.toThrow(/is closed/);
      }
    });
  });
}
