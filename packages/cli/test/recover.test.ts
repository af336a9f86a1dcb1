/** `parley doctor` and `parley recover` on data that is damaged. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { openSqliteStore } from '@parley/store';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newFolder, PROGRAM, parley, parleyHere, post, Started, serve } from './parley.js';

const FREE = ['--http-port', '0', '--https-port', 'off'];
const DEMO = '12345678';
const PASSWORD = { PARLEY_PASSWORD: 'a long enough one' };

/** What was said, which no command may repeat. */
const SAID = 'my card is 4111';

let template: string;
beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'parley-recover-'));
  await fill(template);
}, 60_000);
afterAll(() => rm(template, { recursive: true, force: true }));

/** A data directory with two accounts, of which the demo has nine entries. */
async function data(): Promise<string> {
  const dataDir = await newFolder();
  await cp(template, dataDir, { recursive: true });
  return dataDir;
}

async function fill(dataDir: string): Promise<void> {
  const args = ['serve', '--json', '--demo', '--data-dir', dataDir, ...FREE];
  const demo = new Started(process.execPath, [PROGRAM, ...args], {});
  await demo.says('\n');
  demo.child.kill('SIGTERM');
  await demo.ended;
  const made = ['account', 'create', 'shop', '--admin', 'boss', '--data-dir', dataDir];
  expect((await parley(made, PASSWORD)).code).toBe(0);
  const store = await openSqliteStore({ directory: dataDir });
  const event = { type: 'visit.seen', sessionId: 's', visitorId: 'v' };
  for (let seq = 1; seq <= 9; seq += 1) {
    const page = { id: `p${seq}`, url: `https://${seq}.example/`, title: SAID, referrer: null };
    const data = JSON.stringify({ ...event, pages: [{ ...page, at: 1, timeOnPage: null }] });
    const entry = { seq, at: seq, type: event.type, version: 1, chatId: null, data };
    await store.journal.append(DEMO, [entry]);
  }
  await store.close();
}

/** Changes one letter of an entry, as a failing disk might. */
async function inject(dataDir: string, seq: number): Promise<void> {
  const file = join(dataDir, 'parley.db');
  const content = await readFile(file);
  const at = content.indexOf(`https://${seq}.example/`);
  expect(at).toBeGreaterThan(0);
  content.write('j', at);
  await writeFile(file, content);
}

/**
 * Hides rows from an index, as a failing disk may: another one, without them, takes its place in the file.
 * @param key the columns of the index
 */
function hide(dataDir: string, index: string, key: string, rows: string): void {
  const path = join(dataDir, 'parley.db');
  let database = new Database(path);
  const row = database.prepare('select tbl_name from sqlite_master where name = ?').get([index]);
  const { tbl_name: table } = row as { readonly tbl_name: string };
  database.exec(`create index another on ${table} (${key}) where not (${rows})`);
  database.exec(`pragma writable_schema = on;
    create temp table root as select name, rootpage from sqlite_master where name in ('another', '${index}');
    update sqlite_master set rootpage = (select rootpage from root where root.name <> sqlite_master.name)
      where name in ('another', '${index}')`);
  database.close();
  database = new Database(path);
  database.exec('drop index another');
  database.close();
}

