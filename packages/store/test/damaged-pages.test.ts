/**
 * Pages of the database's file, each damaged in its turn: whoever has no row on it is served as before, reads
 * and writes alike; what is gone of others is refused by name; and the file is sound again.
 *
 * `PARLEY_PAGES=all` damages each page, instead of some.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  openSqliteStore,
  type Store,
  StoreConflict,
  StoreDamage,
  StoreFailure,
} from '../src/index.js';
import { checkBuild } from './check-build.js';
import { chatBegan, entries } from './store-under-test.js';

checkBuild();

const PAGE = 4_096;
const BRANDS = ['brand_a', 'brand_b', 'brand_c'] as const;
const CHATS = 12;

let root: string;
let whole: string;
let reference: ReadonlyMap<string, string>;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'parley-damaged-pages-'));
  whole = join(root, 'whole');
  const store = await openSqliteStore({ directory: whole });
  for (const brand of BRANDS) await fill(store, brand);
  await store.close();
  withDatabase(whole, (database) => database.pragma('wal_checkpoint(truncate)'));
  const copy = copyOf();
  const again = await openSqliteStore({ directory: copy, exclusive: true });
  reference = await everythingOf(again);
  await again.close();
  expect([...reference.values()].join()).not.toMatch(/damage|failed/);
  expect(faultsOf(whole)).toEqual(['ok']);
}, 30_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const chatOf = (brand: string, chat: number) => `${brand}-chat-${chat}-${brand.repeat(6)}`;

/** Every row, and what of it stands on pages of its own, names its account: so pages show whose they are. */
async function fill(store: Store, brand: string): Promise<void> {
  await store.accounts.create({ id: brand, createdAt: 1 });
  for (let item = 0; item < 30; item += 1) {
    const data = JSON.stringify({ name: `${brand} ${item}`, more: brand.repeat(30) });
    const change = {
      op: 'create',
      kind: `kind${item % 3}`,
      nameKey: `${brand}${item}`,
      data,
    } as const;
    const audit = { at: 1, actor: 'cli', action: 'test', target: brand, from: '-', detail: '{}' };
    await store.config.write(brand, { changes: [change], audit: [audit] });
  }
  for (let login = 0; login < 12; login += 1) {
    const hash = (kind: string) =>
      Buffer.from(`${kind}${login}${brand}`).toString('hex').padEnd(64, '0');
    await store.logins.put(brand, {
      ...{ bearerHash: hash('b'), cookieHash: hash('c'), csrfHash: hash('d'), userId: login + 1 },
      ...{ createdAt: 1, expiresAt: 9_000_000_000_000, ttl: 1_000, signedOutAt: 0 },
    });
  }
  const chats = Array.from({ length: CHATS }, (_, chat) =>
    chatBegan(chat + 1, chatOf(brand, chat), chat + 1, `${brand}-visitor`),
  );
  await store.journal.append(brand, chats);
  for (let line = 0; line < 120; line += 1) {
    // Some are longer than a page.
    const text = brand.repeat(line % 40 === 7 ? 2_000 : 25);
    const more = { chatId: chatOf(brand, line % CHATS), data: JSON.stringify({ text }) };
    await store.journal.append(brand, entries(CHATS + 1 + line, 1, more));
  }
}

const END = CHATS + 120;

