/** Overwrites what the pages of the database still hold of what was removed or moved. */
import { pageRange } from './sql/page-range.js';
import { putPage } from './sql/page-put.js';
import type { Connection } from './connection.js';
import { FIRST_AMBIGUOUS_PAGE, isClean, wipe } from './dead-bytes.js';
import type { ReadAnswer, ReadRequest, WriteRequest } from '../group-commit/messages.js';

/** Pages looked at at once: bounds how long that keeps commits waiting. */
const AT_ONCE = 512;

interface Page {
  readonly page: number;
  readonly data: ArrayBuffer;
}

/** Which of the next pages hold something that they should not. */
export function uncleanPages(
  connection: Connection,
  { after }: ReadRequest<'uncleanPages'>,
): ReadAnswer<'uncleanPages'> {
  const usable = usableBytes(connection);
  const pages = connection.all<Page>(pageRange, [after + 1, after + AT_ONCE]);
  const last = pages.at(-1)?.page ?? null;
  return {
    pages: pages
      .filter(({ page, data }) => isTree(page) && !isClean(new Uint8Array(data), usable))
      .map(({ page }) => page),
    reached: last !== null && last < FIRST_AMBIGUOUS_PAGE ? last : null,
  };
}

/** Within the open transaction of its group: the pages may have changed since they were looked at. */
export function wipePages(connection: Connection, { pages }: WriteRequest<'wipePages'>): null {
  const usable = usableBytes(connection);
  for (const number of pages) {
    const [found] = connection.all<Page>(pageRange, [number, number]);
    if (found === undefined || !isTree(number)) continue;
    const data = new Uint8Array(found.data);
    if (isClean(data, usable)) continue;
    wipe(data, usable);
    connection.run(putPage, [Buffer.from(data), number]);
  }
  return null;
}

/** The first page holds nothing but the schema. */
function isTree(page: number): boolean {
  return page > 1 && page < FIRST_AMBIGUOUS_PAGE;
}

/** Bytes of each page that SQLite uses: all but those that its file's header reserves. */
function usableBytes(connection: Connection): number {
  const [first] = connection.all<Page>(pageRange, [1, 1]);
  if (first === undefined) return 0;
  return first.data.byteLength - (new Uint8Array(first.data)[20] ?? 0);
}
