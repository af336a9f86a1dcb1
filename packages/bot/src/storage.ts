/** Where a bot keeps what it knows of its chats. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyValueStorage } from '@parley/client/agent';

/** Keeps it as long as the process runs. */
export function memoryStorage(): KeyValueStorage {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
}

/**
 * Keeps it in a folder, a file a chat, which the user of the process alone can read. What was written
 * is there after a crash of the process; after a power cut the last of it may be missing.
 * @param folder is made where it is not there; one bot's alone
 */
export function fileStorage(folder: string): KeyValueStorage {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (key: string) => join(folder, `${encodeURIComponent(key)}.json`);
  return {
    getItem(key) {
      try {
        return readFileSync(fileOf(key), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    setItem(key, value) {
      const file = fileOf(key);
      writeFileSync(`${file}.new`, value, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    removeItem: (key) => rmSync(fileOf(key), { force: true }),
  };
}