function withDatabase<T>(directory: string, work: (database: Database.Database) => T): T {
  const database = new Database(join(directory, 'parley.db'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

function copyOf(): string {
  const directory = mkdtempSync(join(root, 'copy-'));
  cpSync(whole, directory, { recursive: true });
  return directory;
}

/** What SQLite says of the file's pages: what stands on them is not looked at. */
function faultsOf(directory: string): string[] {
  return withDatabase(directory, (database) =>
    (database.prepare('pragma integrity_check').all([]) as { integrity_check: string }[]).map(
      ({ integrity_check: line }) => line,
    ),
  );
}

/** What each account answers, to reads and then to a write. Damage is named; a failure is not. */
async function everythingOf(store: Store): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const ask = async (question: string, read: () => Promise<unknown>) => {
    try {
      answers.set(question, JSON.stringify(await read()) ?? 'done');
    } catch (error) {
      if (error instanceof StoreDamage) answers.set(question, `damage: ${error.message}`);
      else if (error instanceof StoreFailure || error instanceof StoreConflict) {
        answers.set(question, `failed: ${error.message}`);
      } else throw error;
    }
  };
  for (const brand of BRANDS) {
    await ask(`${brand} config`, () => store.config.load(brand));
    await ask(`${brand} account`, () => store.accounts.get(brand));
    await ask(`${brand} logins`, async () => {
      const damage: StoreDamage[] = [];
      const logins = await store.logins.load(brand, 0, (found) => damage.push(found));
      if (damage[0] !== undefined) throw damage[0];
      return logins;
    });
    await ask(`${brand} chat`, () => store.journal.readChat(brand, chatOf(brand, 7)));
    await ask(`${brand} journal`, async () => {
      const all: unknown[] = [];
      const { entriesAfter } = await store.journal.load(brand);
      for await (const page of entriesAfter(null)) all.push(...page.entries);
      return all;
    });
  }
  // Together, so that one fails in the same transaction as others succeed.
  await Promise.all(
    BRANDS.map((brand) =>
      ask(`${brand} write`, () =>
        store.journal.append(brand, entries(END + 1, 1, { chatId: chatOf(brand, 3) })),
      ),
    ),
  );
  return answers;
}

type Damage = (bytes: Buffer, at: number) => void;

const DAMAGES: Readonly<Record<string, Damage>> = {
  zeros: (bytes, at) => bytes.fill(0, at, at + PAGE),
  'another kind': (bytes, at) => bytes.writeUInt8(77, at),
  'a wrong place': (bytes, at) => bytes.writeUInt16BE(4_095, at + 8),
  'half of it': (bytes, at) => bytes.fill(0xff, at + PAGE / 2, at + PAGE),
};

/** The pages of SQLite's own table of tables. */
function catalogue(bytes: Buffer): Set<number> {
  const pages = new Set([1]);
  if (bytes[100] !== 5) return pages;
  pages.add(bytes.readUInt32BE(108));
  for (let cell = 0; cell < bytes.readUInt16BE(103); cell += 1) {
    pages.add(bytes.readUInt32BE(bytes.readUInt16BE(112 + 2 * cell)));
  }
  return pages;
}

it.each(Object.entries(DAMAGES))(
  '[STORE85] a page damaged by %s stops nobody who has no row on it, is named, and is good again',
  async (name, damage) => {
    const file = readFileSync(join(whole, 'parley.db'));
    const pages = file.length / PAGE;
    const own = catalogue(file);
    const offset = Object.keys(DAMAGES).indexOf(name);
    let repairs = 0;
    const every = process.env['PARLEY_PAGES'] === 'all' ? 1 : 23;
    for (let page = 2 + (offset % every); page <= pages; page += every) {
      if (own.has(page)) continue;
      const at = (page - 1) * PAGE;
      const stood = file.subarray(at, at + PAGE).toString('latin1');
      const isIndex = [2, 10].includes(file[at] ?? 0);
      const concerned = BRANDS.filter((brand) => {
        const hex = Buffer.from(brand).toString('hex');
        return !isIndex && (stood.includes(brand) || stood.includes(hex));
      });
      const directory = copyOf();
      const bytes = Buffer.from(file);
      damage(bytes, at);
      writeFileSync(join(directory, 'parley.db'), bytes);
      const done: string[] = [];
      const store = await openSqliteStore({
        ...{ directory, exclusive: true },
        onPagesRepaired: (repair) => done.push(...repair.done),
        onRepaired: ({ found }) => done.push(found),
      });
      const answers = await everythingOf(store);
      await store.close();
      for (const [question, answered] of answers) {
        const [brand = ''] = question.split(' ');
        const where = `page ${page} (${concerned.join()}), ${done.join('; ')}: ${question}`;
        if (concerned.some((one) => one === brand)) {
          // A write follows what was read before it was known to be damaged.
          if (answered.startsWith('damage: ') || question.endsWith('write')) continue;
        }
        expect([where, answered.slice(0, 200)]).toEqual([
          where,
          reference.get(question)?.slice(0, 200),
        ]);
        expect(answered).toBe(reference.get(question));
      }
      if (done.length > 0) {
        repairs += 1;
        expect([page, done, faultsOf(directory)]).toEqual([page, done, ['ok']]);
      }
      expect(done.join()).not.toMatch(/brand/);
      rmSync(directory, { recursive: true });
    }
    expect(repairs).toBeGreaterThan(2);
  },
  600_000,
);

it('[STORE86] a page of rows is kept as it stood before it is overwritten, and gone after an erasure', async () => {
  const directory = copyOf();
  const bytes = readFileSync(join(directory, 'parley.db'));
  const page = withDatabase(
    directory,
    (database) =>
      database
        .prepare(`select rootpage as page from sqlite_master where name = 'account'`)
        .all([])[0] as {
        page: number;
      },
  ).page;
  const at = (page - 1) * PAGE;
  bytes.writeUInt8(77, at);
  writeFileSync(join(directory, 'parley.db'), bytes);
  const store = await openSqliteStore({ directory, exclusive: true });
  await store.accounts.get('brand_a');
  const kept = join(directory, 'damaged-pages');
  const [name = ''] = await readdir(kept);
  expect(await readFile(join(kept, name))).toEqual(bytes.subarray(at, at + PAGE));
  // One byte was wrong, and no row of it is lost.
  expect(await store.accounts.get('brand_b')).toEqual({ id: 'brand_b', createdAt: 1 });
  await store.journal.emptyLog();
  await expect(readdir(kept)).rejects.toThrow(/ENOENT/);
  await store.close();
});

it('[STORE85] what is damaged while a server runs is made good when it is met', async () => {
  const directory = copyOf();
  const done: string[] = [];
  const store = await openSqliteStore({
    ...{ directory, exclusive: true },
    onPagesRepaired: (repair) => done.push(...repair.done),
  });
  // Another process, for a failing disk: the pages change under the server's hands.
  withDatabase(directory, (database) => {
    const [row] = database
      .prepare(
        `select rootpage as page from sqlite_master where name = 'sqlite_autoindex_journal_1'`,
      )
      .all([]) as { page: number }[];
    database
      .prepare('update sqlite_dbpage set data = zeroblob(4096) where pgno = ?')
      .run([row?.page]);
  });
  const answers = await everythingOf(store);
  expect(done).toEqual([expect.stringContaining('sqlite_autoindex_journal_1')]);
  expect(answers).toEqual(reference);
  expect(store.healthy()).toBe(true);
  await store.close();
});
