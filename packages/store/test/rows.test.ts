/** Rows that are no journal: what is altered, missing or put back is noticed, and reported by name. */
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Store, StoreDamage } from '../src/index.js';
import { type SqlitePlace, sqlitePlace } from './sqlite-place.js';
import { chatBegan, chatEnded } from './store-under-test.js';

let place: SqlitePlace;
let store: Store;
beforeEach(async () => {
  place = await sqlitePlace();
  store = await place.open();
  for (const id of ['brand', 'other']) {
    await store.accounts.create({ id, createdAt: 1 });
    await store.config.write(id, {
      changes: ['a', 'b', 'c'].map((data) => ({ op: 'create', kind: 'k', nameKey: data, data })),
      audit: ['one', 'two', 'three'].map(audit),
    });
    await store.logins.put(id, login('a'));
    await store.logins.put(id, login('b'));
    await store.journal.append(id, [
      chatBegan(1, 'c1', 1),
      chatBegan(2, 'c2', 2),
      chatEnded(3, 'c1', 3),
    ]);
  }
});
afterEach(() => place.destroy());

const audit = (action: string) => ({
  ...{ at: 1, actor: 'cli', action, target: '-', from: '-', detail: '{}' },
});

const login = (letter: string) => ({
  bearerHash: letter.repeat(64),
  cookieHash: letter.repeat(64),
  csrfHash: letter.repeat(64),
  ...{ userId: 7, createdAt: 1, expiresAt: 1_000, ttl: 500 },
});

