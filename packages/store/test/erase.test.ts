/** What is erased is gone from the files, and the journal is as sound as before. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CheckStep, freshAnchor, type Store, StoreDamage } from '../src/index.js';
import { migrations, migrationTable } from '../src/migrations/all.js';
import { type SqlitePlace, sqlitePlace } from './sqlite-place.js';
import { chatBegan, entries, loadAll, takeSnapshot } from './store-under-test.js';

let place: SqlitePlace;
let store: Store;
beforeEach(async () => {
  place = await sqlitePlace();
  store = await place.open();
});
afterEach(() => place.destroy());

/** Which of the words stand in any file of the data directory. */
function readable(...words: readonly string[]): string[] {
  const files = readdirSync(place.directory).map((name) =>
    readFileSync(join(place.directory, name)),
  );
  return words.filter((word) => files.some((file) => file.includes(word)));
}

/** What is to follow an erasure; whether the log could be emptied. */
async function cleanUp(): Promise<boolean> {
  await store.journal.wipePages();
  return store.journal.emptyLog();
}

async function damage(accountId = 'brand'): Promise<CheckStep[]> {
  const found: CheckStep[] = [];
  for await (const step of store.journal.check(accountId)) {
    if (step.step === 'damage') found.push(step);
  }
  return found;
}

/** An entry whose text is that word, and so much more. */
const saying = (seq: number, word: string, chars = 20) =>
  entries(seq, 1, { chatId: 'c', data: JSON.stringify({ text: word, more: 'x'.repeat(chars) }) });

const LEFT = '{"text":""}';

