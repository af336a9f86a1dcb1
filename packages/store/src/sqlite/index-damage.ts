/**
 * What SQLite finds rows by, compared with the rows: an index that lost one hides it from every read
 * that goes by the index, and nothing else would show it.
 */
import type { DamageReport } from '../damage.js';
import { rowDamage } from '../operations/damage-of-rows.js';
import type { IndexedTable, Stretch } from '../operations/indexed-tables.js';
import type { FileFaults } from '../port/indexes.js';
import { type Connection, sqliteCode } from './connection.js';

interface Index {
  readonly name: string;
  readonly columns: readonly string[];
  /** Which rows are in it; all without. */
  readonly only?: string;
}

interface Indexed {
  /** The rest of the key, after the account; the first of it orders the pages. */
  readonly key: readonly [string, ...string[]];
  readonly indexes: readonly Index[];
}

/** Every index that is not of a key; a test compares them with the schema. */
export const INDEXED: Readonly<Record<IndexedTable, Indexed>> = {
  answered_request: {
    key: ['request_key'],
    indexes: [{ name: 'answered_request_age', columns: ['caller', 'at'] }],
  },
  chat_index: {
    key: ['chat_id'],
    indexes: [{ name: 'chat_index_visitor', columns: ['visitor_id', 'started_at'] }],
  },
  config_item: {
    key: ['kind', 'id'],
    indexes: [{ name: 'config_item_name', columns: ['kind', 'name_key'], only: 'deleted = 0' }],
  },
  journal: {
    key: ['seq'],
    indexes: [{ name: 'journal_chat', columns: ['chat_id', 'seq'], only: 'chat_id is not null' }],
  },
};

/**
 * Which index of a table does not lead to every row of an account; null when all do.
 * @param stretch only the rows there
 */
export function indexDamage(
  connection: Connection,
  accountId: string,
  table: IndexedTable,
  stretch?: Stretch,
): DamageReport | null {
  const { key, indexes } = INDEXED[table];
  const where = stretch === undefined ? '' : `and t.${key[0]} > $2 and t.${key[0]} <= $3`;
  const parameters =
    stretch === undefined ? [accountId] : [accountId, stretch.after, stretch.until];
  const ofKey: Index = { name: `sqlite_autoindex_${table}_1`, columns: key };
  for (const { name, columns, only } of [...indexes, ofKey]) {
    const same = columns.map((column) => `and i.${column} is t.${column}`).join(' ');
    const some = only === undefined ? '' : `and t.${only}`;
    const found = connection.first<{ hidden: number }>(
      `select count(*) as "hidden"
from ${table} as t indexed by sqlite_autoindex_${table}_1
where t.account_id = $1 ${where} ${some} and not exists (
  select 1 from ${table} as i indexed by ${name}
  where i.account_id = t.account_id ${same} ${some.replace('t.', 'i.')} and i.rowid = t.rowid
)`,
      parameters,
    );
    const hidden = found?.hidden ?? 0;
    if (hidden === 0) continue;
    const rows = hidden === 1 ? '1 row' : `${hidden} rows`;
    return rowDamage('index', accountId, `${name} does not lead to ${rows} of ${table}`).report;
  }
  return null;
}

/** Most lines that SQLite reports of what does not fit. */
const MAX_LINES = 10_000;

const MISSING = /^row \d+ missing from index (\S+)$/u;
const MISCOUNTED = /^wrong # of entries in index (\S+)$/u;

/** Lines in SQLite's words that are given. */
const MAX_OTHERS = 5;
const MAX_LENGTH = 200;

/** What SQLite finds wrong with its file: it reads every page, and tables past their indexes. */
export function fileFaults(connection: Connection): FileFaults {
  const rows = new Map<string, number>();
  const others: string[] = [];
  for (const { line } of connection.all<{ line: string }>(
    `select integrity_check as "line" from pragma_integrity_check(${MAX_LINES})`,
  )) {
    const missing = MISSING.exec(line)?.[1];
    const index = missing ?? MISCOUNTED.exec(line)?.[1];
    if (index === undefined) {
      if (line !== 'ok' && others.length < MAX_OTHERS) others.push(line.slice(0, MAX_LENGTH));
      continue;
    }
    rows.set(index, (rows.get(index) ?? 0) + (missing === undefined ? 0 : 1));
  }
  const known = connection.all<{ index: string; table: string }>(
    `select name as "index", tbl_name as "table" from sqlite_master where type = 'index' order by name`,
  );
  const indexes = known.flatMap(({ index, table }) => {
    const hidden = rows.get(index);
    return hidden === undefined ? [] : [{ index, table, rows: hidden }];
  });
  return { indexes, others };
}

/** Pages that nothing leads to: they hold nothing, and nobody frees them. */
const UNUSED = /^Page \d+(?: is|:) never used$/u;

/**
 * Whether each page of the file belongs to one tree alone, in a place that it fits. SQLite frees what an
 * index leads to before it makes it anew: where that is a page of something else, or one page twice, the
 * next rows that are written would go over those of others.
 */
export function arePagesSound(connection: Connection): boolean {
  try {
    const lines = connection
      .all<{ line: string }>(`select quick_check as "line" from pragma_quick_check(${MAX_LINES})`)
      .flatMap(({ line }) => line.split('\n'));
    return lines.every(
      (line) => line === 'ok' || line.startsWith('*** in database') || UNUSED.test(line),
    );
  } catch (error) {
    if (sqliteCode(error) === null) throw error;
    return false;
  }
}

/**
 * Makes the indexes of a table anew, within the open transaction; answers whether that could be done.
 * What is refused, as where two rows have the same key or a page of the file is damaged, leaves everything
 * as it was.
 */
export function rebuildIndexes(connection: Connection, table: string): boolean {
  if (!arePagesSound(connection)) return false;
  connection.execute('savepoint rebuild_indexes');
  try {
    connection.execute(`reindex "${table}"`);
    connection.execute('release rebuild_indexes');
    return true;
  } catch (error) {
    // SQLite may have ended the whole transaction.
    if (!connection.inTransaction) throw error;
    connection.execute('rollback to rebuild_indexes; release rebuild_indexes');
    return false;
  }
}
