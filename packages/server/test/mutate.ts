/** Damage at random: what failing disks, and people with a database client, do to a data directory. */
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

/** Numbers from a seed: the same seed gives the same damage. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 2_654_435_761) >>> 0 || 1;
    for (let turns = 0; turns < 8; turns += 1) this.below(2);
  }

  /** A whole number from 0, less than `limit`. */
  below(limit: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d_2b_79_f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  of<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }
}

/**
 * Damages a data directory that nobody uses.
 * @returns what was done, to be reported when the test fails
 */
export function mutate(dataDir: string, seed: number): string {
  const random = new Random(seed);
  const done: string[] = [];
  for (let left = 1 + random.below(2); left > 0; left -= 1) {
    done.push(random.of(KINDS)(dataDir, random));
  }
  return done.join('; ');
}

const KINDS = [
  ...[mutateRows, mutateRows, mutateRows, mutateFile, mutateFile, mutateFile],
  ...[mutateIndex, mutateTree],
];

function mutateRows(dataDir: string, random: Random): string {
  const database = new Database(join(dataDir, 'parley.db'));
  try {
    return changeRows(database, random);
  } catch (error) {
    // What a constraint does not let through, or what earlier damage keeps from being reached, is none.
    return `refused by SQLite: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    database.close();
  }
}

function changeRows(database: Database.Database, random: Random): string {
  const all = <Row>(sql: string) => database.prepare(sql).all([]) as Row[];
  const filled = all<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite%'",
  ).filter(({ name }) => all(`select 1 from "${name}" limit 1`).length > 0);
  const { name: table } = random.of(filled);
  const rows = all<{ row: number }>(`select rowid as "row" from "${table}"`);
  const { row } = random.of(rows);
  const { row: other } = random.of(rows);
  const columns = all<{ name: string }>(`pragma table_info("${table}")`).map(({ name }) => name);
  const column = random.of(columns);
  const where = `where rowid = ${row}`;
  const otherValue = `(select "${column}" from "${table}" where rowid = ${other})`;
  const copied = columns.map((each) => (each === column ? `"${each}" || '1'` : `"${each}"`));
  const change = random.of([
    `update "${table}" set "${column}" = ${otherValue} ${where}`,
    `update "${table}" set "${column}" = "${column}" + 1 ${where}`,
    `update "${table}" set "${column}" = "${column}" - 1000 ${where}`,
    `update "${table}" set "${column}" = 0 ${where}`,
    `update "${table}" set "${column}" = null ${where}`,
    `update "${table}" set "${column}" = 9e999 ${where}`,
    `update "${table}" set "${column}" = x'00ff80' ${where}`,
    `update "${table}" set "${column}" = cast(x'ff80' as text) ${where}`,
    `update "${table}" set "${column}" = substr("${column}", 1, length("${column}") / 2) ${where}`,
    `update "${table}" set "${column}" = replace("${column}", 'e', 'a') ${where}`,
    `update "${table}" set "${column}" = upper("${column}") ${where}`,
    `delete from "${table}" ${where}`,
    `delete from "${table}" where rowid >= ${row}`,
    `delete from "${table}"`,
    `insert into "${table}" select ${copied.join(', ')} from "${table}" ${where}`,
  ]);
  const { changes } = database.prepare(change).run([]);
  return `${change} (${changes} rows)`;
}

/** Rows that an index does not lead to any more, though SQLite finds nothing wrong with it. */
function mutateIndex(dataDir: string, random: Random): string {
  const database = new Database(join(dataDir, 'parley.db'));
  try {
    return hideRow(database, random);
  } catch (error) {
    return `refused by SQLite: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    database.close();
  }
}

