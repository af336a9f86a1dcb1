/** Opens the data directory for a command, beside a running server or without one. */
import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Administration } from '@parley/server/administration';
import type { Store } from '@parley/store';
import { CommandFailure } from './command-failure.js';
import { quote } from './command-name.js';
import { requireDataDirectory } from './doctor/data-folder.js';
import { secretKeyOf } from './secret-key-option.js';

/** Where everything is kept by default: in the folder where the command is started, as `npm start` does. */
const DATA_DIR = '.parley-data';

/** Where commands kept it by default before `npm start` and they agreed. */
const FORMER_DATA_DIR = 'parley-data';

const DATABASE = 'parley.db';

/**
 * The data directory that is meant when none is named.
 * @param folder where the command is started
 */
export function defaultDataDir(folder = '.'): string {
  const holdsData = (name: string) => existsSync(join(folder, name, DATABASE));
  return join(
    folder,
    !holdsData(DATA_DIR) && holdsData(FORMER_DATA_DIR) ? FORMER_DATA_DIR : DATA_DIR,
  );
}

/** Whether a missing data directory is made, or is a mistake. */
export type Missing = 'make' | 'refuse';

/**
 * Runs work on the accounts of a data directory and closes it again.
 * @param secretKeyFile file of the key that secrets are sealed with, when it is not the directory's own
 */
export async function administer<T>(
  dataDir: string,
  missing: Missing,
  work: (administration: Administration) => Promise<T>,
  secretKeyFile?: string,
): Promise<T> {
  return withStore(dataDir, missing, async (store) => {
    const server = await import('@parley/server/administration');
    const source = { dataDir, ...secretKeyOf(secretKeyFile) };
    const secrets = async () => server.openSecretBox(server.secretKeySource(source));
    return await work(new server.Administration(store, actorHere(), secrets));
  });
}

/** Opens the store of a data directory for some work, and closes it again. */
export async function withStore<T>(
  dataDir: string,
  missing: Missing,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  // Whoever may not look into a folder does not see that there is data in it.
  if (missing === 'make' || existsSync(dataDir)) requireDataDirectory(dataDir);
  if (missing === 'refuse' && !existsSync(join(dataDir, DATABASE))) {
    const elsewhere = dataAbove(resolve('.'));
    const hint =
      elsewhere === null
        ? 'name the folder with --data-dir or PARLEY_DATA_DIR, or begin with "parley account create"'
        : `there is some in ${elsewhere}; to use it, add --data-dir ${quote(elsewhere)}`;
    throw new CommandFailure(`There is no Parley data in ${resolve(dataDir)}: ${hint}.`);
  }
  // Loaded only when there is work: help and mistyped commands are answered without them.
  const { openSqliteStore } = await import('@parley/store');
  const store = await openSqliteStore({ directory: dataDir });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** The nearest data directory in a folder above, if there is one. */
function dataAbove(folder: string): string | null {
  for (let at = folder, above = dirname(at); at !== above; at = above, above = dirname(at)) {
    const found = defaultDataDir(above);
    if (existsSync(join(found, DATABASE))) return found;
  }
  return null;
}

/** Who acts, for the audit. */
export function actorHere(): { readonly name: string; readonly from: string } {
  return { name: actorName(), from: hostname() };
}

function actorName(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // A container's user may have no name.
    return 'cli';
  }
}
