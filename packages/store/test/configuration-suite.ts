import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AuditEntry,
  type ConfigChange,
  type ConfigItem,
  StoreConflict,
} from '../src/index.js';
import type { StoreUnderTest } from './store-under-test.js';

const create = (kind: string, nameKey: string | null, data = '{}'): ConfigChange => ({
  op: 'create',
  kind,
  nameKey,
  data,
});

/** The promises about configuration and its audit trail. */
export function configurationSuite(place: () => StoreUnderTest): void {
  describe('configuration', () => {
    it('[STORE14] gives ids and raises each touched revision once per write', async () => {
      const { config } = await place().open();
      const first = await config.write('brand', {
        changes: [create('users', 'ann'), create('users', 'bob'), create('skills', 'Sales')],
      });
      expect(first.items.map(({ kind, id, revision }) => [kind, id, revision])).toEqual([
        ['users', 1, 1],
        ['users', 2, 1],
        ['skills', 1, 1],
      ]);
      expect(first.revisions).toEqual({ users: 1, skills: 1 });

      const second = await config.write('brand', {
        changes: [{ op: 'update', kind: 'users', id: 2, nameKey: 'bob', data: '{"n":1}' }],
      });
      expect(second).toEqual({
        items: [
          { kind: 'users', id: 2, revision: 2, deleted: false, nameKey: 'bob', data: '{"n":1}' },
        ],
        revisions: { users: 2 },
        nextIds: { users: 3 },
      });
      expect((await config.load('brand')).revisions).toEqual({ users: 2, skills: 1 });
    });

    it('[STORE14] never uses an id again', async () => {
      const { config } = await place().open();
      await config.write('brand', { changes: [create('users', 'ann'), create('users', 'bob')] });
      await config.write('brand', { changes: [{ op: 'delete', kind: 'users', id: 2 }] });
      const { items } = await config.write('brand', { changes: [create('users', 'bob')] });
      expect(items[0]?.id).toBe(3);
      const again = config.write('brand', {
        changes: [{ ...create('users', 'x'), id: 2 } as ConfigChange],
      });
      await expect(again).rejects.toThrow(/users 2 of account brand exists or has existed/);
    });

    it('[STORE14] takes a given id and goes on after it', async () => {
      const { config } = await place().open();
      const { items } = await config.write('brand', {
        changes: [
          { op: 'create', kind: 'users', id: 3_705_342_610, nameKey: 'ann', data: '{}' },
          create('users', 'bob'),
        ],
      });
      expect(items.map((item) => item.id)).toEqual([3_705_342_610, 3_705_342_611]);
    });

    it('[STORE15] applies all changes of a write or none', async () => {
      const { config } = await place().open();
      await config.write('brand', { changes: [create('users', 'ann')] });
      const before = await config.load('brand');
      const write = config.write('brand', {
        changes: [
          create('skills', 'Sales'),
          { op: 'update', kind: 'users', id: 1, nameKey: 'renamed', data: '{}' },
          { op: 'delete', kind: 'users', id: 99 },
        ],
        audit: [audit('nothing.happened')],
      });
      await expect(write).rejects.toMatchObject({ reason: 'missing' });
      await expect(write).rejects.toThrow('users 99 of account brand does not exist.');
      expect(await config.load('brand')).toEqual(before);
      expect(await config.audit('brand', { limit: 10 })).toEqual([]);
    });

    it('[STORE15] a refused write does not keep others of its transaction back', async () => {
      const { config } = await place().open();
      const outcomes = await Promise.allSettled([
        config.write('brand', { changes: [create('users', 'ann')] }),
        config.write('brand', { changes: [create('skills', 'S'), create('users', 'ann')] }),
        config.write('brand', { changes: [create('users', 'bob')] }),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      const { items, revisions } = await config.load('brand');
      expect(items.map((item) => [item.kind, item.id, item.nameKey])).toEqual([
        ['users', 1, 'ann'],
        ['users', 2, 'bob'],
      ]);
      expect(revisions).toEqual({ users: 2 });
    });

    it('[STORE16] a name belongs to one record of a kind that is not deleted', async () => {
      const { config } = await place().open();
      await config.write('brand', { changes: [create('users', 'ann'), create('skills', 'ann')] });
      const taken = config.write('brand', { changes: [create('users', 'ann')] });
      await expect(taken).rejects.toMatchObject({ reason: 'name' });
      await expect(taken).rejects.toThrow('The name "ann" is taken by users 1 of account brand');
      // Compared as given, and free again with its holder's deletion.
      await config.write('brand', { changes: [create('users', 'Ann')] });
      await config.write('brand', { changes: [{ op: 'delete', kind: 'users', id: 1 }] });
      await config.write('brand', { changes: [create('users', 'ann')] });
      // Without a name there is nothing to collide.
      await config.write('brand', { changes: [create('users', null), create('users', null)] });
    });

    it('[STORE16] refuses a change of name to one that is taken', async () => {
      const { config } = await place().open();
      await config.write('brand', { changes: [create('users', 'ann'), create('users', 'bob')] });
      const rename = { op: 'update', kind: 'users', id: 2, nameKey: 'ann', data: '{}' } as const;
      await expect(config.write('brand', { changes: [rename] })).rejects.toMatchObject({
        reason: 'name',
      });
      const same = { op: 'update', kind: 'users', id: 1, nameKey: 'ann', data: '"new"' } as const;
      expect((await config.write('brand', { changes: [same] })).items[0]?.data).toBe('"new"');
    });

    it('[STORE17] refuses a write that builds on an old revision', async () => {
      const { config } = await place().open();
      await config.write('brand', { changes: [create('users', 'ann')], ifRevision: { users: 0 } });
      const stale = config.write('brand', {
        changes: [create('users', 'bob')],
        ifRevision: { users: 0 },
      });
      await expect(stale).rejects.toMatchObject({ reason: 'revision' });
      await expect(stale).rejects.toThrow(/users of account brand is at revision 1, not 0/);
      await config.write('brand', { changes: [create('users', 'bob')], ifRevision: { users: 1 } });
    });

    it('[STORE17] of two writes on one revision only one is made, in whichever process', async () => {
      const stores = [await place().open(), await place().open()];
      const outcomes = await Promise.allSettled(
        stores.map((store, index) =>
          store.config.write('brand', {
            changes: [create('users', `user ${index}`)],
            ifRevision: { users: 0 },
          }),
        ),
      );
      expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('[STORE18] lists a collection as it is, with deleted records, or what changed', async () => {
      const { config } = await place().open();
      await config.write('brand', { changes: [create('users', 'ann'), create('users', 'bob')] });
      await config.write('brand', { changes: [{ op: 'delete', kind: 'users', id: 1 }] });
      await config.write('brand', { changes: [create('users', 'cid'), create('skills', 'S')] });
      const ids = (list: { items: readonly ConfigItem[] }) => list.items.map((item) => item.id);

      const current = await config.list('brand', 'users');
      expect(ids(current)).toEqual([2, 3]);
      expect(current.revision).toBe(3);
      const all = await config.list('brand', 'users', { includeDeleted: true });
      expect(ids(all)).toEqual([1, 2, 3]);
      expect(all.items[0]).toMatchObject({
        deleted: true,
        revision: 2,
        nameKey: 'ann',
        data: '{}',
      });
      expect(ids(await config.list('brand', 'users', { changedAfter: 1 }))).toEqual([1, 3]);
      expect(ids(await config.list('brand', 'users', { changedAfter: 3 }))).toEqual([]);
      expect(await config.list('brand', 'surveys')).toEqual({ items: [], revision: 0 });
    });

    it('[STORE60] answers what is new to whoever knows some revisions, and nothing else', async () => {
      const { config } = await place().open();
      await config.write('brand', {
        changes: [create('users', 'ann'), create('users', 'bob'), create('skills', 'Sales')],
      });
      const known = (await config.load('brand')).revisions;
      expect(await config.changedSince('brand', known)).toEqual({
        items: [],
        revisions: {},
        nextIds: {},
      });
      await config.write('brand', {
        changes: [create('users', 'eve'), { op: 'delete', kind: 'users', id: 1 }],
      });
      await config.write('brand', { changes: [create('groups', 'Main')] });
      const { items, revisions, nextIds } = await config.changedSince('brand', known);
      expect(items.map(({ kind, id, deleted }) => [kind, id, deleted])).toEqual([
        ['groups', 1, false],
        ['users', 1, true],
        ['users', 3, false],
      ]);
      expect(revisions).toEqual({ groups: 1, users: 2 });
      expect(nextIds).toEqual({ groups: 2, users: 4 });
      expect(await config.changedSince('other', known)).toEqual({
        items: [],
        revisions: {},
        nextIds: {},
      });
    });

    it('[STORE19] keeps the audit trail with the change, newest first, in pages', async () => {
      const { config } = await place().open();
      await config.write('brand', { changes: [create('users', 'ann')], audit: [audit('first')] });
      await config.write('brand', { changes: [], audit: [audit('second'), audit('third')] });
      const page = await config.audit('brand', { limit: 2 });
      expect(page).toEqual([
        { ...audit('third'), id: 3 },
        { ...audit('second'), id: 2 },
      ]);
      const rest = await config.audit('brand', { limit: 2, before: page.at(-1)?.id ?? 0 });
      expect(rest).toEqual([{ ...audit('first'), id: 1 }]);
      await expect(config.audit('brand', { limit: 0 })).rejects.toThrow(/limit .* but is 0/);
    });

    it('[STORE78] finds records in use that hold a text, over all accounts', async () => {
      const { config } = await place().open();
      const create = (data: string) => ({ op: 'create', kind: 'k', nameKey: null, data }) as const;
      await config.write('a', { changes: [create('"wanted"'), create('"other"')] });
      await config.write('b', { changes: [create('"wanted too"'), create('"wanted, gone"')] });
      await config.write('b', { changes: [{ op: 'delete', kind: 'k', id: 2 }] });
      await config.write('b', { changes: [{ ...create('"wanted"'), kind: 'another' }] });
      const found = await config.holding('k', '"wanted');
      expect(found.map(({ accountId, id, data }) => [accountId, id, data])).toEqual([
        ['a', 1, '"wanted"'],
        ['b', 1, '"wanted too"'],
      ]);
      // It is a text, and no pattern.
      expect(await config.holding('k', '%wanted%')).toEqual([]);
    });

    it('[STORE13] keeps the configuration of accounts apart', async () => {
      const { config } = await place().open();
      await config.write('one', { changes: [create('users', 'ann')], audit: [audit('x')] });
      expect(await config.load('two')).toEqual({ items: [], revisions: {}, nextIds: {} });
      expect(await config.audit('two', { limit: 5 })).toEqual([]);
      const foreign = config.write('two', { changes: [{ op: 'delete', kind: 'users', id: 1 }] });
      await expect(foreign).rejects.toMatchObject({ reason: 'missing' });
      expect((await config.write('two', { changes: [create('users', 'ann')] })).items[0]?.id).toBe(
        1,
      );
    });

    it.each([
      ['an id of 0', { op: 'delete', kind: 'users', id: 0 }, /id must be .* but is 0/],
      ['a fractional id', { op: 'delete', kind: 'users', id: 1.5 }, /id must be .* but is 1.5/],
      ['no kind', { op: 'delete', kind: '', id: 1 }, /kind must be text/],
    ] as const)('[STORE12] refuses a change with %s', async (_what, change, message) => {
      const { config } = await place().open();
      await expect(config.write('brand', { changes: [change] })).rejects.toThrow(message);
    });

    it('[STORE15] behaves like a plain table, whatever the order of changes', async () => {
      const store = await place().open();
      let run = 0;
      const name = fc.constantFrom('a', 'b', 'c', null);
      const id = fc.integer({ min: 1, max: 5 });
      const change: fc.Arbitrary<ConfigChange> = fc.oneof(
        fc.record({
          op: fc.constant('create'),
          kind: fc.constant('k'),
          nameKey: name,
          data: fc.string(),
        }),
        fc.record({
          op: fc.constant('update'),
          kind: fc.constant('k'),
          id,
          nameKey: name,
          data: fc.string(),
        }),
        fc.record({ op: fc.constant('delete'), kind: fc.constant('k'), id }),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
          async (writes) => {
            run += 1;
            let model = emptyModel;
            for (const changes of writes) {
              const next = applyToModel(model, changes);
              const write = store.config.write(`m${run}`, { changes });
              if (next === null) await expect(write).rejects.toThrow(StoreConflict);
              else await write;
              model = next ?? model;
            }
            const stored = await store.config.list(`m${run}`, 'k', { includeDeleted: true });
            expect(stored).toEqual(model);
          },
        ),
        { numRuns: 40 },
      );
    });
  });
}

function audit(action: string): AuditEntry {
  return { at: 5, actor: 'cli', action, target: 'user:1', from: '::1', detail: '{"a":1}' };
}

interface Model {
  readonly items: readonly ConfigItem[];
  readonly revision: number;
}

const emptyModel: Model = { items: [], revision: 0 };

/** What a write makes of a collection, or null when it must be refused. */
function applyToModel(model: Model, changes: readonly ConfigChange[]): Model | null {
  const revision = model.revision + 1;
  const items = [...model.items];
  for (const change of changes) {
    const index = change.op === 'create' ? items.length : (change.id ?? 0) - 1;
    const old = items[index];
    if (change.op !== 'create' && (old === undefined || old.deleted)) return null;
    if (change.op === 'delete') {
      items[index] = { ...old!, deleted: true, revision };
      continue;
    }
    const { nameKey, data, kind } = change;
    const holder = items.findIndex((item) => !item.deleted && item.nameKey === nameKey);
    if (nameKey !== null && holder !== -1 && holder !== index) return null;
    items[index] = { kind, id: index + 1, revision, deleted: false, nameKey, data };
  }
  return { items, revision };
}
