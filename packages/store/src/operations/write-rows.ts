/** Writes many rows of a table by few statements. */
import type { PlainStatements, SqlValue, Steps } from './steps.js';

/** A statement, and how many rows it writes. */
export interface RowsStatement {
  readonly rows: number;
  readonly sql: string;
}

/**
 * How many rows one statement writes, the most first: each takes less time than by itself. A statement is
 * prepared once, so there are few of them.
 */
const ROWS = [64, 16, 4, 1];

/** The statements of each size, the largest first. */
export function ofEachSize(sqlOf: (rows: number) => string): readonly RowsStatement[] {
  return ROWS.map((rows) => ({ rows, sql: sqlOf(rows) }));
}

/** Writes rows of `columns` values each, one after the other in `values`. */
export function* writeRows(
  connection: PlainStatements,
  statements: readonly RowsStatement[],
  columns: number,
  values: readonly SqlValue[],
): Steps<void> {
  let at = 0;
  for (const { rows, sql } of statements) {
    const size = rows * columns;
    for (; values.length - at >= size; at += size) {
      yield* connection.run(sql, values.slice(at, at + size));
    }
  }
}
