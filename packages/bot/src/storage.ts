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

/**
 * Executes a statement of SQL with values for its placeholders, in their order.
 * @returns the rows that it found, none for one that only writes
 */
export type Query = (
  sql: string,
  values: readonly string[],
) => readonly object[] | Promise<readonly object[]>;

/** What names of tables may be: they stand in the statements as they are. */
const TABLE = /^[a-z_][a-z0-9_]{0,62}$/i;

/**
 * Keeps it in a table of a database of yours: SQLite, PostgreSQL, or another one that knows `on conflict`.
 * The table is made where it is not there.
 * @param query how a statement is executed; what it throws is logged, and the chat goes on
 * @param options `table`, `parley_bot_chats` by default, for one bot alone; `placeholders`, `?` by default,
 *   `$` for databases that number them
 * @throws TypeError for a table's name that is none.
 */
export function sqlStorage(
  query: Query,
  {
    table = 'parley_bot_chats',
    placeholders = '?',
  }: { readonly table?: string; readonly placeholders?: '?' | '$' } = {},
): KeyValueStorage {
  if (!TABLE.test(table)) {
    throw new TypeError(`table must be the name of a table, got "${table.slice(0, 80)}".`);
  }
  const [first, second] = placeholders === '?' ? ['?', '?'] : ['$1', '$2'];
  /** One statement after another: of two for the same chat the later one must be the last. */
  let last: Promise<unknown> = Promise.resolve();
  let made: Promise<unknown> | null = null;
  const make = async (): Promise<void> => {
    await query(
      `create table if not exists ${table} (name text primary key, value text not null)`,
      [],
    );
  };
  const execute = (sql: string, values: readonly string[]): Promise<readonly object[]> => {
    const done = last.then(async () => {
      made ??= make();
      try {
        await made;
      } catch (error) {
        // The database may not have been there yet.
        made = null;
        throw error;
      }
      return query(sql, values);
    });
    last = done.catch(() => {});
    return done;
  };
  return {
    async getItem(key) {
      const [row] = await execute(`select value from ${table} where name = ${first}`, [key]);
      return row === undefined ? null : String((row as { readonly value: unknown }).value);
    },
    setItem: (key, value) =>
      execute(
        `insert into ${table} (name, value) values (${first}, ${second}) ` +
          'on conflict (name) do update set value = excluded.value',
        [key, value],
      ),
    removeItem: (key) => execute(`delete from ${table} where name = ${first}`, [key]),
  };
}