function change(sql: string): void {
  const database = new Database(`${place.directory}/parley.db`);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

async function damageOf(read: Promise<unknown>): Promise<string> {
  const error = await read.then(
    () => null,
    (refusal: unknown) => refusal,
  );
  expect(error).toBeInstanceOf(StoreDamage);
  return error instanceof StoreDamage ? error.message : '';
}

async function checked(accountId: string): Promise<string[]> {
  const found: string[] = [];
  for await (const step of store.journal.check(accountId)) {
    if (step.step === 'damage') found.push(step.report.kind);
  }
  return found;
}

const ofBrand = "where account_id = 'brand'";

describe('configuration', () => {
  it.each([
    [
      'an altered record',
      `update config_item set data = 'x' ${ofBrand} and id = 2`,
      'k 2 of config_item',
    ],
    [
      'one that is deleted by hand',
      `update config_item set deleted = 1 ${ofBrand} and id = 2`,
      'k 2 of',
    ],
    [
      'a missing record',
      `delete from config_item ${ofBrand} and id = 3`,
      'there are 2, and 3 were',
    ],
    [
      'all records missing',
      `delete from config_item ${ofBrand}`,
      'there are 0, and 3 were written',
    ],
    [
      'an altered revision',
      `update config_kind set revision = 9 ${ofBrand}`,
      'k of config_kind does',
    ],
    [
      'a missing collection',
      `delete from config_kind ${ofBrand}`,
      'config_kind: there are 0, and 1',
    ],
    ['a tally that is gone', `delete from tally ${ofBrand}`, 'how many there are is missing'],
    ['an altered tally', `update tally set count = 3, sum = '' ${ofBrand}`, 'is not as written'],
  ])(
    '[STORE61] %s is noticed at every read, and stops that account alone',
    async (_, sql, found) => {
      change(sql);
      const { config } = store;
      for (const read of [
        config.load('brand'),
        config.list('brand', 'k'),
        config.changedSince('brand', { k: 1 }),
      ]) {
        const message = await damageOf(read);
        expect(message).toContain(found);
        expect(message).toMatch(/^Account brand: its configuration .*\. Restore a backup\.$/);
      }
      expect(await checked('brand')).toContain('configuration');
      expect((await config.load('other')).items).toHaveLength(3);
      expect(await checked('other')).toEqual([]);
    },
  );

  it('[STORE61] a record put back as it was before is noticed', async () => {
    change(`create table kept as select * from config_item ${ofBrand} and id = 1`);
    const before = { op: 'update', kind: 'k', id: 1, nameKey: 'a', data: 'new' } as const;
    await store.config.write('brand', { changes: [before] });
    expect((await store.config.load('brand')).items[0]?.data).toBe('new');
    change('insert or replace into config_item select * from kept; drop table kept');
    expect(await damageOf(store.config.load('brand'))).toContain('written last');
  });

  it('[STORE61] a write never makes damage good by building on it', async () => {
    change(`update config_kind set next_id = 2 ${ofBrand}`);
    const changes = [{ op: 'create', kind: 'k', nameKey: null, data: 'd' }] as const;
    const others = store.config.write('other', { changes });
    expect(await damageOf(store.config.write('brand', { changes }))).toContain('config_kind');
    expect((await others).items).toHaveLength(1);
  });

  it.each([
    ['altered', `update account set created_at = 2 ${ofBrand}`],
    ['missing', `delete from account ${ofBrand}`],
  ])('[STORE61] an account whose own record is %s is still named', async (_, sql) => {
    change(sql);
    expect(await store.accounts.list()).toEqual(['brand', 'other']);
    expect(await damageOf(store.accounts.get('brand'))).toContain('its row of account');
    expect(await checked('brand')).toEqual(['configuration']);
  });
});

it('[STORE62] a login whose sign-out was altered, taken away or made up is void', async () => {
  await store.logins.put('brand', { ...login('c'), signedOutAt: 5 });
  for (const [letter, was, becomes] of [
    ['c', '5', '6'],
    ['c', '5', 'null'],
    ['b', 'null', '5'],
  ] as const) {
    const set = (value: string) =>
      change(
        `update login set signed_out_at = ${value} ${ofBrand} and bearer_hash like '${letter}%'`,
      );
    set(becomes);
    const bearers = (await store.logins.load('brand', 0)).map(({ bearerHash }) => bearerHash[0]);
    expect(bearers).toEqual(['a', 'b', 'c'].filter((each) => each !== letter));
    set(was);
  }
  expect(await store.logins.load('brand', 0)).toHaveLength(3);
});

it('[STORE62] a login that is not as it was written is void, and reported without its hashes', async () => {
  change(`update login set user_id = 1 ${ofBrand} and bearer_hash = '${'a'.repeat(64)}'`);
  const reported: string[] = [];
  const logins = await store.logins.load('brand', 0, ({ message }) => reported.push(message));
  expect(logins).toEqual([login('b')]);
  expect(reported).toEqual([
    'Account brand: logins are void: 1 row of login does not match its checksum. Whoever had them logs in again.',
  ]);
  expect(await store.logins.load('other', 0, ({ message }) => reported.push(message))).toHaveLength(
    2,
  );
  expect(reported).toHaveLength(1);
  expect(await checked('brand')).toEqual(['logins']);
});

it.each([
  ['altered', `update audit set action = 'nothing' ${ofBrand} and id = 2`, 2],
  ['missing', `delete from audit ${ofBrand} and id = 2`, 2],
  ['missing, the last', `delete from audit ${ofBrand} and id = 3`, 3],
])('[STORE63] where an audit entry is %s, that is answered in its place', async (_, sql, id) => {
  change(sql);
  const page = await store.config.audit('brand', { limit: 10 });
  expect(page.map((each) => each.id)).toEqual([3, 2, 1]);
  for (const entry of page) {
    expect(entry.action === 'audit.damaged').toBe(entry.id === id);
  }
  expect(await checked('brand')).toEqual(['audit']);
  // The next one takes no place of another.
  await store.config.write('brand', { changes: [], audit: [audit('four')] });
  expect((await store.config.audit('brand', { limit: 1 }))[0]).toEqual({ ...audit('four'), id: 4 });
});

it.each([
  ['altered', `update chat_index set ended_at = 9 ${ofBrand} and chat_id = 'c1'`],
  ['of another visitor', `update chat_index set visitor_id = 'wim' ${ofBrand} and chat_id = 'c1'`],
  ['missing', `delete from chat_index ${ofBrand} and chat_id = 'c1'`],
])(
  '[STORE64] a chat of the index that is %s is noticed, and the index can be made anew',
  async (_, sql) => {
    const { projections } = store;
    const before = await projections.chatsOfVisitor('brand', 'vera', 5);
    expect(await projections.damage('brand', 'chats-by-visitor')).toBeNull();
    change(sql);
    const damage = await projections.damage('brand', 'chats-by-visitor');
    expect(damage?.message).toContain('chat_index');
    expect(await checked('brand')).toEqual(['chats']);
    expect(await projections.damage('other', 'chats-by-visitor')).toBeNull();
    await projections.rebuild('brand', 'chats-by-visitor');
    expect(await projections.damage('brand', 'chats-by-visitor')).toBeNull();
    expect(await projections.chatsOfVisitor('brand', 'vera', 5)).toEqual(before);
  },
);

it('[STORE65] how far a journal was looked through counts only as it was written', async () => {
  await store.journal.erase('brand', { entries: [], until: 1 });
  expect(await store.cursors.read('brand', 'retention')).toBe(1);
  change(`update journal_cursor set seq = 9 ${ofBrand}`);
  expect(await store.cursors.read('brand', 'retention')).toBe(0);
});

it.each([
  ['whose owner was altered', "owner = 'mallory'"],
  ['whose epoch was altered', 'epoch = 7'],
  ['that says it is for longer than any may be', 'until = 9007199254740991'],
  ['whose time is none', "until = 'soon'"],
  ['whose owner is no text', "owner = cast(x'ff41' as text)"],
  ['whose digest is no text', "digest = cast(x'ff41' as text)"],
])('[LEASE2] a lease %s counts as ended, and its epoch grows all the same', async (_, altered) => {
  const before = await store.leases.take('brand', 'me', 60_000);
  change(`update lease set ${altered} ${ofBrand}`);
  expect(await store.leases.of('brand')).toBeNull();
  const after = await store.leases.take('brand', 'other', 60_000);
  expect(after.epoch).toBeGreaterThan(before.epoch);
  expect(await store.leases.of('brand')).toEqual(after);
});

it('[LEASE2] a lease whose record is gone is taken with a greater epoch', async () => {
  const before = await store.leases.take('brand', 'me', 60_000);
  change(`delete from lease ${ofBrand}`);
  const after = await store.leases.take('brand', 'other', 60_000);
  expect(after.epoch).toBeGreaterThan(before.epoch);
});

it('[STORE66] rows of before there were checksums get them at an upgrade, which can be interrupted', async () => {
  await store.close();
  change(`
    update account set digest = null; update audit set digest = null;
    update chat_index set digest = null; update config_item set digest = null;
    update config_kind set digest = null; update login set digest = null;
    delete from tally; delete from schema_migration where version >= 10;
    create table journal_erased (account_id text primary key, seq bigint, digest text);
    drop table chat_entries; drop table lease;
    alter table login drop column signed_out_at; pragma user_version = 9`);
  store = await place.open();
  for (const id of ['brand', 'other']) expect(await checked(id)).toEqual([]);
  expect(await store.logins.load('brand', 0)).toHaveLength(2);
  expect(await store.config.audit('brand', { limit: 9 })).toHaveLength(3);
});

it('[STORE32] a record of migrations with a gap is damage, and says so', async () => {
  await store.close();
  change('delete from schema_migration where version = 3');
  await expect(place.open()).rejects.toThrow(/damaged: .*schema_migration.* Restore a backup/);
});

it('[STORE68] an answer kept for a request that comes again is given as it was written, or refused', async () => {
  const answer = { key: 'one', caller: 7, body: 'b', at: 5, answer: '{}' };
  const limits = { most: 9, lifeMs: 99, minLifeMs: 9 };
  await store.config.write('brand', { changes: [], answered: { ...answer, ...limits } });
  expect(await store.config.answered('brand', 'one')).toEqual(answer);
  change(`update answered_request set answer = '[]' ${ofBrand}`);
  expect(await damageOf(store.config.answered('brand', 'one'))).toContain('answered_request');
});

describe('what a read or a write chooses by is checked before it chooses', () => {
  const find = (search: object = {}) =>
    store.journal.find('brand', { after: 0, types: ['chat.requested'], ...search });

  it.each([
    ['type', `update journal set type = 'visit.seen' ${ofBrand} and seq = 2`],
    ['text', `update journal set data = '{}' ${ofBrand} and seq = 2`],
    ['text, of another type', `update journal set data = '{}' ${ofBrand} and seq = 3`],
  ])('[STORE79] entries are not looked for past one with another %s', async (_, sql) => {
    const holding = ['c2'];
    expect((await find({ holding })).entries.map(({ seq }) => seq)).toEqual([2]);
    change(sql);
    for (const search of [{}, { holding }, { holding: ['nothing'] }, { types: ['other'] }]) {
      expect(await damageOf(find(search))).toMatch(/entry [23]/);
    }
    await expect(store.journal.find('other', { after: 0, types: [] })).resolves.toBeDefined();
  });

  const LIMITS = { most: 9, lifeMs: 99, minLifeMs: 9 };
  const answered = (key: string, at: number) => ({
    ...{ key, caller: 7, body: 'b', at, answer: '{}' },
    ...LIMITS,
  });

  it.each([
    ['key', `update answered_request set request_key = 'other' ${ofBrand}`],
    ['time', `update answered_request set at = 1 ${ofBrand}`],
  ])('[STORE79] a request with another %s was not done never to be done again', async (_, sql) => {
    await store.config.write('brand', { changes: [], answered: answered('one', 100) });
    change(sql);
    expect(await damageOf(store.config.answered('brand', 'one'))).toContain('answered_request');
    const next = { changes: [], answered: answered('two', 150) };
    if (sql.includes('at = 1')) {
      expect(await damageOf(store.config.write('brand', next))).toContain('answered_request');
    }
    expect(await checked('brand')).toContain('retries');
  });

  it.each([
    ['expired', 'expires_at = 1', () => store.logins.purge('brand', 500)],
    ['of another user', 'user_id = 8', () => store.logins.deleteOfUser('brand', 8)],
  ])('[STORE79] a login made %s is not removed without a word', async (_, what, remove) => {
    change(`update login set ${what} ${ofBrand} and bearer_hash like 'a%'`);
    await remove();
    const reported: string[] = [];
    const logins = await store.logins.load('brand', 0, ({ found }) => reported.push(found));
    expect(logins).toEqual([login('b')]);
    expect(reported).toEqual(['logins are void: 1 row of login does not match its checksum']);
  });
});
