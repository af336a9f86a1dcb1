/**
 * Makes the file's pages fit for use again after some of them were damaged, so that damage stops nobody whose
 * rows were not on them.
 *
 * 1. An index is made anew from its table, beside its old pages: these may be those of others by now, so
 *    none of them is freed before it is known that nothing else leads there.
 * 2. Of a damaged page of rows, those that are whole stay. Which are missing then, and whose they were, shows
 *    by the checksums, counts and chains that the rows of every account have: only those accounts are refused.
 * 3. A damaged page that leads to pages of rows is written anew from these.
 * 4. What stood on a page of rows is kept in a folder beside the database before it is overwritten.
 *
 * All of it is one transaction: either the file is sound afterwards, or it is as it was.
 */
import type { PageRepair } from '../../port/page-repair.js';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from '../../migrations/all.js';
import { recordMigration } from '../../sql/migration-record.js';
import { Connection, sqliteCode } from '../connection.js';
import { putPage } from '../sql/page-put.js';
import { childCell, emptyRow, levelOf, readPage, tablePage } from './btree-page.js';
import { type DamagedPage, PageFile, type Survey, survey, type Tree } from './survey.js';

/** Folder of pages that were damaged. An erasure of a visitor removes it. */
export const DAMAGED_PAGES = 'damaged-pages';

/** Times that it is looked for what a page that is whole again leads to. */
const MAX_ROUNDS = 6;

/**
 * @param directory the data directory, of which this process has the server's lock
 * @returns null when nothing is damaged, or when it cannot be made good: then nothing was changed
 */
export function repairPages(directory: string, busyMs: number): PageRepair | null {
  let connection: Connection | null = null;
  try {
    connection = new Connection(join(directory, 'parley.db'), busyMs);
    connection.execute('pragma secure_delete = on; begin immediate');
    const repair = new Repair(connection, directory).run();
    connection.execute(repair === null ? 'rollback' : 'commit');
    return repair;
  } catch (error) {
    if (sqliteCode(error) === null && !(error instanceof Unfit)) throw error;
    rollBack(connection);
    return null;
  } finally {
    connection?.close();
  }
}

function rollBack(connection: Connection | null): void {
  try {
    if (connection?.inTransaction === true) connection.execute('rollback');
  } catch {
    // A disk that refuses reads may refuse this one, too: nothing was committed.
  }
}

/** Something of it cannot be made good. */
class Unfit extends Error {}

class Repair {
  readonly #connection: Connection;
  readonly #directory: string;
  readonly #file: PageFile;
  readonly #done: string[] = [];
  readonly #tables = new Set<string>();
  readonly #emptyRows: { readonly table: string; readonly rowid: number }[] = [];
  readonly #old: { readonly page: number; readonly bytes: Uint8Array }[] = [];

  constructor(connection: Connection, directory: string) {
    this.#connection = connection;
    this.#directory = directory;
    this.#file = new PageFile(connection);
  }