describe('erased entries', () => {
  beforeEach(async () => {
    await store.journal.append('brand', saying(1, 'stays-before'));
    await store.journal.append('brand', saying(2, 'short-secret'));
    await store.journal.append('brand', saying(3, 'long-secret', 30_000));
    await store.journal.append('brand', saying(4, 'stays-after'));
  });

  const erase = () =>
    store.journal.erase('brand', {
      entries: [
        { seq: 2, data: LEFT },
        { seq: 3, data: LEFT },
      ],
    });

  it('[STORE52] are read as what is left of them, and the chain holds', async () => {
    await erase();
    const { entries: read } = await store.journal.readChat('brand', 'c');
    expect(read.map(({ data }) => data)).toEqual([
      expect.stringContaining('stays-before'),
      LEFT,
      LEFT,
      expect.stringContaining('stays-after'),
    ]);
    expect((await loadAll(store, 'brand')).entries).toEqual(read);
    expect(await damage()).toEqual([]);
    await store.journal.append('brand', entries(5));
    expect(await damage()).toEqual([]);
  });

  it('[STORE52] are of the type and version that what is left is written in', async () => {
    const left = { seq: 2, type: 'b.made', version: 3, data: LEFT };
    await store.journal.erase('brand', { entries: [left] });
    const { entries: read } = await store.journal.readChat('brand', 'c');
    expect(read[1]).toMatchObject(left);
    expect(read[0]).not.toMatchObject({ type: left.type });
    expect(await damage()).toEqual([]);
  });

  it('[STORE52] are damaged when what is left, or its digest, is changed', async () => {
    await erase();
    const changes = [
      `update journal set data = '{"text":"made up"}' where seq = 2`,
      'update journal set at = at + 1 where seq = 2',
      `update journal set digest = 'other' where seq = 2`,
      'update journal set erased = null where seq = 2',
    ];
    const database = new Database(join(place.directory, 'parley.db'));
    for (const change of changes) {
      database.exec('create table before as select * from journal');
      database.exec(change);
      expect([change, await damage()]).toEqual([
        change,
        [{ step: 'damage', report: { kind: 'altered', accountId: 'brand', seq: 2, until: 2 } }],
      ]);
      await expect(store.journal.readChat('brand', 'c')).rejects.toThrow(StoreDamage);
      database.exec('delete from journal; insert into journal select * from before');
      database.exec('drop table before');
    }
    database.close();
    expect(await damage()).toEqual([]);
  });

  it('[STORE53] are in no file any more once the log is empty', async () => {
    expect(readable('short-secret', 'long-secret')).toEqual(['short-secret', 'long-secret']);
    await erase();
    expect(await cleanUp()).toBe(true);
    expect(readable('short-secret', 'long-secret', 'stays-before', 'stays-after')).toEqual([
      'stays-before',
      'stays-after',
    ]);
  });

  it('[STORE53] wait in the log for whoever is reading, who keeps nobody waiting', async () => {
    const reader = new Database(join(place.directory, 'parley.db'));
    reader.exec('begin');
    reader.prepare('select count(*) from journal').get();
    await erase();
    const began = performance.now();
    expect(await store.journal.emptyLog()).toBe(false);
    expect(performance.now() - began).toBeLessThan(2_000);
    await store.journal.append('brand', entries(5));
    reader.exec('commit');
    reader.close();
    expect(await store.journal.emptyLog()).toBe(true);
    expect(readable('short-secret')).toEqual([]);
  });

  it('[STORE53] leave no copies behind while the file is rebuilt around them', async () => {
    const words: string[] = [];
    for (let seq = 5; seq < 405; seq += 1) {
      words.push(`word-${seq}-`);
      const chat = { type: 'chat.requested', chatId: `c${seq}` };
      const said = { visitor: { visitorId: `who-${seq}-` }, text: `word-${seq}-` };
      const data = JSON.stringify({ ...chat, ...said, more: 'x'.repeat((seq * 37) % 900) });
      await store.journal.append('brand', entries(seq, 1, { ...chat, data }));
    }
    // Every third first, then the others: what is left moves in between.
    const order = [0, 1, 2].flatMap((rest) => words.map((_, n) => n).filter((n) => n % 3 === rest));
    for (let first = 0; first < 300; first += 50) {
      const these = order.slice(first, first + 50).map((n) => n + 5);
      await store.journal.erase('brand', {
        entries: these.map((seq) => ({ seq, data: LEFT })),
        chats: these.map((seq) => `c${seq}`),
      });
    }
    await cleanUp();
    const gone = order.slice(0, 300).map((n) => n + 5);
    expect(readable(...gone.flatMap((seq) => [`word-${seq}-`, `who-${seq}-`]))).toEqual([]);
    const left = order.slice(300).map((n) => `word-${n + 5}-`);
    expect(readable(...left)).toEqual(left);
    expect(await damage()).toEqual([]);
  });

  it('[STORE53] leave no copies behind in the index, where they moved while it grew', async () => {
    let random = 7;
    const next = () => {
      random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
      return random / 2 ** 31;
    };
    const live: { seq: number; chatId: string; word: string }[] = [];
    let seq = 4;
    const gone: string[] = [];
    for (let round = 0; round < 30; round += 1) {
      const begun = Array.from({ length: 50 }, (_, n) => {
        const [chatId, word] = [`c${round}-${n}`, `who-${Math.floor(next() * 1e9)}-`];
        seq += 1;
        live.push({ seq, chatId, word });
        return chatBegan(seq, chatId, 1, word + 'v'.repeat(Math.floor(next() * 900)));
      });
      await store.journal.append('brand', begun);
      if (round % 3 < 2) continue;
      const some = live.filter(() => next() < 0.3);
      gone.push(...some.map(({ word }) => word));
      live.splice(0, live.length, ...live.filter((chat) => !some.includes(chat)));
      await store.journal.erase('brand', {
        entries: some.map((each) => ({ seq: each.seq, data: LEFT })),
        chats: some.map(({ chatId }) => chatId),
      });
    }
    // Some are left by SQLite alone: without that, this would prove nothing.
    await store.journal.emptyLog();
    expect(readable(...gone).length).toBeGreaterThan(0);
    await cleanUp();
    expect(readable(...gone)).toEqual([]);
    const left = live.map(({ word }) => word);
    expect(readable(...left)).toEqual(left);
    const database = new Database(join(place.directory, 'parley.db'));
    expect(database.prepare('pragma integrity_check').raw().get([])).toEqual(['ok']);
    database.close();
  });

  it('[STORE53] that were given up before are overwritten too', async () => {
    await store.journal.acceptLoss('brand', {
      ...{ recorded: await recorded(), last: 4, forget: [] },
      losses: [{ seq: 3, until: 3, resume: { seq: 4, chain: freshAnchor() } }],
      end: { seq: 4, chain: freshAnchor() },
      audit: { at: 1, actor: 'cli', action: 'x', target: 'x', from: 'here', detail: '{}' },
    });
    const found = await store.journal.find('brand', { after: 0, types: ['chat.line'] });
    expect(found).toMatchObject({ lost: [3], lossy: true });
    await store.journal.erase('brand', { entries: [{ seq: 3, data: '' }] });
    await cleanUp();
    expect(readable('long-secret')).toEqual([]);
    expect(await store.journal.find('brand', { after: 0, types: [] })).toMatchObject({ lost: [] });
  });

  async function recorded() {
    for await (const step of store.journal.check('brand')) {
      if (step.step === 'end') return step.recorded;
    }
    return null;
  }
});

