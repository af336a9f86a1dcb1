/**
 * Whatever is missing is noticed: rows that an index does not lead to, rows that are gone, and tables
 * that a later step of the schema adds without anybody's having thought of it.
 */
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JournalEntry, type Store, StoreDamage } from '../src/index.js';
import { INDEXED } from '../src/sqlite/index-damage.js';
import { hideRows } from './hidden-rows.js';
import { type SqlitePlace, sqlitePlace } from './sqlite-place.js';
import { chatBegan, chatEnded } from './store-under-test.js';

let place: SqlitePlace;
beforeEach(async () => {
  place = await sqlitePlace();
  const store = await place.open();
  for (const id of ['brand', 'other']) {
    await store.accounts.create({ id, createdAt: 1 });
    await store.config.write(id, {
      changes: ['a', 'b'].map((name) => ({ op: 'create', kind: 'k', nameKey: name, data: name })),
      answered: answered('one'),
    });
    await store.config.write(id, { changes: [], answered: answered('two') });
    for (const letter of ['a', 'b', 'c']) await store.logins.put(id, login(letter));
    await store.journal.append(id, [
      ...[chatBegan(1, 'c1', 1), chatBegan(2, 'c2', 2), entry(3), chatEnded(4, 'c1', 3)],
      { ...entry(5), chatId: 'c2' },
    ]);
    await store.journal.append(id, [{ ...entry(6), chatId: null }]);
  }
  await store.close();
});
afterEach(() => place.destroy());

const CHATS = 'chats-by-visitor';

const LIMITS = { most: 9, lifeMs: 99, minLifeMs: 9 };
const answered = (key: string) => ({ key, caller: 7, body: 'b', at: 5, answer: '{}', ...LIMITS });

const login = (letter: string) => ({
  bearerHash: letter.repeat(64),
  cookieHash: letter.repeat(64),
  csrfHash: letter.repeat(64),
  ...{ userId: 7, createdAt: 1, expiresAt: 1_000, ttl: 500 },
});

const entry = (seq: number): JournalEntry => ({
  ...{ seq, at: seq, type: 'chat.line', version: 1, chatId: 'c1', data: `"${seq}"` },
});

function entriesOf(first: number, ...chats: readonly string[]): JournalEntry[] {
  return chats.map((chatId, index) => ({ ...entry(first + index), chatId }));
}

function change<T = unknown>(sql: string): T[] {
  const database = new Database(`${place.directory}/parley.db`);
  try {
    if (/^select/iu.test(sql)) return database.prepare(sql).all([]) as T[];
    database.exec(sql);
    return [];
  } finally {
    database.close();
  }
}

const ofBrand = "where account_id = 'brand'";

/** Opens the data as a server does; what was made anew is added to the list. */
async function serve(): Promise<{ readonly store: Store; readonly repaired: string[] }> {
  const repaired: string[] = [];
  const store = await place.open({
    exclusive: true,
    onRepaired: ({ message }) => repaired.push(message),
  });
  return { store, repaired };
}

async function checked(store: Store, accountId = 'brand'): Promise<string[]> {
  const found: string[] = [];
  for await (const step of store.journal.check(accountId)) {
    if (step.step === 'damage') found.push(new StoreDamage(step.report).found);
  }
  return found;
}

async function seqsOf(store: Store, chatId: string): Promise<number[]> {
  return (await store.journal.readChat('brand', chatId)).entries.map(({ seq }) => seq);
}

