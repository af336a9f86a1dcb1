/** How far those who follow a journal have come. */
import { rowDigest } from '../integrity/rows.js';
import { getCursor } from '../sql/cursor-get.js';
import { putCursor } from '../sql/cursor-put.js';
import type { Statements, Steps } from './steps.js';

/** Of whoever erases what is older than an account keeps it. */
export const RETENTION = 'retention';

/** 0, to begin anew, when the record is not as it was written. */
export function* readCursor(
  connection: Statements,
  accountId: string,
  name: string,
): Steps<number> {
  const row = yield* connection.first<{ seq: number; digest: string }>(getCursor, [
    accountId,
    name,
  ]);
  if (row === null) return 0;
  return cursorDigest(accountId, name, row.seq) === row.digest ? row.seq : 0;
}

export function* advanceCursor(
  connection: Statements,
  accountId: string,
  name: string,
  seq: number,
): Steps<null> {
  yield* connection.run(putCursor, [accountId, name, seq, cursorDigest(accountId, name, seq)]);
  return null;
}

export function cursorDigest(accountId: string, name: string, seq: number): string {
  return rowDigest('journal_cursor', accountId, [name, seq]);
}
