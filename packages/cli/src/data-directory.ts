/** Opens the data directory for a command, beside a running server or without one. */
import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { Administration } from '@parley/server/administration';
import { CommandFailure } from './command-failure.js';
import { secretKeyOf } from './secret-key-option.js';

export const DEFAULT_DATA_DIR = './parley-data';

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
  if (missing === 'refuse' && !existsSync(join(dataDir, 'parley.db'))) {
    throw new CommandFailure(
      `There is no Parley data in ${resolve(dataDir)}: name the folder with --data-dir or PARLEY_DATA_DIR, or begin with "parley account create".`,
    );
  }
  // Loaded only when there is work: help and mistyped commands are answered without them.
  const [{ openSqliteStore }, server] = await Promise.all([
    import('@parley/store'),
    import('@parley/server/administration'),
  ]);
  const store = await openSqliteStore({ directory: dataDir });
  try {
    const source = { dataDir, ...secretKeyOf(secretKeyFile) };
    const secrets = async () => server.openSecretBox(server.secretKeySource(source));
    const actor = { name: actorName(), from: hostname() };
    return await work(new server.Administration(store, actor, secrets));
  } finally {
    await store.close();
  }
}

function actorName(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // A container's user may have no name.
    return 'cli';
  }
}