describe('an index that is damaged', { timeout: 60_000 }, () => {
  const doctor = (dataDir: string) => parleyHere(['doctor', '--data-dir', dataDir, ...FREE]);

  it('[CLI45] alone is said to be all, and made anew', async () => {
    const dataDir = await data();
    const store = await openSqliteStore({ directory: dataDir });
    const page = JSON.stringify({ type: 'visit.seen', sessionId: 's', visitorId: 'v', pages: [] });
    const entry = { type: 'visit.seen', version: 1, chatId: 'c', data: page };
    await store.journal.append(
      DEMO,
      [10, 11].map((seq) => ({ ...entry, seq, at: seq })),
    );
    await store.close();
    hide(dataDir, 'config_item_name', 'account_id, kind, name_key', 'id = 101');
    hide(dataDir, 'journal_chat', 'account_id, chat_id, seq', "chat_id = 'c'");
    const found = await doctor(dataDir);
    expect(found.code).toBe(1);
    for (const hidden of [
      'config_item_name does not lead to 1 row of config_item',
      'journal_chat does not lead to 2 rows of journal',
    ]) {
      expect(found.out).toContain(
        `PROBLEM  Database: only an index is damaged: the index ${hidden}; every row is there, as it was written, and nothing is lost`,
      );
    }
    expect(found.out).toContain('Run "parley rebuild"');
    expect(found.out).not.toMatch(/backup|recover/);
    const made = await parleyHere(['rebuild', '--data-dir', dataDir]);
    expect(made.out).toContain(
      'Made anew from the rows of config_item: the index config_item_name.',
    );
    expect(made.out).toContain('Made anew from the rows of journal: the index journal_chat.');
    expect((await doctor(dataDir)).out).toContain('11 journal entries, 11 of them since');
  });

  it('[CLI45] and hides what others miss is made anew first, and nothing is given up for it', async () => {
    const dataDir = await data();
    hide(dataDir, 'sqlite_autoindex_journal_1', 'account_id, seq', 'seq = 5');
    const found = await doctor(dataDir);
    expect(found.code).toBe(1);
    expect(found.out).toContain('journal entry 5 is missing');
    expect(found.out).toMatch(
      /sqlite_autoindex_journal_1 does not lead to 1 row of journal: what is missing below may be there/,
    );
    const recover = await parleyHere(['recover', DEMO, '--accept-loss', '--data-dir', dataDir]);
    expect(recover.code).toBe(1);
    expect(recover.err).toMatch(/Nothing was changed: .* Run "parley rebuild"/);
    // The server that gave the account up takes it up when it is well.
    const { ready } = await serve(['--demo', '--data-dir', dataDir, ...FREE]);
    const login = async () => {
      const body = { username: 'agent1', password: 'parley-demo' };
      return (await post(`${ready.http}/api/account/${DEMO}/login?v=1.3`, body)).status;
    };
    expect(await login()).toBe(503);
    const made = await parleyHere(['rebuild', '--data-dir', dataDir]);
    expect([made.code, made.err]).toEqual([0, '']);
    expect(made.out).toContain('of journal: the index sqlite_autoindex_journal_1.');
    await vi.waitFor(async () => expect(await login()).toBe(200), { timeout: 10_000 });
    expect((await doctor(dataDir)).out).toContain('all as they were written');
  });
});

