/**
 * Checksums of the rows that are no journal: configuration, accounts, logins, audit, index of chats.
 *
 * Each row has a digest over all its other columns. What an account has of a table is tallied: how
 * many rows, and the sum of their digests, which does not depend on their order; so a row that is
 * missing, surplus or put back from earlier is noticed though each of the others is good.
 */
import { hash } from 'node:crypto';

/** Bytes of a digest. */
const BYTES = 32;

/** What a column can hold, damaged ones too. */
export type Column = string | number | bigint | Uint8Array | null;

/** The digest of a row of an account: SHA-256 in base64url, 43 characters. */
export function rowDigest(table: string, accountId: string, columns: readonly Column[]): string {
  return hash('sha256', JSON.stringify([table, accountId, ...columns.map(plain)]), 'base64url');
}

/** What JSON would make the same of, told apart. */
function plain(column: Column): unknown {
  if (column === null || typeof column === 'string') return column;
  if (typeof column === 'number' && Number.isFinite(column)) return column;
  if (typeof column === 'object') return { bytes: Buffer.from(column).toString('base64url') };
  return { number: String(column) };
}

/** How many rows there are, and the sum of their digests. */
export interface Tally {
  readonly count: number;
  readonly sum: string;
}

/** Of no rows. */
export const NOTHING_TALLIED: Tally = {
  count: 0,
  sum: Buffer.alloc(BYTES).toString('base64url'),
};

/** The digest of a tally itself. */
export function tallyDigest(accountId: string, subject: string, { count, sum }: Tally): string {
  return rowDigest('tally', accountId, [subject, count, sum]);
}

/** Rows as they come and go. */
export class Tallying {
  readonly #sum: Buffer;
  #count: number;

  constructor({ count, sum }: Tally = NOTHING_TALLIED) {
    this.#count = count;
    this.#sum = Buffer.alloc(BYTES);
    this.#sum.write(sum, 'base64url');
  }

  add(digest: string): void {
    this.#count += 1;
    this.#turn(digest);
  }

  remove(digest: string): void {
    this.#count -= 1;
    this.#turn(digest);
  }

  get tally(): Tally {
    return { count: this.#count, sum: this.#sum.toString('base64url') };
  }

  /** Adding twice is removing: a sum by exclusive or. */
  #turn(digest: string): void {
    // Where a row is damaged, anything may stand there.
    const other = Buffer.from(String(digest), 'base64url');
    for (let at = 0; at < BYTES; at += 1) this.#sum[at] = (this.#sum[at] ?? 0) ^ (other[at] ?? 0);
  }
}

/** Whether two tallies are of the same rows. */
export function sameTally(one: Tally, other: Tally): boolean {
  return one.count === other.count && one.sum === other.sum;
}