  run(): PageRepair | null {
    let found = this.#look();
    const broken = new Map(found.indexes.map((tree) => [tree.name, tree]));
    for (let round = 0; found.damaged.length > 0; round += 1) {
      if (round === MAX_ROUNDS) throw new Unfit('there is always more');
      this.#mendRows(found);
      found = this.#look();
      for (const tree of found.indexes) broken.set(tree.name, tree);
    }
    if (broken.size === 0 && this.#done.length === 0 && found.isFreeListSound) return null;
    if (!found.isFreeListSound) this.#forgetFreeList();
    const indexes = this.#connection
      .all<Tree>(
        `select name, tbl_name as "table", type as "kind", rootpage as "root", sql
from sqlite_master where type = 'index'`,
      )
      .filter(({ name, table }) => broken.has(name) || this.#tables.has(table));
    for (const index of indexes) this.#makeAnew(index);
    this.#connection.execute('pragma writable_schema = reset');
    for (const { table, rowid } of this.#emptyRows) {
      this.#connection.run(`delete from "${table}" where rowid = $1`, [rowid]);
    }
    this.#restoreSteps();
    this.#freeUnused();
    const { damaged, indexes: still, isFreeListSound } = this.#look();
    if (damaged.length + still.length > 0 || !isFreeListSound)
      throw new Unfit('it is not good yet');
    return { done: this.#done, kept: this.#keepOld() };
  }

  /** @throws Unfit where a table leads to what is not its own: nobody knows then whose a page is */
  #look(): Survey {
    const found = survey(this.#connection, this.#file);
    if (found.misled.length > 0) throw new Unfit('a table is misled');
    return found;
  }

  #mendRows(found: Survey): void {
    const inner = found.damaged.filter(({ level }) => {
      return level === 'inner' || (level === null && this.#topsOf(found.unused).length > 0);
    });
    // What is below one of several cannot be told from what is below another.
    if (inner.length > 1) throw new Unfit('several pages that lead to rows');
    // What is below it is looked at first.
    const [leading] = inner;
    if (leading !== undefined) {
      this.#mendInner(leading, found.unused);
      return;
    }
    for (const damaged of found.damaged) this.#mendLeaf(damaged);
  }

  #mendLeaf({ tree, page, after, until, kept }: DamagedPage): void {
    if (tree.name === 'sqlite_master') throw new Unfit('the table of tables');
    const cells = kept.map(({ bytes }) => bytes);
    // No page below another one may be empty: it gets a row of nothing, which goes when it can be found.
    if (cells.length === 0 && page !== tree.root) {
      const rowid = Number.isFinite(until) ? until : after + 1;
      cells.push(emptyRow(rowid));
      this.#emptyRows.push({ table: tree.table, rowid });
    }
    this.#put(page, tablePage(cells, null, this.#file));
    this.#tables.add(tree.table);
    const rows = kept.length === 1 ? '1 row' : `${kept.length} rows`;
    this.#done.push(`page ${page} of ${tree.table} is damaged; ${rows} of it could be kept`);
  }

  /** The pages that nothing leads to are those that it led to. */
  #mendInner({ tree, page, after, until }: DamagedPage, unused: readonly number[]): void {
    const below = this.#topsOf(unused).sort((one, other) => one.first - other.first);
    const fits = below.every(
      ({ first, last }, index) =>
        first > (below[index - 1]?.last ?? after) && last <= until && first <= last,
    );
    const right = below.at(-1)?.page;
    if (!fits || below.length < 2 || right === undefined) throw new Unfit('pages that do not fit');
    const cells = below.slice(0, -1).map((each) => childCell(each.page, each.last));
    this.#put(page, tablePage(cells, right, this.#file));
    this.#done.push(
      `page ${page} of ${tree.table}, which leads to pages of rows, was damaged; all ${below.length} of them were found`,
    );
  }

  /** The pages of tables among some, without those that another of them leads to, and their rows' keys. */
  #topsOf(pages: readonly number[]): { page: number; first: number; last: number }[] {
    const found = new Map<number, { first: number; last: number; below: readonly number[] }>();
    for (const page of pages) {
      const bytes = this.#file.read(page);
      const level = levelOf(bytes, 'table');
      if (level === null) continue;
      const { cells, right, isSound } = readPage(bytes, 'table', level, this.#file.usable);
      const [first, last] = [cells.at(0)?.rowid, cells.at(-1)?.rowid];
      if (!isSound || first === undefined || last === undefined) continue;
      const below = right === null ? [] : [...cells.map(({ child }) => child ?? 0), right];
      found.set(page, { first: first ?? 0, last: last ?? 0, below });
    }
    const lower = new Set([...found.values()].flatMap(({ below }) => below));
    const lastOf = (page: number): number => {
      const { last = 0, below = [] } = found.get(page) ?? {};
      const right = below.at(-1);
      return right === undefined || !found.has(right) ? last : lastOf(right);
    };
    return [...found]
      .filter(([page]) => !lower.has(page))
      .map(([page, { first, below }]) => ({
        page,
        // An inner page's first key is the last one below its first page.
        first: found.get(below[0] ?? 0)?.first ?? first,
        last: lastOf(page),
      }));
  }

