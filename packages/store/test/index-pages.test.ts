/**
 * An index whose pages are damaged, not only its rows: it may lead to the same rows again and again, and to
 * pages that are not its own, which SQLite would free when it makes the index anew.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type JournalEntry,
  openSqliteStore,
  type Store,
  StoreDamage,
  StoreFailure,
} from '../src/index.js';
import { checkBuild } from './check-build.js';
import { chatBegan } from './store-under-test.js';

checkBuild();

const PAGE = 4_096;
const CHATS = 120;
const LINES = 7;

let root: string;
let whole: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'parley-index-pages-'));
  whole = join(root, 'whole');
  const store = await openSqliteStore({ directory: whole });
  await store.accounts.create({ id: 'brand', createdAt: 1 });
  await store.journal.append('brand', ENTRIES);
  await store.close();
  withDatabase(whole, (database) => database.pragma('wal_checkpoint(truncate)'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Long ids, so that few of them fill a page. */
const chatOf = (chat: number) => `chat-${chat}-${'x'.repeat(60)}`;

/** Chats that begin one after the other, and then lines in each, by turns. */
const ENTRIES: readonly JournalEntry[] = [
  ...Array.from({ length: CHATS }, (_, chat) => chatBegan(chat + 1, chatOf(chat), chat + 1)),
  ...Array.from({ length: CHATS * LINES }, (_, line) => ({
    ...{ seq: CHATS + 1 + line, at: CHATS + 1 + line, type: 'chat.line', version: 1 },
    ...{ chatId: chatOf(line % CHATS), data: `"${line}"` },
  })),
];

function withDatabase<T>(directory: string, work: (database: Database.Database) => T): T {
  const database = new Database(join(directory, 'parley.db'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** The root page of an index or a table. */
function rootOf(name: string): number {
  const row = withDatabase(whole, (database) =>
    database.prepare('select rootpage as page from sqlite_master where name = ?').get([name]),
  );
  return (row as { page: number }).page;
}

/** Where a cell of an inner page begins: with the page below. */
function cellAt(bytes: Buffer, page: number, cell: number): number {
  return page + bytes.readUInt16BE(page + 12 + 2 * cell);
}

/** The data with an index that leads, at one place below its root, to another page than its own. */
function misled(index: string, pageOf: (bytes: Buffer, root: number) => number): string {
  const directory = mkdtempSync(join(root, 'misled-'));
  cpSync(whole, directory, { recursive: true });
  const path = join(directory, 'parley.db');
  const bytes = readFileSync(path);
  const inner = (rootOf(index) - 1) * PAGE;
  // An inner page of an index, which leads to some pages below.
  expect([index, bytes[inner]]).toEqual([index, 2]);
  expect(bytes.readUInt16BE(inner + 3)).toBeGreaterThan(1);
  bytes.writeUInt32BE(pageOf(bytes, inner), cellAt(bytes, inner, 1));
  writeFileSync(path, bytes);
  return directory;
}

/**
 * All rows, found without any index, each once: the record of a chat's entries that an index hides is written
 * again from the journal, beside itself.
 */
function allRows(directory: string): unknown {
  return withDatabase(directory, (database) =>
    ['journal', 'journal_end', 'chat_entries', 'chat_index', 'account', 'tally'].map((table) => {
      const rows = database.prepare(`select * from ${table} not indexed order by rowid`).all([]);
      return [table, new Set(rows.map((row) => JSON.stringify(row)))];
    }),
  );
}

/** Everything there is to read: right, or refused with a reason. Resolves with the reasons. */
async function readAll(store: Store): Promise<string[]> {
  const reasons: string[] = [];
  const orRefused = async (read: () => Promise<void>) => {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof StoreDamage || error instanceof StoreFailure)) throw error;
      reasons.push(error.message);
    }
  };
  for (let chat = 0; chat < CHATS; chat += 3) {
    await orRefused(async () => {
      const { entries } = await store.journal.readChat('brand', chatOf(chat));
      expect(entries).toEqual(ENTRIES.filter(({ chatId }) => chatId === chatOf(chat)));
    });
  }
  await orRefused(async () => {
    const read: JournalEntry[] = [];
    for (let after = 0, ended = false; !ended; ) {
      const portion = await store.journal.read('brand', { after, limit: 100 });
      read.push(...portion.entries);
      ({ reached: after, ended } = portion);
    }
    expect(read).toEqual(ENTRIES);
  });
  await orRefused(async () => {
    const loaded: JournalEntry[] = [];
    const { entriesAfter } = await store.journal.load('brand');
    for await (const { entries } of entriesAfter(null)) loaded.push(...entries);
    expect(loaded).toEqual(ENTRIES);
  });
  await orRefused(async () => {
    for await (const step of store.journal.check('brand')) {
      if (step.step === 'damage') reasons.push(step.report.kind);
    }
  });
  return reasons;
}

const PLACES: Readonly<Record<string, (bytes: Buffer, root: number) => number>> = {
  'a page of its own twice': (bytes, at) => bytes.readUInt32BE(cellAt(bytes, at, 0)),
  'the root of another index': () => rootOf('sqlite_autoindex_tally_1'),
  'a page of rows': (bytes) => bytes.readUInt32BE(cellAt(bytes, (rootOf('journal') - 1) * PAGE, 0)),
};

const INDEXES = [
  'journal_chat',
  ...['journal', 'chat_entries', 'chat_index'].map((table) => `sqlite_autoindex_${table}_1`),
];

it.each(INDEXES)(
  '[STORE76, STORE84] %s that leads to a wrong page costs no row, gives no wrong answer and lets nobody read for ever',
  async (index) => {
    for (const [where, pageOf] of Object.entries(PLACES)) {
      const directory = misled(index, pageOf);
      const repaired: string[] = [];
      const store = await openSqliteStore({
        ...{ directory, exclusive: true },
        onRepaired: ({ message }) => repaired.push(message),
        onPagesRepaired: ({ done }) => repaired.push(...done),
      });
      const reasons = await readAll(store);
      await store.close();
      expect([where, reasons.length + repaired.length]).not.toEqual([where, 0]);
      expect(allRows(directory), where).toEqual(allRows(whole));
    }
  },
);
