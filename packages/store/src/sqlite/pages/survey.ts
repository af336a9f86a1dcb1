/** Looks at every page of the file: which tree it belongs to, and what of it is damaged. */
import type { Connection } from '../connection.js';
import { pageRange } from '../sql/page-range.js';
import { type BtreePage, type Cell, levelOf, readPage, type TreeKind } from './btree-page.js';

export interface Tree {
  readonly name: string;
  readonly table: string;
  readonly kind: TreeKind;
  readonly root: number;
  /** As it was made; null for the index of a key. */
  readonly sql: string | null;
}

/** A page of a table that is damaged, and what of it can be kept. */
export interface DamagedPage {
  readonly tree: Tree;
  readonly page: number;
  /** Keys that its rows can have: after one, up to another. */
  readonly after: number;
  readonly until: number;
  /** Null where nothing on it or beside it says so. */
  readonly level: BtreePage['level'] | null;
  /** Those of its cells that are whole, as of a leaf. */
  readonly kept: readonly Cell[];
}

export interface Survey {
  readonly pages: number;
  readonly damaged: readonly DamagedPage[];
  /** Indexes with a damaged page, by their trees. */
  readonly indexes: readonly Tree[];
  /** Tables that lead to a page that is none of theirs: nothing can be said of what is below. */
  readonly misled: readonly Tree[];
  /** Whether the list of free pages names a page twice, one that is in use, or none. */
  readonly isFreeListSound: boolean;
  /** Pages that nothing leads to. */
  readonly unused: readonly number[];
}

interface Place {
  readonly page: number;
  readonly after: number;
  readonly until: number;
  /** The level that pages beside it have; null where none is known. */
  readonly level: BtreePage['level'] | null;
}

/** The file, by its pages. */
export class PageFile {
  readonly #connection: Connection;
  readonly size: number;
  readonly usable: number;

  constructor(connection: Connection) {
    this.#connection = connection;
    const first = this.read(1);
    this.size = first.length;
    this.usable = first.length - (first[20] ?? 0);
  }

  /** How many pages there are. */
  get count(): number {
    return this.#connection.first<{ page_count: number }>('pragma page_count')?.page_count ?? 0;
  }

  /** @returns a copy of the page */
  read(page: number): Uint8Array {
    const [found] = this.#connection.all<{ data: ArrayBuffer }>(pageRange, [page, page]);
    return new Uint8Array(found?.data ?? new ArrayBuffer(this.size));
  }
}

export function survey(connection: Connection, file: PageFile): Survey {
  const walk = new Walk(file);
  const trees = connection.all<Tree>(
    `select name, tbl_name as "table", type as "kind", rootpage as "root", sql
from sqlite_master where rootpage > 0 order by type desc, rootpage`,
  );
  walk.catalogue();
  // Tables first: what an index leads to that is a table's is the index's damage.
  const isWhole = new Map(trees.map((tree) => [tree, walk.tree(tree)]));
  const failing = trees.filter((tree) => isWhole.get(tree) === false);
  const isFreeListSound = walk.freeList();
  return {
    pages: file.count,
    damaged: walk.damaged,
    indexes: failing.filter(({ kind }) => kind === 'index'),
    misled: failing.filter(({ kind }) => kind === 'table'),
    isFreeListSound,
    unused: walk.unused(),
  };
}

class Walk {
  readonly damaged: DamagedPage[] = [];
  readonly #file: PageFile;
  readonly #count: number;
  /** The page that SQLite never uses: its locks are on bytes of it. */
  readonly #locks: number;
  readonly #seen = new Set<number>();

  constructor(file: PageFile) {
    this.#file = file;
    this.#locks = Math.floor(0x40_00_00_00 / file.size) + 1;
    this.#count = file.count;
  }

