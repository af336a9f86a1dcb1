/**
 * Checksums of what is stored, the same for every engine.
 *
 * A journal entry has a digest of its own, and the account's chain runs over the digests. So an entry
 * whose text is erased by intention keeps its digest, and the chain holds. The salt goes with the
 * text: without it, the digest that stays shows nobody whether they guessed right what was said.
 *
 * All are SHA-256 in base64url, 43 characters.
 */
import { hash, randomBytes } from 'node:crypto';
import type { JournalEntry } from '../port/entries.js';
import type { VisitorErasure } from '../port/erasing.js';
import type { StoredSnapshot } from '../port/snapshots.js';
import type { AcceptedLoss } from './position.js';
import type { StoredEntry } from './stored-entry.js';

/** Random bytes of a salt; 12 make 16 characters. */
const SALT_BYTES = 12;

/** Salts made at once: asking for random bytes costs more than having many. */
const SALTS_AT_ONCE = 256;

let salts: string[] = [];

/** A new salt, 16 characters. */
export function newSalt(): string {
  const salt = salts.pop();
  if (salt !== undefined) return salt;
  const bytes = randomBytes(SALT_BYTES * SALTS_AT_ONCE);
  salts = Array.from({ length: SALTS_AT_ONCE }, (_, index) =>
    bytes.toString('base64url', index * SALT_BYTES, (index + 1) * SALT_BYTES),
  );
  return newSalt();
}

/** The digest of an entry: everything that is stored of it, and whose it is. */
export function entryDigest(accountId: string, entry: JournalEntry, salt: string): string {
  return sha256(`${head(accountId, entry)} ${salt} ${entry.data}`);
}

/**
 * The digest of what is left of an erased entry, beside the one that it had before.
 * @param digest the one that it had, over which the chain runs
 */
export function erasedDigest(accountId: string, entry: JournalEntry, digest: string): string {
  return sha256(`erased ${head(accountId, entry)} ${digest} ${entry.data}`);
}

/** The digest of a visitor's erasure that is under way. */
export function visitorErasureDigest(
  accountId: string,
  { visitorId, data }: VisitorErasure,
): string {
  return sha256(`visitor erasure ${accountId} ${visitorId.length} ${visitorId} ${data}`);
}

/** Whether an entry is as it was written, or, when it was erased, as it was left. */
export function isIntact(accountId: string, stored: StoredEntry): boolean {
  const { salt, digest, erased, ...entry } = stored;
  if (digest === null) return false;
  if (erased !== null) return erasedDigest(accountId, entry, digest) === erased;
  return salt !== null && entryDigest(accountId, entry, salt) === digest;
}

/** Lengths, so that no two entries are the same text. A chat that is null is not one without a name. */
function head(accountId: string, { seq, at, type, version, chatId }: JournalEntry): string {
  const chat = chatId === null ? '-' : `${chatId.length} ${chatId}`;
  return `${accountId} ${seq} ${at} ${type.length} ${type} ${version} ${chat}`;
}

/** The chain of an account before its first entry. */
export function chainStart(accountId: string): string {
  return sha256(`journal of ${accountId}`);
}

/** The chain after one more entry. */
export function nextChain(chain: string, digest: string): string {
  return sha256(`${chain} ${digest}`);
}

/** Where a piece of a snapshot belongs. */
export interface PiecePlace {
  readonly accountId: string;
  readonly snapshot: number;
  /** 1, 2, 3 … */
  readonly piece: number;
}

/** The digest of a piece of a snapshot. */
export function pieceDigest({ accountId, snapshot, piece }: PiecePlace, data: string): string {
  return sha256(`${accountId} ${snapshot} ${piece} ${data}`);
}

/** What a snapshot's own digest is made of. */
export type SnapshotFacts = Omit<StoredSnapshot, 'digest'>;

/** The digest of a snapshot: its facts, and its pieces by `digestOfPieces`. */
export function snapshotDigest(accountId: string, facts: SnapshotFacts, ofPieces: string): string {
  const { id, seq, at, version, pieces, chars, chain } = facts;
  return sha256(
    `${accountId} ${id} ${seq} ${at} ${version} ${pieces} ${chars} ${chain} ${ofPieces}`,
  );
}

/** The digest of the record of a loss. */
export function lossDigest(accountId: string, { seq, until, resume }: AcceptedLoss): string {
  return sha256(`${accountId} ${seq} ${until} ${resume.seq} ${resume.chain}`);
}

/** Before the first piece. */
export const NO_PIECES = '';

/** The digest of pieces one after the other, with one more. */
export function digestOfPieces(before: string, piece: string): string {
  return sha256(`${before} ${piece}`);
}

function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** A chain to go on from where nobody knows how it went on, unlike any other. */
export function freshAnchor(): string {
  return sha256(randomBytes(32).toString('hex'));
}
