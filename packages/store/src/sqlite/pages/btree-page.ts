/**
 * A page of a b-tree as it stands in the file: https://www.sqlite.org/fileformat2.html#b_tree_pages.
 * It is read with the suspicion that it is damaged: what does not fit is left out, never followed.
 */

export type TreeKind = 'table' | 'index';

/** The first byte of a page, by its tree and by whether it has pages below. */
const KINDS = { table: { leaf: 13, inner: 5 }, index: { leaf: 10, inner: 2 } } as const;

export interface Cell {
  /** All of it that stands on the page. */
  readonly bytes: Uint8Array;
  /** The page below; null on a leaf. */
  readonly child: number | null;
  /** The row's key, or the highest one below; null in an index. */
  readonly rowid: number | null;
  /** First page of what did not find room here, and how many there are; null for none. */
  readonly overflow: { readonly first: number; readonly pages: number } | null;
}

export interface BtreePage {
  readonly level: 'leaf' | 'inner';
  readonly cells: readonly Cell[];
  /** The last page below; null on a leaf. */
  readonly right: number | null;
  /** Whether everything on it is as SQLite writes it. */
  readonly isSound: boolean;
}

/** Bytes of a page that SQLite uses: all but those that the file's header reserves. */
export type Usable = number;

/** @returns the level that the page says it has; null for one that is no page of such a tree */
export function levelOf(page: Uint8Array, kind: TreeKind): BtreePage['level'] | null {
  if (page[0] === KINDS[kind].leaf) return 'leaf';
  return page[0] === KINDS[kind].inner ? 'inner' : null;
}

/** Reads a page as one of that level, whatever its first byte says. */
export function readPage(
  page: Uint8Array,
  kind: TreeKind,
  level: BtreePage['level'],
  usable: Usable,
): BtreePage {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const header = level === 'leaf' ? 8 : 12;
  const count = view.getUint16(3);
  const pointersEnd = header + 2 * count;
  let isSound = levelOf(page, kind) === level && pointersEnd <= usable;
  const cells: Cell[] = [];
  const taken: [number, number][] = [];
  for (let n = 0; n < count && header + 2 * n + 2 <= usable; n += 1) {
    const at = view.getUint16(header + 2 * n);
    const cell = at < pointersEnd ? null : readCell(page, at, kind, level, usable);
    const last = cells.at(-1)?.rowid ?? Number.NEGATIVE_INFINITY;
    if (cell === null || (kind === 'table' && (cell.rowid ?? 0) <= last)) {
      isSound = false;
      continue;
    }
    cells.push(cell);
    // A cell takes four bytes at least, so that it can become a free block.
    taken.push([at, at + Math.max(4, cell.bytes.length)]);
  }
  isSound &&= isFilled(view, taken, pointersEnd, usable);
  const right = level === 'leaf' ? null : view.getUint32(8);
  return { level, cells, right, isSound };
}

/** Whether cells, free blocks and fragments take all of the page's content, none of it twice. */
function isFilled(
  view: DataView,
  taken: [number, number][],
  pointersEnd: number,
  usable: Usable,
): boolean {
  const start = view.getUint16(5) || 65_536;
  if (start < pointersEnd || start > usable) return false;
  for (let at = view.getUint16(1), last = 0; at !== 0; at = view.getUint16(at)) {
    if (at <= last || at < start || at + 4 > usable) return false;
    taken.push([at, at + view.getUint16(at + 2)]);
    last = at;
  }
  let end = start;
  let fragments = 0;
  for (const [from, until] of taken.sort(([one], [other]) => one - other)) {
    if (from < end) return false;
    fragments += from - end;
    end = until;
  }
  return end <= usable && fragments + (usable - end) === view.getUint8(7);
}