describe('the erasure of a visitor', () => {
  const who = { visitorId: 'visitor "7"', data: '{"until":null}' };
  const later = { ...who, data: '{"until":7}' };

  it('[STORE56] is known until it has ended, and then is in no file any more', async () => {
    expect(await store.journal.erasuresUnderWay('brand')).toEqual({ erasures: [], damage: null });
    await store.journal.erase('brand', { entries: [], begins: who });
    const other = { visitorId: 'other', data: '{}' };
    await store.journal.erase('brand', { entries: [], begins: other });
    await store.journal.erase('brand', { entries: [], begins: later });
    const reopened = await place.open();
    expect(await reopened.journal.erasuresUnderWay('brand')).toEqual({
      ...{ erasures: [other, later], damage: null },
    });
    expect((await store.journal.erasuresUnderWay('else')).erasures).toEqual([]);
    await store.journal.erase('brand', { entries: [], ends: who.visitorId });
    expect((await store.journal.erasuresUnderWay('brand')).erasures).toEqual([other]);
    await reopened.close();
    await cleanUp();
    expect(readable('visitor "7"')).toEqual([]);
    const wrong = { visitorId: 'x', data: 7 as unknown as string };
    const begun = store.journal.erase('brand', { entries: [], begins: wrong });
    await expect(begun).rejects.toThrow(/the erasure of a visitor.*data must be text/);
  });

  it('[STORE56] is passed over when it is not as it was written', async () => {
    await store.journal.erase('brand', { entries: [], begins: who });
    const database = new Database(join(place.directory, 'parley.db'));
    for (const [column, value] of [
      ['visitor_id', 'somebody else'],
      ['data', '{"until":9}'],
    ]) {
      database.exec('create table before as select * from visitor_erasure');
      database.prepare(`update visitor_erasure set ${column} = ?`).run([value]);
      const found = await store.journal.erasuresUnderWay('brand');
      const damage = '1 row of visitor_erasure does not match its checksum';
      expect([column, found]).toEqual([column, { erasures: [], damage }]);
      database.exec('delete from visitor_erasure');
      database.exec('insert into visitor_erasure select * from before; drop table before');
    }
    database.close();
    expect((await store.journal.erasuresUnderWay('brand')).erasures).toEqual([who]);
  });
});