  unused(): number[] {
    const unused: number[] = [];
    for (let page = 1; page <= this.#count; page += 1) {
      if (!this.#seen.has(page) && page !== this.#locks) unused.push(page);
    }
    return unused;
  }

  /** The pages of SQLite's own table of tables, which begins on the first page, after the file's header. */
  catalogue(): void {
    this.#seen.add(1);
    const first = this.#file.read(1);
    const view = new DataView(first.buffer);
    if (first[100] !== 5) return;
    const tree: Tree = { name: 'sqlite_master', table: '', kind: 'table', root: 1, sql: null };
    const below = [view.getUint32(108)];
    for (let n = 0; n < view.getUint16(103); n += 1) {
      below.push(view.getUint32(view.getUint16(112 + 2 * n)));
    }
    for (const page of below) {
      this.#place(tree, { ...{ page, after: NONE, until: NO_END }, level: 'leaf' });
    }
  }

  /** @returns false for an index with damage, or a table that leads to pages that are not its own */
  tree(tree: Tree): boolean {
    return this.#place(tree, { ...{ page: tree.root, after: NONE, until: NO_END }, level: null });
  }

  #place(tree: Tree, place: Place): boolean {
    const { page, after, until } = place;
    if (!this.#claim(page)) return false;
    const bytes = this.#file.read(page);
    const level = levelOf(bytes, tree.kind);
    if (tree.kind === 'index') {
      if (level === null) return false;
      return this.#below(tree, place, readPage(bytes, 'index', level, this.#file.usable));
    }
    const isOdd = level === null || (place.level !== null && place.level !== level);
    const as = isOdd ? (place.level ?? 'leaf') : level;
    const read = readPage(bytes, 'table', as, this.#file.usable);
    if (as === 'inner') {
      const isInner = !isOdd && read.isSound && this.#leadsOn(read, place);
      if (isInner) return this.#below(tree, place, read);
      this.damaged.push({ tree, page, after, until, level: 'inner', kept: [] });
      return true;
    }
    const fitting = read.cells.filter(({ rowid }) => {
      return rowid !== null && rowid > after && rowid <= until;
    });
    const kept = fitting.filter((cell) => this.#overflows(cell));
    const isWhole = !isOdd && read.isSound && kept.length === read.cells.length;
    const isEmpty = kept.length === 0 && page !== tree.root;
    if (!isWhole || isEmpty) {
      const isKnown = level !== null || place.level !== null || kept.length > 0;
      this.damaged.push({ tree, page, after, until, level: isKnown ? 'leaf' : null, kept });
    }
    return true;
  }

  /** Whether a table's page leads to pages, each once, with keys in order. */
  #leadsOn({ cells, right }: BtreePage, { after, until }: Place): boolean {
    const children = [...cells.map(({ child }) => child ?? 0), right ?? 0];
    const keys = cells.map(({ rowid }) => rowid ?? 0);
    return (
      cells.length > 0 &&
      new Set(children).size === children.length &&
      children.every((child) => child > 1 && child <= this.#count) &&
      keys.every((key) => key >= after && key <= until)
    );
  }

  #below(tree: Tree, place: Place, { cells, right, isSound, level }: BtreePage): boolean {
    let isWhole = isSound;
    const isIndex = tree.kind === 'index';
    if (isIndex) for (const cell of cells) isWhole = this.#overflows(cell) && isWhole;
    if (level === 'leaf') return isWhole && (cells.length > 0 || place.page === tree.root);
    const children = [...cells.map(({ child }) => child ?? 0), right ?? 0];
    const beside = isIndex ? null : this.#levelOf(children);
    let after = place.after;
    for (const [index, page] of children.entries()) {
      const until = cells[index]?.rowid ?? place.until;
      isWhole = this.#place(tree, { page, after, until, level: beside }) && isWhole;
      after = until;
    }
    return isWhole;
  }

  /** The level that most of a table's pages say they have. */
  #levelOf(pages: readonly number[]): BtreePage['level'] | null {
    let leaves = 0;
    let inner = 0;
    for (const page of pages) {
      const level = levelOf(this.#file.read(page), 'table');
      if (level === 'leaf') leaves += 1;
      if (level === 'inner') inner += 1;
    }
    if (leaves === inner) return null;
    return leaves > inner ? 'leaf' : 'inner';
  }

  /** Whether what a cell has elsewhere is there. */
  #overflows({ overflow }: Cell): boolean {
    if (overflow === null) return true;
    let page = overflow.first;
    for (let n = 0; n < overflow.pages; n += 1) {
      if (!this.#claim(page)) return false;
      page = new DataView(this.#file.read(page).buffer).getUint32(0);
    }
    return page === 0;
  }

  /** @returns whether the list is as it should be */
  freeList(): boolean {
    const header = new DataView(this.#file.read(1).buffer);
    const said = header.getUint32(36);
    let found = 0;
    for (let trunk = header.getUint32(32); trunk !== 0; ) {
      if (!this.#claim(trunk)) return false;
      const view = new DataView(this.#file.read(trunk).buffer);
      const count = view.getUint32(4);
      if (count > this.#file.usable / 4 - 2) return false;
      for (let n = 0; n < count; n += 1) {
        if (!this.#claim(view.getUint32(8 + 4 * n))) return false;
      }
      found += 1 + count;
      trunk = view.getUint32(0);
    }
    return found === said;
  }

  /** Takes a page for one place; false when it is taken, or is none. */
  #claim(page: number): boolean {
    if (page < 1 || page > this.#count || this.#seen.has(page)) return false;
    this.#seen.add(page);
    return true;
  }
}

const NONE = Number.NEGATIVE_INFINITY;
const NO_END = Number.POSITIVE_INFINITY;