describe('data that is damaged', { timeout: 60_000 }, () => {
  it('[CLI41] is found by the doctor, by account, entry and kind, and reported without its content', async () => {
    const dataDir = await data();
    const good = await parley(['doctor', '--data-dir', dataDir, ...FREE]);
    expect(good.code).toBe(0);
    expect(good.out).toContain(
      'Database: 2 accounts, 9 journal entries, 9 of them since the last snapshots, all as they were written',
    );
    await inject(dataDir, 4);
    await inject(dataDir, 7);
    const bad = await parley(['doctor', '--data-dir', dataDir, ...FREE]);
    expect(bad.code).toBe(1);
    const remedy = `see what can be saved with "parley recover ${DEMO}"`;
    expect(bad.out).toMatch(
      new RegExp(
        `PROBLEM  Account ${DEMO}: it cannot be served: journal entry 4 is not .*\n.*${remedy}`,
      ),
    );
    expect(bad.out).toMatch(/PROBLEM {2}Account 12345678: journal entry 7 is not as written/);
    expect(bad.out).not.toContain('Account shop');
    expect(bad.out + bad.err).not.toContain(SAID);
  });

  it('[CLI44] what is made of journals can be made anew, of one account or of all', async () => {
    const dataDir = await data();
    const chat = { type: 'chat.requested', chatId: 'c', visitor: { visitorId: 'vera' } };
    const entry = { seq: 10, at: 5, type: chat.type, version: 1, chatId: 'c' };
    const store = await openSqliteStore({ directory: dataDir });
    await store.journal.append(DEMO, [{ ...entry, data: JSON.stringify(chat) }]);
    const chats = () => store.projections.chatsOfVisitor(DEMO, 'vera', 5);
    const before = await chats();
    expect(before).toHaveLength(1);
    const database = new Database(join(dataDir, 'parley.db'));
    database.exec('delete from chat_index');
    database.close();
    expect(await chats()).toEqual([]);

    // Beside whoever has it open.
    const one = await parleyHere(['rebuild', DEMO, '--data-dir', dataDir]);
    expect(one.out).toContain(`Made anew from the journal of ${DEMO}: chats-by-visitor.`);
    expect(await chats()).toEqual(before);
    // As when it takes longer than a second.
    const { now } = Date;
    let late = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => {
      late += 2_000;
      return now() + late;
    });
    const all = await parleyHere(['rebuild', '--data-dir', dataDir]);
    vi.mocked(Date.now).mockRestore();
    expect(all.err).toMatch(
      new RegExp(`Account ${DEMO} \\(\\d of 2\\): chats-by-visitor, 10 of 10 journal entries …`),
    );
    expect(all.out).toContain('Made anew from the journals of 2 accounts: chats-by-visitor.');
    expect(await chats()).toEqual(before);
    await store.close();

    const nobody = await parleyHere(['rebuild', 'nobody', '--data-dir', dataDir]);
    expect(nobody.code).toBe(1);
    expect(nobody.err).toContain('There is no account nobody');
    await inject(dataDir, 4);
    const faulty = await parleyHere(['rebuild', DEMO, '--data-dir', dataDir]);
    expect(faulty.code).toBe(1);
    expect(faulty.err).toContain('journal entry 4 is not as written');
    expect(faulty.err).not.toContain(SAID);
  });

  it('[CLI42] can be given up: what is lost is printed before, and nothing changes unasked', async () => {
    const dataDir = await data();
    await inject(dataDir, 7);
    const recover = ['recover', DEMO, '--data-dir', dataDir];
    for (let times = 0; times < 2; times += 1) {
      const { code, out, err } = await parleyHere(recover);
      expect(code).toBe(1);
      expect(out).toContain('Damaged: journal entry 7 is not as written');
      expect(out).toContain('Given up: journal entries 7 to 9, and with them all that happened');
      expect(out).toContain('The account goes on from entry 6.');
      expect(err).toMatch(/Nothing was changed\..*--accept-loss/);
      expect(out + err).not.toContain(SAID);
    }
    // A server runs meanwhile: the account is refused, and comes back by itself.
    const { ready } = await serve(['--demo', '--data-dir', dataDir, ...FREE]);
    const login = () =>
      post(`${ready.http}/api/account/${DEMO}/login?v=1.3`, {
        username: 'agent1',
        password: 'parley-demo',
      });
    expect(await login()).toMatchObject({
      status: 503,
      body: { error: { internalCode: 1708 } },
    });
    const given = await parleyHere([...recover, '--accept-loss']);
    expect(given.code).toBe(0);
    expect(given.out).toContain(`Account ${DEMO} can be served again.`);
    await expect.poll(async () => (await login()).status, { timeout: 10_000 }).toBe(200);
    const again = await parleyHere([...recover, '--accept-loss']);
    expect([again.code, again.out]).toEqual([
      0,
      expect.stringMatching(
        /^Nothing that can be given up is damaged of account 12345678: \d+ journal entries/,
      ),
    ]);
    const audit = await parleyHere(['account', 'audit', DEMO, '--data-dir', dataDir, '--json']);
    expect(JSON.parse(audit.out)[0]).toMatchObject({
      action: 'journal.acceptLoss',
      actor: expect.stringMatching(/^cli/),
      detail: { live: { seq: 7, until: 9 }, history: [], newEnd: false },
    });
  });

  it('[CLI42] of an account that there is not is refused', async () => {
    const dataDir = await data();
    const { code, err } = await parleyHere(['recover', 'nobody', '--data-dir', dataDir]);
    expect([code, err]).toEqual([1, expect.stringContaining('There is no account nobody')]);
  });
});
