/**
 * Pages of rows that an index gives in order. A damaged one may lead to rows that were before already, and
 * whoever reads on from the last row of each page would then read for ever.
 */
import { StoreFailure } from '../port/errors.js';

/** The rows up to the first that is not behind all before it, and whether there was such a one. */
export interface InOrder<Row> {
  readonly rows: readonly Row[];
  readonly isCut: boolean;
}

/**
 * @param after the key that the page was asked for after
 * @param keyOf what the page is ordered by: numbers, or texts in the order of their UTF-8
 */
export function inOrder<Row, Key extends number | string>(
  rows: readonly Row[],
  after: Key,
  keyOf: (row: Row) => Key,
): InOrder<Row> {
  let last = after;
  const end = rows.findIndex((row) => {
    const key = keyOf(row);
    const isBehind = isAfter(key, last);
    last = key;
    return !isBehind;
  });
  return end === -1 ? { rows, isCut: false } : { rows: rows.slice(0, end), isCut: true };
}

function isAfter(key: number | string, last: number | string): boolean {
  if (typeof key === 'number' && typeof last === 'number') return key > last;
  return Buffer.compare(Buffer.from(String(key)), Buffer.from(String(last))) > 0;
}

/**
 * The rows, all of them.
 * @throws StoreFailure when they do not come in order: for steps of the schema, of before there were checksums
 */
export function requireInOrder<Row>(table: string, found: InOrder<Row>): readonly Row[] {
  if (!found.isCut) return found.rows;
  throw new StoreFailure(
    `The rows of ${table} do not come in their order, so what they are found by is damaged. Keep a copy of the data directory and restore a backup; the data stays as it was until then.`,
  );
}
