/** Stored data that tests damage, behind the back of the store. */
import { join } from 'node:path';
import { openSqliteStore, type Store } from '@parley/store';
import Database from 'libsql';
import { expect } from 'vitest';
import { DEMO_ACCOUNT, type TestServer } from './harness.js';

/** Words that are in the data, and may be in no log and no answer to strangers. */
const SAID = ['In the other window', 'Which size', 'ask the boss', 'vera@example.com'];

/** Changes the database as a failing disk, or a person, might. */
export function change(dataDir: string, ...statements: readonly string[]): void {
  const database = new Database(join(dataDir, 'parley.db'));
  try {
    for (const sql of statements) database.exec(sql);
  } finally {
    database.close();
  }
}

/** Runs work on the data, beside a server or without one. */
export async function withStore(
  dataDir: string,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const store = await openSqliteStore({ directory: dataDir });
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

/** None of the words is in the log or in these texts. */
export function requireNotRepeat({ log }: TestServer, ...texts: readonly string[]): void {
  for (const said of SAID) {
    expect(log).not.toContain(said);
    for (const text of texts) expect(text).not.toContain(said);
  }
}

/** The position of the last entry of the demo account. */
export async function lastOf(dataDir: string): Promise<number> {
  let last = 0;
  await withStore(dataDir, async (store) => {
    for await (const step of store.journal.check(DEMO_ACCOUNT)) {
      if (step.step === 'end') last = step.last;
    }
  });
  return last;
}
