/** Reads everything that a server reads at its start. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openSqliteStore, type Store } from '@parley/store';
import { explain } from '../command-failure.js';
import { type Finding, good, problem } from './finding.js';

export async function checkDatabase(dataDir: string): Promise<Finding> {
  const about = 'Database';
  if (!existsSync(join(dataDir, 'parley.db'))) {
    return good(about, 'none yet; the first start makes it');
  }
  let store: Store | null = null;
  try {
    store = await openSqliteStore({ directory: dataDir });
    const accounts = await store.accounts.list();
    let entries = 0;
    for (const account of accounts) entries += await readAccount(store, account);
    const counted = `${accounts.length} account${accounts.length === 1 ? '' : 's'}`;
    return good(
      about,
      `${counted}, ${entries} journal entries since the last snapshots, all readable`,
    );
  } catch (error) {
    return problem(
      about,
      explain(error),
      `Stop the server, keep a copy of ${resolve(dataDir)}, and restore the last good backup.`,
    );
  } finally {
    await store?.close();
  }
}

/** Reads an account whole; answers how many journal entries a start would replay. */
async function readAccount(store: Store, account: string): Promise<number> {
  const { items } = await store.config.load(account);
  for (const { data } of items) JSON.parse(data);
  const { snapshot, tail } = await store.journal.load(account);
  let next = 1;
  if (snapshot !== null) {
    JSON.parse(snapshot.data);
    next = snapshot.seq + 1;
  }
  let entries = 0;
  for await (const page of tail) {
    for (const { seq, data } of page) {
      if (seq !== next) {
        throw new Error(`account ${account}: journal entry ${next} is missing, the next is ${seq}`);
      }
      JSON.parse(data);
      next += 1;
      entries += 1;
    }
  }
  return entries;
}