function hideRow(database: Database.Database, random: Random): string {
  const all = <Row>(sql: string) => database.prepare(sql).all([]) as Row[];
  const { name, table, sql } = random.of(
    all<{ name: string; table: string; sql: string }>(
      `select name, tbl_name as "table", sql from sqlite_master where type = 'index' and sql is not null`,
    ),
  );
  const rows = all<{ row: number; key: string }>(
    `select rowid as "row", account_id as "key" from "${table}"`,
  );
  if (rows.length === 0) return `${table} is empty`;
  const { row } = random.of(rows);
  const copy = `${name}_less`;
  const [, columns = '', where = ''] = /\(([^)]*)\)(?: where (.*))?$/isu.exec(sql) ?? [];
  const key = all<{ name: string }>(`pragma table_info("${table}")`).find(({ name: column }) => {
    return table === 'journal' ? column === 'seq' : /^(chat_id|id|request_key)$/u.test(column);
  });
  const hidden = all<{ value: string | number; account: string }>(
    `select "${key?.name}" as value, account_id as account from "${table}" where rowid = ${row}`,
  );
  const value = JSON.stringify(hidden[0]?.value).replaceAll('"', "'");
  const less = `not ("${key?.name}" = ${value} and account_id = '${hidden[0]?.account}')`;
  // Built without the row; then its pages take the place of the whole one's.
  database.exec(
    `create index "${copy}" on "${table}" (${columns}) where ${where === '' ? less : `${where} and ${less}`}`,
  );
  const pageOf = (index: string) =>
    all<{ page: number }>(`select rootpage as page from sqlite_master where name = '${index}'`)[0]
      ?.page;
  const [mine, its] = [pageOf(name), pageOf(copy)];
  database.exec(`pragma writable_schema = on;
    update sqlite_master set rootpage = ${its} where name = '${name}';
    update sqlite_master set rootpage = ${mine} where name = '${copy}';
    delete from sqlite_master where name = '${copy}';
    pragma writable_schema = reset`);
  return `${name} does not lead to the row of ${table} with ${key?.name} ${value}`;
}

const PAGE = 4096;

/** A tree of pages, of a table or an index, that leads to another page than its own at one place. */
function mutateTree(dataDir: string, random: Random): string {
  const path = join(dataDir, 'parley.db');
  const bytes = readFileSync(path);
  const pages = Math.floor(bytes.length / PAGE);
  const inner = Array.from({ length: pages }, (_, index) => index * PAGE).filter(
    // The first page begins with the file's header. Of an index 2, of a table 5; how many cells follows.
    (at) => at > 0 && [2, 5].includes(bytes[at] ?? 0) && bytes.readUInt16BE(at + 3) > 0,
  );
  if (inner.length === 0) return 'no tree has inner pages';
  const page = random.of(inner);
  const cell = random.below(bytes.readUInt16BE(page + 3) + 1);
  // The last page below stands in the head, each other one in its cell.
  const at = cell === 0 ? page + 8 : page + bytes.readUInt16BE(page + 12 + 2 * (cell - 1));
  const to = 1 + random.below(pages);
  if (at + 4 > bytes.length) return `the page at ${page} is damaged already`;
  bytes.writeUInt32BE(to, at);
  writeFileSync(path, bytes);
  return `the page at ${page} leads to page ${to} by ${cell}`;
}

function mutateFile(dataDir: string, random: Random): string {
  const file = random.of(['parley.db', 'parley.db', 'parley.db', 'parley.db-wal']);
  const path = join(dataDir, file);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return `${file} is empty`;
  const pageSize = 4096;
  const page = random.below(Math.ceil(size / pageSize)) * pageSize;
  if (random.below(8) === 0) {
    const left = random.below(2) === 0 ? page : random.below(size);
    truncateSync(path, left);
    return `${file} cut to ${left} of ${size} bytes`;
  }
  const bytes = readFileSync(path);
  const at = page + random.below(Math.min(pageSize, size - page));
  const other = random.below(Math.ceil(size / pageSize)) * pageSize;
  const what = random.of([
    'a bit',
    'a byte',
    'a byte',
    'some bytes',
    'zeros',
    'a page',
    'a zero page',
  ]);
  switch (what) {
    case 'a bit':
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      break;
    case 'a byte':
      bytes[at] = random.below(256);
      break;
    case 'some bytes':
      for (let to = at; to < Math.min(size, at + 1 + random.below(64)); to += 1) {
        bytes[to] = random.below(256);
      }
      break;
    case 'zeros':
      bytes.fill(0, at, Math.min(size, at + 1 + random.below(512)));
      break;
    case 'a page':
      bytes.copy(bytes, page, other, Math.min(size, other + pageSize));
      break;
    default:
      bytes.fill(0, page, Math.min(size, page + pageSize));
  }
  writeFileSync(path, bytes);
  return `${file}: ${what} at ${at}, in the page at ${page}`;
}
