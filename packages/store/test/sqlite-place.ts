import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { checkBuild } from './check-build.js';
import { join } from 'node:path';
import { openSqliteStore, type SqliteStoreOptions, type Store } from '../src/index.js';
import type { StoreUnderTest } from './store-under-test.js';

checkBuild();

/** A data directory of its own for one test. */
export interface SqlitePlace extends StoreUnderTest {
  readonly directory: string;
  open(options?: Omit<SqliteStoreOptions, 'directory'>): Promise<Store>;
}

export async function sqlitePlace(): Promise<SqlitePlace> {
  const root = await mkdtemp(join(tmpdir(), 'parley-store-'));
  const directory = join(root, 'data');
  const opened: Store[] = [];
  return {
    directory,
    async open(options) {
      const store = await openSqliteStore({ ...options, directory });
      opened.push(store);
      return store;
    },
    async destroy() {
      await Promise.all(opened.map((store) => store.close()));
      await rm(root, { recursive: true, force: true });
    },
  };
}