function readCell(
  page: Uint8Array,
  at: number,
  kind: TreeKind,
  level: BtreePage['level'],
  usable: Usable,
): Cell | null {
  let next = at;
  let child: number | null = null;
  if (level === 'inner') {
    if (at + 4 > usable) return null;
    child = new DataView(page.buffer, page.byteOffset).getUint32(at);
    next += 4;
  }
  let payload: number | null = null;
  if (kind === 'index' || level === 'leaf') {
    const size = varint(page, next, usable);
    if (size === null) return null;
    [payload, next] = size;
  }
  let rowid: number | null = null;
  if (kind === 'table') {
    const key = varint(page, next, usable);
    if (key === null) return null;
    [rowid, next] = key;
  }
  if (payload === null) return { bytes: page.slice(at, next), child, rowid, overflow: null };
  const local = localBytes(payload, kind, usable);
  const end = next + local + (local < payload ? 4 : 0);
  if (end > usable || !isRecord(page, next, next + local, payload)) return null;
  const overflow =
    local === payload
      ? null
      : {
          first: new DataView(page.buffer, page.byteOffset).getUint32(end - 4),
          pages: Math.ceil((payload - local) / (usable - 4)),
        };
  return { bytes: page.slice(at, end), child, rowid, overflow };
}

/** How many bytes of a payload stand on the page of its cell. */
function localBytes(payload: number, kind: TreeKind, usable: Usable): number {
  const max = kind === 'table' ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (payload <= max) return payload;
  const min = Math.floor(((usable - 12) * 32) / 255) - 23;
  const some = min + ((payload - min) % (usable - 4));
  return some <= max ? some : min;
}

/** Whether the head of a record names columns that fill it: SQLite refuses to read any other one. */
function isRecord(page: Uint8Array, at: number, end: number, payload: number): boolean {
  const head = varint(page, at, end);
  if (head === null || at + head[0] > end) return false;
  let size = head[0];
  let next = head[1];
  while (next < at + head[0]) {
    const type = varint(page, next, at + head[0]);
    if (type === null || type[0] === 10 || type[0] === 11) return false;
    size += sizeOf(type[0]);
    next = type[1];
  }
  return size === payload;
}

/** Bytes of the integers that the first types stand for, and of the others that have no length. */
const SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function sizeOf(type: number): number {
  return SIZES[type] ?? Math.floor((type - 12) / 2);
}

/** A number of 1 to 9 bytes, and where the next one begins; null where it leads beyond the end. */
function varint(page: Uint8Array, at: number, end: number): [number, number] | null {
  let value = 0n;
  for (let n = 0; n < 9; n += 1) {
    const byte = page[at + n];
    if (byte === undefined || at + n >= end) return null;
    if (n === 8) value = (value << 8n) | BigInt(byte);
    else value = (value << 7n) | BigInt(byte & 127);
    if (n === 8 || byte < 128) {
      const number = Number(value);
      return Number.isSafeInteger(number) ? [number, at + n + 1] : null;
    }
  }
  return null;
}

function varintBytes(value: number): number[] {
  const bytes = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) {
    bytes.unshift((left % 128) | 128);
  }
  return bytes;
}

/** A row of no columns: all of it reads as null. */
export function emptyRow(rowid: number): Uint8Array {
  return Uint8Array.from([2, ...varintBytes(rowid), 2, 0]);
}

/** The cell of an inner page of a table. */
export function childCell(child: number, rowid: number): Uint8Array {
  const cell = new Uint8Array([0, 0, 0, 0, ...varintBytes(rowid)]);
  new DataView(cell.buffer).setUint32(0, child);
  return cell;
}

/**
 * A page of a table with these cells.
 * @param right the last page below; null for a leaf
 * @returns null when they do not fit
 */
export function tablePage(
  cells: readonly Uint8Array[],
  right: number | null,
  { size, usable }: { readonly size: number; readonly usable: Usable },
): Uint8Array | null {
  const page = new Uint8Array(size);
  const view = new DataView(page.buffer);
  const header = right === null ? 8 : 12;
  page[0] = right === null ? KINDS.table.leaf : KINDS.table.inner;
  view.setUint16(3, cells.length);
  if (right !== null) view.setUint32(8, right);
  let start = usable;
  for (const [index, cell] of cells.entries()) {
    start -= Math.max(4, cell.length);
    if (start < header + 2 * cells.length) return null;
    page.set(cell, start);
    view.setUint16(header + 2 * index, start);
  }
  view.setUint16(5, start === 65_536 ? 0 : start);
  return page;
}