describe('looking for entries', () => {
  it('[STORE54] goes on from where it had come to, by type and by what they hold', async () => {
    await store.journal.append('brand', entries(1, 2_300));
    await store.journal.append('brand', entries(2_301, 2, { type: 'visit.seen', data: '"v1"' }));
    await store.journal.append('brand', entries(2_303, 2, { type: 'visit.seen', data: '"v2"' }));
    const first = await store.journal.find('brand', { after: 0, types: ['visit.seen'] });
    expect(first).toMatchObject({ entries: [], ended: false });
    const second = await store.journal.find('brand', {
      ...{ after: first.reached, types: ['visit.seen'], holding: ['"v2"'] },
    });
    expect(second.entries.map(({ seq }) => seq)).toEqual([2_303, 2_304]);
    expect(second).toMatchObject({ reached: 2_304, ended: true, lossy: false });
    expect(await store.journal.find('brand', { after: 2_304, types: [] })).toMatchObject({
      ...{ reached: 2_304, ended: true },
    });
    expect(await store.journal.find('nobody', { after: 0, types: [] })).toMatchObject({
      ...{ reached: 0, ended: true },
    });
  });

  it('[STORE54] remembers how far it was looked for what is too old', async () => {
    expect(await store.cursors.read('brand', 'retention')).toBe(0);
    await store.journal.append('brand', entries(1, 3));
    await store.journal.erase('brand', { entries: [], until: 2 });
    const other = await place.open();
    expect(await other.cursors.read('brand', 'retention')).toBe(2);
    expect(await other.cursors.read('other', 'retention')).toBe(0);
  });

  it('[STORE54] refuses what is no erasure', async () => {
    const wrong = { entries: [{ seq: 0, data: '' }] };
    await expect(store.journal.erase('brand', wrong)).rejects.toThrow(RangeError);
    const noText = { entries: [{ seq: 1, data: null as unknown as string }] };
    await expect(store.journal.erase('brand', noText)).rejects.toThrow(/data must be text/);
    await expect(store.journal.erase('brand', { entries: [], until: -1 })).rejects.toThrow(/until/);
  });
});

describe('snapshots', () => {
  it('[STORE53] that are forgotten, or give way to others, are in no file any more', async () => {
    for (let seq = 1; seq <= 4; seq += 1) {
      await store.journal.append('brand', entries(seq));
      const pieces = Array.from({ length: 20 }, (_, n) => `state-${seq}-${'y'.repeat(9_000 + n)}`);
      await takeSnapshot(store, 'brand', seq, pieces);
    }
    await cleanUp();
    expect(readable('state-1-', 'state-2-', 'state-3-')).toEqual(['state-3-']);
    const [newest, older] = await store.journal.snapshots('brand');
    expect([newest?.seq, older?.seq]).toEqual([4, 3]);
    await store.journal.forgetSnapshots('brand', [older?.id ?? 0]);
    await cleanUp();
    expect(readable('state-3-', 'state-4-')).toEqual(['state-4-']);
    expect((await store.journal.snapshots('brand')).map(({ seq }) => seq)).toEqual([4]);
    const begun = await store.journal.beginSnapshot('brand', { seq: 4, at: 5, version: 1 });
    await begun.write(['half-a-state']);
    const [unfinished] = await store.journal.snapshots('brand');
    expect(unfinished).toMatchObject({ seq: 4, at: 5, isFinished: false });
    await store.journal.forgetSnapshots('brand', [unfinished?.id ?? 0]);
    await cleanUp();
    expect(readable('half-a-state', 'state-4-')).toEqual(['state-4-']);
    expect((await loadAll(store, 'brand')).snapshot?.seq).toBe(4);
    expect(await damage()).toEqual([]);
  });
});

describe('data of earlier versions', () => {
  it('[STORE55] has nothing left of what they removed after the upgrade', async () => {
    await store.close();
    const old = await sqlitePlace();
    place = old;
    mkdirSync(old.directory, { mode: 0o700 });
    const database = new Database(join(old.directory, 'parley.db'));
    database.exec(migrationTable);
    for (const migration of migrations.slice(0, 2)) {
      if ('sql' in migration) database.exec(migration.sql);
      const { version, name } = migration;
      database.prepare('insert into schema_migration values (?, ?, 1)').run([version, name]);
    }
    const insert = database.prepare('insert into snapshot values (?, ?, ?, ?)');
    for (let seq = 1; seq <= 60; seq += 1)
      insert.run(['brand', seq, seq, `state-${seq}-`.repeat(3_000)]);
    database.exec('delete from snapshot');
    const chat = database.prepare('insert into chat_index values (?, ?, ?, 1, 2)');
    chat.run(['brand', 'kept', 'visitor-kept']);
    database.close();
    expect(readable('state-7-', 'state-60-').length).toBeGreaterThan(0);

    store = await old.open();
    expect(readable(...Array.from({ length: 60 }, (_, n) => `state-${n + 1}-`))).toEqual([]);
    expect(await store.projections.chatsOfVisitor('brand', 'visitor-kept', 5)).toEqual([
      { chatId: 'kept', startedAt: 1, endedAt: 2 },
    ]);
  });
});