  #put(page: number, bytes: Uint8Array | null): void {
    if (bytes === null) throw new Unfit('no room on a page');
    this.#old.push({ page, bytes: this.#file.read(page) });
    this.#connection.run(putPage, [Buffer.from(bytes), page]);
  }

  /** Builds it under another name; then its root takes the place of the old one's. */
  #makeAnew({ name, table, sql }: Tree): void {
    // SQLite keeps names that begin as its own do for itself.
    const anew = `anew_${name}`;
    this.#connection.execute(
      sql === null ? this.#keyOf(name, table, anew) : renamed(sql, name, anew),
    );
    this.#connection.execute('pragma writable_schema = on');
    this.#connection.run(
      `update sqlite_master set rootpage = (select rootpage from sqlite_master where name = $1)
where name = $2`,
      [anew, name],
    );
    this.#connection.run('delete from sqlite_master where name = $1', [anew]);
    this.#done.push(`the index ${name} of ${table} was made anew from its rows`);
  }

  #keyOf(name: string, table: string, anew: string): string {
    const columns = this.#connection
      .all<{ name: string }>('select name from pragma_index_info($1) order by seqno', [name])
      .map((column) => `"${column.name}"`);
    return `create unique index "${anew}" on "${table}" (${columns.join(', ')})`;
  }

  /** The steps of the schema, where their record is lost: the header says how far they have come. */
  #restoreSteps(): void {
    if (!this.#tables.has('schema_migration')) return;
    const stamp =
      this.#connection.first<{ user_version: number }>('pragma user_version')?.user_version ?? 0;
    const known = this.#connection.all<{ version: number }>('select version from schema_migration');
    const there = new Set(known.map(({ version }) => version));
    for (const { version, name } of migrations) {
      if (version > stamp || there.has(version)) continue;
      this.#connection.run(recordMigration, [version, name, 0]);
    }
  }

  /** What it named is unused from now on. */
  #forgetFreeList(): void {
    const first = this.#file.read(1);
    first.fill(0, 32, 40);
    this.#connection.run(putPage, [Buffer.from(first), 1]);
    this.#done.push('the list of free pages was damaged');
  }

  /** Gives what nothing leads to any more to the list of free pages, emptied. */
  #freeUnused(): void {
    const { unused } = this.#look();
    // Pages of rows that nobody misses are not to be thrown away by a program.
    if (unused.some((page) => this.#isOfRows(page))) return;
    const leaves = Math.floor(this.#file.usable / 4) - 8;
    const first = this.#file.read(1);
    const header = new DataView(first.buffer);
    for (let at = 0; at < unused.length; at += leaves + 1) {
      const [trunk = 0, ...free] = unused.slice(at, at + leaves + 1);
      const bytes = new Uint8Array(this.#file.size);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, header.getUint32(32));
      view.setUint32(4, free.length);
      for (const [index, page] of free.entries()) {
        view.setUint32(8 + 4 * index, page);
        this.#empty(page, new Uint8Array(this.#file.size));
      }
      this.#empty(trunk, bytes);
      header.setUint32(32, trunk);
    }
    header.setUint32(36, header.getUint32(36) + unused.length);
    this.#connection.run(putPage, [Buffer.from(first), 1]);
  }

  #empty(page: number, bytes: Uint8Array): void {
    const old = this.#file.read(page);
    // An index has nothing that its table has not; anything else may be the rest of a row that is damaged.
    if (levelOf(old, 'index') === null && old.some((byte) => byte !== 0)) {
      this.#old.push({ page, bytes: old });
    }
    this.#connection.run(putPage, [Buffer.from(bytes), page]);
  }

  #isOfRows(page: number): boolean {
    const bytes = this.#file.read(page);
    const level = levelOf(bytes, 'table');
    if (level === null) return false;
    const { cells, isSound } = readPage(bytes, 'table', level, this.#file.usable);
    return isSound && cells.length > 0;
  }

  #keepOld(): string | null {
    if (this.#old.length === 0) return null;
    const folder = join(this.#directory, DAMAGED_PAGES);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const { page, bytes } of this.#old) {
      // The first that stood there: what a later round overwrote is of this repair.
      const path = join(folder, `${Date.now()}-page-${page}.bin`);
      try {
        writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
    }
    return folder;
  }
}

function renamed(sql: string, name: string, anew: string): string {
  const head = /^create\s+(unique\s+)?index\s+("?)(\w+)\2\s/iu.exec(sql);
  if (head?.[3] !== name) throw new Unfit('an index of another name');
  return `create ${head[1] ?? ''}index "${anew}" ${sql.slice(head[0].length)}`;
}
