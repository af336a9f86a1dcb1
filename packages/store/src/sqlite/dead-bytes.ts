/**
 * The bytes of a page of a b-tree that hold no cell: SQLite never reads them. When cells move from page
 * to page, copies of them stay there, which `secure_delete` does not overwrite: it knows of removed
 * cells only.
 *
 * The layout of a page is that of https://www.sqlite.org/fileformat2.html#b_tree_pages. Fragments, of
 * three bytes at most, are left as they are.
 */

/** Bytes of a page's header, by the byte that it begins with: that is its kind. */
const HEADER_BYTES: ReadonlyMap<number, number> = new Map([
  [2, 12],
  [5, 12],
  [10, 8],
  [13, 8],
]);

/** Next free block, and the size of this one. */
const BLOCK_HEAD = 4;

/**
 * From this page on, a page of another kind may begin as one of a b-tree does: it begins with the
 * number of the page that follows it. That is after 128 GiB, in pages of 4 KiB.
 */
export const FIRST_AMBIGUOUS_PAGE = 0x02_00_00_00;

/** As many as a page has at most. */
const ZEROS = new Uint8Array(65_536);

/** From where to where, in bytes from the page's begin. */
type Range = readonly [from: number, to: number];

/**
 * @param page any but the first one, which begins otherwise and holds nothing but the schema
 * @param usable bytes of it that SQLite uses
 * @returns nothing for a page of another kind, and for one that is not as it should be
 */
export function deadRanges(page: Uint8Array, usable: number): readonly Range[] {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const header = HEADER_BYTES.get(view.getUint8(0));
  if (header === undefined) return [];
  const pointersEnd = header + 2 * view.getUint16(3);
  const contentStart = view.getUint16(5) || 65_536;
  if (pointersEnd > contentStart || contentStart > usable) return [];
  const ranges: Range[] = [[pointersEnd, contentStart]];
  for (let at = view.getUint16(1), end = contentStart; at !== 0; at = view.getUint16(at)) {
    if (at < end || at + BLOCK_HEAD > usable) return [];
    end = at + view.getUint16(at + 2);
    if (end < at + BLOCK_HEAD || end > usable) return [];
    ranges.push([at + BLOCK_HEAD, end]);
  }
  return ranges;
}

/** Whether the bytes that hold nothing are all zero. */
export function isClean(page: Uint8Array, usable: number): boolean {
  return deadRanges(page, usable).every(
    ([from, to]) => Buffer.compare(page.subarray(from, to), ZEROS.subarray(0, to - from)) === 0,
  );
}

/** Zeroes the bytes that hold nothing. */
export function wipe(page: Uint8Array, usable: number): void {
  for (const [from, to] of deadRanges(page, usable)) page.fill(0, from, to);
}
