/** What is damaged behind the store's back is noticed, named by account and place, and never served. */
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AcceptedLoss,
  type CheckStep,
  type DamageReport,
  freshAnchor,
  type JournalPosition,
  type Store,
  StoreDamage,
} from '../src/index.js';
import { type SqlitePlace, sqlitePlace } from './sqlite-place.js';
import { entries, loadAll, seqs, takeSnapshot } from './store-under-test.js';

let place: SqlitePlace;
let store: Store;
beforeEach(async () => {
  place = await sqlitePlace();
  store = await place.open();
  await store.journal.append('brand', entries(1, 10, { chatId: 'c' }));
  await takeSnapshot(store, 'brand', 10, ['one', 'two', 'three']);
  await store.journal.append('brand', entries(11, 10, { chatId: 'c' }));
  await store.journal.append('other', entries(1, 5, { chatId: 'c' }));
});
afterEach(() => place.destroy());

/** Changes the file as a failing disk, or a person, might. */
function damage(sql: string): void {
  const database = new Database(`${place.directory}/parley.db`);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** What loading the account says; null when it loads. */
async function refusal(accountId = 'brand'): Promise<DamageReport | null> {
  try {
    await loadAll(store, accountId);
    return null;
  } catch (error) {
    if (error instanceof StoreDamage) return error.report;
    throw error;
  }
}

async function steps(accountId = 'brand'): Promise<CheckStep[]> {
  const found: CheckStep[] = [];
  for await (const step of store.journal.check(accountId)) found.push(step);
  return found;
}

async function checked(accountId = 'brand'): Promise<DamageReport[]> {
  return (await steps(accountId)).flatMap((step) => (step.step === 'damage' ? [step.report] : []));
}

const report = (kind: string, seq: number, until = seq) => ({
  accountId: 'brand',
  kind,
  seq,
  until,
});

describe('a journal', () => {
  it('[STORE45] that is as it was written is found so', async () => {
    expect([await refusal(), await refusal('other')]).toEqual([null, null]);
    const all = await steps();
    expect(all.map(({ step }) => step)).toEqual([
      ...['piece', 'piece', 'piece', 'snapshot'],
      ...['entries', 'entries', 'end'],
    ]);
    expect(all.find(({ step }) => step === 'entries')).toMatchObject({ reached: 20, of: 20 });
  });

  it.each([
    ['a text', `set data = '{"text":"line 16!"}'`],
    ['a letter of a text', `set data = replace(data, 'line', 'lime')`],
    ['a time', 'set at = at + 1'],
    ['a type', `set type = 'chat.lime'`],
    ['a version', 'set version = 2'],
    ['a chat', `set chat_id = 'd'`],
    ['no chat any more', 'set chat_id = null'],
    ['a checksum', `set digest = replace(digest, substr(digest, 1, 1), '-')`],
    ['no checksum any more', 'set digest = null'],
    ['a salt', `set salt = 'AAAAAAAAAAAAAAAA'`],
  ])('[STORE45] with %s altered stops its account alone, at that entry', async (_, change) => {
    damage(`update journal ${change} where account_id = 'brand' and seq = 16`);
    expect(await refusal()).toEqual(report('altered', 16));
    expect(await refusal('other')).toBeNull();
    expect(await checked()).toEqual([report('altered', 16)]);
    expect(await checked('other')).toEqual([]);
  });

  it('[STORE45] is not hindered by damage before its snapshot, which a check finds', async () => {
    damage(`update journal set data = '{}' where account_id = 'brand' and seq in (4, 7)`);
    expect(await refusal()).toBeNull();
    expect(await checked()).toEqual([report('altered', 4), report('altered', 7)]);
    await expect(store.journal.readChat('brand', 'c')).rejects.toThrow(StoreDamage);
    expect((await store.journal.readChat('other', 'c')).entries).toHaveLength(5);
  });

  it.each([
    ['one entry', 'seq = 15', report('missing', 15)],
    ['several entries', 'seq between 12 and 14', report('missing', 12, 14)],
    ['the last entry', 'seq = 20', report('missing last', 20)],
    ['the last five entries', 'seq > 15', report('missing last', 16, 20)],
    ['everything after its snapshot', 'seq > 10', report('missing last', 11, 20)],
  ])('[STORE46] without %s is not served', async (_, which, found) => {
    damage(`delete from journal where account_id = 'brand' and ${which}`);
    expect(await refusal()).toEqual(found);
    expect(await checked()).toEqual([found]);
    expect(await refusal('other')).toBeNull();
  });

  it('[STORE46] with entries exchanged for others of the same form is not served', async () => {
    const theirs = await place.open();
    // As somebody would write it who knows how: with a checksum of its own that matches.
    damage(`delete from journal where account_id = 'brand' and seq > 15`);
    damage(`update journal_end set seq = 15, chain = 'x' where account_id = 'brand'`);
    await theirs.journal.append('brand', entries(16, 5, { chatId: 'c', data: '"forged"' }));
    damage(`update journal_end set chain = '${freshAnchor()}' where account_id = 'brand'`);
    expect(await refusal()).toEqual(report('chain', 11, 20));
    expect(await checked()).toEqual([report('chain', 11, 20)]);
  });

  it('[STORE46] with entries behind its end is not served, nor appended to', async () => {
    damage(`update journal_end set seq = 18 where account_id = 'brand'`);
    expect((await checked()).map(({ kind }) => kind)).toEqual(['chain', 'surplus']);
    expect(await refusal()).toEqual(report('chain', 11, 18));
    const append = store.journal.append('brand', entries(21));
    await expect(append).rejects.toThrow(/recorded to end at entry 18, but there is an entry 20/);
  });

  it.each([
    ['gone', `delete from journal_end where account_id = 'brand'`],
    ['older than its snapshot', `update journal_end set seq = 9 where account_id = 'brand'`],
  ])('[STORE46] whose recorded end is %s is not served', async (_, sql) => {
    damage(sql);
    expect(await refusal()).toMatchObject({ kind: 'no end', accountId: 'brand' });
    expect((await checked()).map(({ kind }) => kind)).toContain('no end');
    expect(await refusal('other')).toBeNull();
  });

  it('[STORE46] of an account that was made and has lost it all is not served', async () => {
    await store.accounts.create({ id: 'fresh', createdAt: 1 });
    expect(await refusal('fresh')).toBeNull();
    await store.journal.append('fresh', entries(1, 3));
    damage(`delete from journal where account_id = 'fresh'`);
    expect(await refusal('fresh')).toMatchObject({ kind: 'missing last', seq: 1, until: 3 });
  });

  it('[STORE47] says what it is, and what to do, and nothing of what was said', async () => {
    damage(`update journal set data = '"my card is 4111"' where account_id = 'brand' and seq = 16`);
    const error = await loadAll(store, 'brand').catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(StoreDamage);
    expect(String(error)).toBe(
      'StoreDamage: Account brand: journal entry 16 is not as written: the checksum does not match. Restore a backup, or see what can be saved with "parley recover brand".',
    );
  });
});

describe('a snapshot', () => {
  it.each([
    ['a piece is altered', `update snapshot_piece set data = 'TWO' where piece = 2`, 'piece 2'],
    ['a piece is missing', 'delete from snapshot_piece where piece = 2', 'piece 2 of 3'],
    ['the last piece is missing', 'delete from snapshot_piece where piece = 3', 'piece 3 of 3'],
    ['all pieces are missing', 'delete from snapshot_piece', 'piece 1 of 3'],
    ['its position is another', 'update snapshot set seq = 11', 'its checksum does not match'],
    ['its version is another', 'update snapshot set version = 9', 'its checksum does not match'],
    ['its chain is another', `update snapshot set chain = 'x'`, 'its checksum does not match'],
    ['it says that it is shorter', 'update snapshot set pieces = 2', 'its checksum does not match'],
  ])('[STORE48] of which %s is not used', async (_, sql, why) => {
    damage(sql);
    const found = await refusal();
    expect(found).toMatchObject({ kind: 'snapshot', why: expect.stringContaining(why) });
    expect((await checked()).map(({ kind }) => kind)).toEqual(['snapshot']);
  });

  it('[STORE48] that was never finished counts for nothing, and the next takes its place', async () => {
    const facts = { seq: 20, at: 1, version: 1 };
    const first = await store.journal.beginSnapshot('brand', facts);
    await first.write(['half']);
    expect((await loadAll(store, 'brand')).snapshot?.seq).toBe(10);
    const second = await store.journal.beginSnapshot('brand', facts);
    await expect(first.write(['more'])).rejects.toMatchObject({ reason: 'fenced' });
    await second.write(['whole']);
    await second.finish();
    const { snapshot } = await loadAll(store, 'brand');
    expect(snapshot).toEqual({ seq: 20, at: 1, pieces: ['whole'] });
    const database = new Database(`${place.directory}/parley.db`);
    const kept = database.prepare(`select data from snapshot_piece order by 1`).raw().all();
    database.close();
    expect(kept.flat()).toEqual(['one', 'three', 'two', 'whole']);
  });
});

describe('accepted losses', () => {
  const audit = { at: 1, actor: 'cli', action: 'a', target: 't', from: 'f', detail: '{}' };

  async function accept(
    losses: readonly Omit<AcceptedLoss, 'resume'>[],
    options: { readonly end?: JournalPosition; readonly forget?: readonly number[] } = {},
  ): Promise<void> {
    const step = (await steps()).find((each) => each.step === 'end');
    if (step === undefined) throw new Error('a check ends with the end');
    const { recorded, last } = step;
    const end = options.end ?? recorded ?? { seq: last, chain: freshAnchor() };
    await store.journal.acceptLoss('brand', {
      ...{ recorded, last, end, audit, forget: options.forget ?? [] },
      losses: losses.map((loss) => ({ ...loss, resume: end })),
    });
  }

  it('[STORE49] of entries in the middle leave those out, and the journal goes on', async () => {
    damage(`update journal set data = '{}' where account_id = 'brand' and seq = 16`);
    damage(`delete from journal where account_id = 'brand' and seq = 17`);
    await accept([{ seq: 16, until: 20 }]);
    expect(await seqs(store, 'brand')).toEqual([11, 12, 13, 14, 15]);
    expect(await checked()).toEqual([]);
    await store.journal.append('brand', entries(21, 3, { chatId: 'c' }));
    expect(await seqs(store, 'brand')).toEqual([11, 12, 13, 14, 15, 21, 22, 23]);
    const { entries: chat, lossy } = await store.journal.readChat('brand', 'c');
    expect([chat.length, lossy]).toEqual([18, true]);
    expect(await store.config.audit('brand', { limit: 1 })).toMatchObject([audit]);
    // What happens afterwards is noticed as before.
    damage(`delete from journal where account_id = 'brand' and seq = 23`);
    expect(await refusal()).toEqual(report('missing last', 23));
  });

  it('[STORE49] of the last entries, of the chain, and of the end', async () => {
    damage(`delete from journal where account_id = 'brand' and seq > 15`);
    await accept([{ seq: 16, until: 20 }]);
    expect(await seqs(store, 'brand')).toEqual([11, 12, 13, 14, 15]);
    await store.journal.append('brand', entries(21, 2));
    damage(`update journal_end set chain = 'x' where account_id = 'brand'`);
    expect(await refusal()).toMatchObject({ kind: 'chain' });
    await accept([{ seq: 21, until: 20 }]);
    expect(await refusal()).toBeNull();
    damage(`delete from journal_end where account_id = 'brand'`);
    expect(await refusal()).toMatchObject({ kind: 'no end' });
    await accept([{ seq: 1, until: 0 }]);
    expect([await refusal(), await checked()]).toEqual([null, []]);
    await store.journal.append('brand', entries(23, 2));
    expect(await seqs(store, 'brand')).toEqual([11, 12, 13, 14, 15, 21, 22, 23, 24]);
  });

  it('[STORE49] whose record is damaged itself show again', async () => {
    damage(`delete from journal where account_id = 'brand' and seq = 16`);
    await accept([{ seq: 16, until: 20 }]);
    expect(await refusal()).toBeNull();
    damage('update journal_loss set until = 19');
    expect(await refusal()).toEqual(report('missing', 16));
  });

  it('[STORE49] are refused when the journal went on meanwhile, and then change nothing', async () => {
    const recorded = { seq: 20, chain: 'x' };
    const acceptance = { recorded, last: 20, losses: [], end: recorded, forget: [1], audit };
    const accepting = store.journal.acceptLoss('brand', acceptance);
    await expect(accepting).rejects.toMatchObject({ reason: 'fenced' });
    expect((await loadAll(store, 'brand')).snapshot?.seq).toBe(10);
    expect(await store.config.audit('brand', { limit: 1 })).toEqual([]);
  });

  it('[STORE49] may forget a snapshot', async () => {
    await accept([], { forget: [1] });
    expect((await loadAll(store, 'brand')).snapshot).toBeNull();
    expect(await seqs(store, 'brand')).toHaveLength(20);
  });

  it('[STORE49] show other processes that the account changed', async () => {
    const changed: string[] = [];
    (await place.open()).onChange(({ accountId }) => changed.push(accountId));
    await accept([]);
    await expect.poll(() => changed, { timeout: 3_000 }).toEqual(['brand']);
  });
});
