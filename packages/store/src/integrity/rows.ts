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
  const row: unknown[] = [table, accountId];
  for (const column of columns) row.push(plain(column));
  return hash('sha256', JSON.stringify(row), 'base64url');
}

/** What JSON would make the same of, distinguished. */
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

/** Characters of a digest, or of a sum of digests. */
const CHARACTERS = 43;
/** What base64url writes each six bits as. */
const ALPHABET = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
/** The six bits that a character stands for. */
const SIX_BITS = new Uint8Array(128);
for (const [bits, character] of ALPHABET.entries()) SIX_BITS[character] = bits;
/** Of the last character, four bits belong to the 32 bytes; the two others are nobody's. */
const LAST_BITS = 0b111100;

const IS_DIGEST = /^[\w-]{43}$/;

/** Where a sum is written out; nothing waits in between. */
const written = Buffer.alloc(CHARACTERS);

/**
 * Rows as they come and go. The sum is kept six bits by six bits, as it is written: every entry of a
 * chat is added to one, and decoding its digest would take longer than adding it.
 */
export class Tallying {
  readonly #sum = new Uint8Array(CHARACTERS);
  #count: number;

  constructor({ count, sum }: Tally = NOTHING_TALLIED) {
    this.#count = count;
    this.#turn(sum);
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
    const sum = this.#sum;
    for (let at = 0; at < CHARACTERS; at += 1) written[at] = ALPHABET[sum[at] ?? 0] ?? 0;
    return { count: this.#count, sum: written.toString('latin1') };
  }

  /** Adding twice is removing: a sum by exclusive or. */
  #turn(digest: string): void {
    const sum = this.#sum;
    // Bytes, which a damaged column may hold, can read like a digest too.
    const isPlain = typeof digest === 'string' && IS_DIGEST.test(digest);
    const text = isPlain ? digest : asDigest(digest);
    const last = CHARACTERS - 1;
    for (let at = 0; at < last; at += 1) sum[at] = (sum[at] ?? 0) ^ bitsAt(text, at);
    sum[last] = (sum[last] ?? 0) ^ (bitsAt(text, last) & LAST_BITS);
  }
}

function bitsAt(text: string, at: number): number {
  return SIX_BITS[text.charCodeAt(at)] ?? 0;
}

/** Where a row is damaged, anything may stand there: as many bytes of it as a digest has. */
function asDigest(anything: unknown): string {
  const bytes = Buffer.alloc(BYTES);
  Buffer.from(String(anything), 'base64url').copy(bytes);
  return bytes.toString('base64url');
}

/** Whether two tallies are of the same rows. */
export function sameTally(one: Tally, other: Tally): boolean {
  return one.count === other.count && one.sum === other.sum;
}
