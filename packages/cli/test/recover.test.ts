/** `parley doctor` and `parley recover` on data that is damaged. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { openSqliteStore } from '@parley/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    const all = await parleyHere(['rebuild', '--data-dir', dataDir]);
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