/** What keeps each table's rows from being missed, altered or put back unnoticed. */
const TABLES: Readonly<Record<string, string>> = {
  account: 'a digest per row, tallied; made of nothing else',
  account_change:
    'counts changes for other processes to notice; a wrong count makes them read once more',
  account_rest: 'a digest; without it the account is loaded once more',
  answered_request: 'a digest per row, tallied',
  audit: 'a digest per row, tallied, numbered without gaps',
  chat_entries: 'a digest per row; where it is wrong or gone the whole journal decides',
  chat_index: 'a digest per row, tallied; made anew from the journal',
  config_item: 'a digest per row, tallied',
  config_kind: 'a digest per row, tallied',
  journal: 'a digest per row, chained',
  journal_end: 'the chain: another position or another sum does not go with it',
  journal_cursor: 'a digest; without it everything is looked through anew',
  journal_loss: 'a digest per row; without it the loss shows again',
  lease:
    'a digest; one that is gone or damaged is nobody’s, and the journal’s key keeps others out',
  login: 'a digest per row, tallied',
  projection: 'a digest; without it the projection is made anew',
  schema_migration: 'numbered without gaps, the last one in the header of the file too',
  snapshot: 'a digest over facts and pieces; without it the one before does, or the journal',
  snapshot_piece: 'a digest per row, and that of the snapshot',
  tally: 'a digest per row; one that is gone is missed',
  visitor_erasure: 'a digest per row, tallied',
};

describe('the schema', () => {
  it('[STORE75] has no table whose rows could go unnoticed', async () => {
    const tables = change<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name",
    );
    expect(tables.map(({ name }) => name)).toEqual(Object.keys(TABLES).sort());
    const tallied = change<{ subject: string }>(
      'select distinct subject from tally order by subject',
    );
    expect(tallied.map(({ subject }) => subject)).toEqual(
      Object.keys(TABLES)
        .filter((table) => TABLES[table]?.includes('tallied'))
        .sort(),
    );
  });

  it('[STORE75] has no index whose rows are not compared with the table’s', () => {
    const indexes = change<{ name: string; table: string; sql: string }>(
      `select name, tbl_name as "table", sql from sqlite_master where type = 'index' and sql is not null`,
    );
    expect(indexes.length).toBeGreaterThan(3);
    for (const { name, table, sql } of indexes) {
      const known = Object.entries(INDEXED).find(([indexed]) => indexed === table)?.[1];
      const index = known?.indexes.find((each) => each.name === name);
      const only = index?.only === undefined ? '' : ` where ${index.only}`;
      const columns = ['account_id', ...(index?.columns ?? [])].join(', ');
      expect(sql.toLowerCase()).toContain(` on ${table} (${columns})${only}`);
    }
    expect(indexes).toHaveLength(Object.values(INDEXED).flatMap((each) => each.indexes).length);
  });
});

describe('a row that an index does not lead to', () => {
  it('[STORE76] is read all the same, of a chat, and the index is made anew by a server', async () => {
    hideRows(place.directory, 'journal_chat', "seq = 4 and account_id = 'brand'");
    const beside = await place.open();
    expect(await seqsOf(beside, 'c1')).toEqual([1, 3, 4]);
    expect(await checked(beside)).toEqual([
      'an index of the database cannot be relied on: journal_chat does not lead to 1 row of journal',
    ]);
    expect(await checked(beside, 'other')).toEqual([]);
    await beside.close();
    const { store, repaired } = await serve();
    expect(await seqsOf(store, 'c1')).toEqual([1, 3, 4]);
    expect(repaired).toEqual([expect.stringMatching(/^Account brand: an index .*journal_chat/)]);
    expect(await checked(store)).toEqual([]);
  });

  it('[STORE76] is read all the same where it hides a whole chat', async () => {
    hideRows(place.directory, 'journal_chat', "chat_id = 'c2'");
    const store = await place.open();
    expect(await seqsOf(store, 'c2')).toEqual([2, 5]);
    expect(await seqsOf(store, 'c3')).toEqual([]);
  });

  it.each([
    ['altered', `update chat_entries set count = 2 ${ofBrand} and chat_id = 'c1'`, 1],
    ['gone', `delete from chat_entries ${ofBrand} and chat_id = 'c1'`, 0],
  ])(
    '[STORE76] is not feared where the record of a chat’s entries is %s: the journal decides',
    async (_, sql, damages) => {
      change(sql);
      const { store, repaired } = await serve();
      expect(await checked(store)).toHaveLength(damages);
      expect(await seqsOf(store, 'c1')).toEqual([1, 3, 4]);
      expect(repaired).toEqual([expect.stringContaining('chat_entries')]);
      expect(await checked(store)).toEqual([]);
      await store.journal.append('brand', entriesOf(7, 'c1', 'c2'));
      expect(await seqsOf(store, 'c1')).toEqual([1, 3, 4, 7]);
      expect(await seqsOf(store, 'c2')).toEqual([2, 5, 8]);
      expect(repaired).toHaveLength(1);
    },
  );

  it('[STORE76] of a visitor’s chats is noticed when the account is loaded, and reported again', async () => {
    hideRows(place.directory, 'chat_index_visitor', "chat_id = 'c1'");
    const beside = await place.open();
    expect((await beside.projections.damage('brand', CHATS))?.found).toContain(
      'chat_index_visitor',
    );
    await beside.close();
    const { store, repaired } = await serve();
    expect(await store.projections.damage('brand', CHATS)).toBeNull();
    expect(repaired).toHaveLength(1);
    const chats = await store.projections.chatsOfVisitor('brand', 'vera', 5);
    expect(chats.map(({ chatId }) => chatId)).toEqual(['c2', 'c1']);
  });

  it('[STORE76] of a name is noticed when the configuration is loaded, and the name stays taken', async () => {
    hideRows(place.directory, 'config_item_name', "name_key = 'a'");
    const beside = await place.open();
    await expect(beside.config.load('brand')).rejects.toThrow(/config_item_name does not lead to/);
    await beside.close();
    const { store, repaired } = await serve();
    expect((await store.config.load('brand')).items).toHaveLength(2);
    expect(repaired).toHaveLength(1);
    const changes = [{ op: 'create', kind: 'k', nameKey: 'a', data: 'x' }] as const;
    await expect(store.config.write('brand', { changes })).rejects.toThrow(/"a" is taken/);
  });
});

describe('a row that is gone', () => {
  const first = `and request_key = 'one'`;

  it('[STORE77] of what was answered lets nothing be carried out twice, until that is accepted', async () => {
    change(`delete from answered_request ${ofBrand} ${first}`);
    const { store } = await serve();
    const refused = /answered_request: there are 1, and 2 were .*"parley recover brand"/;
    await expect(store.config.answered('brand', 'one')).rejects.toThrow(refused);
    // Of what is there it is known that it is right.
    expect(await store.config.answered('brand', 'two')).toMatchObject({ key: 'two' });
    expect(await store.config.answered('other', 'three')).toBeNull();
    expect(await checked(store)).toHaveLength(1);
    await accept(store, 'retries');
    expect(await checked(store)).toEqual([]);
    expect(await store.config.answered('brand', 'one')).toBeNull();
    expect(await store.config.answered('brand', 'two')).toMatchObject({ key: 'two' });
  });

  it('[STORE77] what is answered, purged and answered again is tallied', async () => {
    const { store } = await serve();
    const later = { ...answered('three'), at: 105 };
    await store.config.write('brand', { changes: [], answered: later });
    expect(await store.config.answered('brand', 'one')).toBeNull();
    expect(await checked(store)).toEqual([]);
    for (let n = 0; n < 12; n += 1) {
      const at = 110 + n;
      await store.config.write('brand', {
        changes: [],
        answered: { ...answered(`more ${n}`), at, minLifeMs: 1 },
      });
    }
    expect(await checked(store)).toEqual([]);
  });

  it('[STORE62] of a login is reported, and costs no other', async () => {
    change(`delete from login ${ofBrand} and bearer_hash = '${'b'.repeat(64)}'`);
    const { store } = await serve();
    const reported: string[] = [];
    const logins = await store.logins.load('brand', 0, ({ found }) => reported.push(found));
    expect(logins).toEqual([login('a'), login('c')]);
    expect(reported).toEqual([
      'logins are void: the rows of login: there are 2, and 3 were written',
    ]);
    // Reported once, and what is damaged later as well.
    expect(await checked(store)).toEqual([]);
    expect(await store.logins.load('brand', 0, ({ found }) => reported.push(found))).toHaveLength(
      2,
    );
    expect(reported).toHaveLength(1);
  });

  it('[STORE62] and put back, of a login, makes none good that had been ended', async () => {
    change(`create table kept as select * from login ${ofBrand} and bearer_hash like 'b%'`);
    let { store } = await serve();
    expect(await store.logins.delete('brand', 'b'.repeat(64))).toBe(true);
    await store.close();
    change('insert into login select * from kept; drop table kept');
    ({ store } = await serve());
    const reported: string[] = [];
    expect(await store.logins.load('brand', 0, ({ found }) => reported.push(found))).toEqual([]);
    expect(reported).toEqual([expect.stringContaining('there are 3, and 2 were written')]);
    expect(await store.logins.load('brand', 0)).toEqual([]);
    expect(await checked(store)).toEqual([]);
  });

  it('[STORE62] logins that come, are renewed, end and expire are tallied', async () => {
    const { store } = await serve();
    await store.logins.put('brand', { ...login('a'), expiresAt: 2_000 });
    await store.logins.put('brand', { ...login('d'), userId: 8 });
    await store.logins.delete('brand', 'b'.repeat(64));
    await store.logins.deleteOfUser('brand', 8);
    await store.logins.purge('brand', 1_500);
    expect(await checked(store)).toEqual([]);
    expect(await store.logins.load('brand', 0)).toEqual([{ ...login('a'), expiresAt: 2_000 }]);
  });

  it('[STORE56] of a visitor to be erased is reported', async () => {
    let { store } = await serve();
    const begins = { visitorId: 'vera', data: '{}' };
    await store.journal.erase('brand', { entries: [], begins });
    await store.close();
    change('delete from visitor_erasure');
    ({ store } = await serve());
    expect((await store.journal.erasuresUnderWay('brand')).damage).toContain('and 1 were written');
    expect(await checked(store)).toEqual([
      'visitors whose data is to be erased may have been forgotten: the rows of visitor_erasure: there are 0, and 1 were written',
    ]);
    await accept(store, 'erasures');
    expect(await checked(store)).toEqual([]);
  });

  it('[STORE46] with all others, of a journal, is missed where the end is gone too', async () => {
    change(`delete from journal ${ofBrand}; delete from journal_end ${ofBrand}`);
    const { store } = await serve();
    expect((await checked(store)).join()).toContain('no good record of where the journal ends');
  });

  it.each(['9e999', '4000000000000000'])(
    '[STORE84] is looked for to an end, whatever the record of the journal’s end says: %s',
    async (seq) => {
      change(`update journal_end set seq = ${seq} ${ofBrand}`);
      const { store } = await serve();
      expect((await checked(store)).join()).toMatch(/journal entries 7 to .*are missing/u);
    },
  );

  it('[STORE75] of the records themselves is never made good by what comes after', async () => {
    change(`delete from tally ${ofBrand}`);
    const { store } = await serve();
    await store.logins.put('brand', login('d'));
    await store.config.write('brand', { changes: [], answered: answered('four') });
    const found = (await checked(store)).join('\n');
    for (const table of ['login', 'answered_request', 'visitor_erasure', 'config_item']) {
      expect(found).toMatch(new RegExp(`(${table}|config_kind): the record of .* is missing`));
    }
    expect(found).toContain('the audit trail is damaged');
  });

  it('[STORE32] of the schema’s steps is noticed: one done again would give damage new checksums', async () => {
    change(`update config_item set data = 'x'; delete from schema_migration where version >= 10`);
    await expect(place.open()).rejects.toThrow(/damaged: .*ends at 9, and its header says \d+/);
  });
});

async function accept(store: Store, kind: 'logins' | 'retries' | 'erasures'): Promise<void> {
  let end = { seq: 0, chain: '' };
  for await (const step of store.journal.check('brand')) {
    if (step.step === 'end' && step.recorded !== null) end = step.recorded;
  }
  const audit = { at: 1, actor: 'cli', action: 'x', target: '-', from: '-', detail: '{}' };
  const facts = { recorded: end, last: end.seq, end, losses: [], forget: [] };
  await store.journal.acceptLoss('brand', { ...facts, records: [kind], audit });
}
