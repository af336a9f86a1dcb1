/** Keeps the tallies: what rows an account has of a table, recorded apart from the rows. */
import type { DamageKind } from '../damage.js';
import {
  NOTHING_TALLIED,
  sameTally,
  type Tally,
  Tallying,
  tallyDigest,
} from '../integrity/rows.js';
import { getAccount } from '../sql/account-get.js';
import { getTally } from '../sql/tally-get.js';
import { putTally } from '../sql/tally-put.js';
import type { PlainStatements, Statements, Steps } from './steps.js';
import { rowDamage } from './damage-of-rows.js';

/** Tables whose rows are tallied, by account. */
export type Tallied =
  | 'account'
  | 'answered_request'
  | 'audit'
  | 'chat_index'
  | 'config_item'
  | 'config_kind'
  | 'login'
  | 'visitor_erasure';

/** Those of an account that has nothing yet. */
export const TALLIED_FROM_THE_START: readonly Tallied[] = [
  ...(['answered_request', 'audit', 'chat_index', 'config_item', 'config_kind'] as const),
  ...(['login', 'visitor_erasure'] as const),
];

/** The tally that is recorded: null when there is none. */
export function* readTally(
  connection: Statements,
  accountId: string,
  subject: Tallied,
): Steps<Tally | 'damaged' | null> {
  const row = yield* connection.first<Tally & { readonly digest: string }>(getTally, [
    accountId,
    subject,
  ]);
  if (row === null) return null;
  const { count, sum, digest } = row;
  return tallyDigest(accountId, subject, { count, sum }) === digest ? { count, sum } : 'damaged';
}

export function* writeTally(
  connection: PlainStatements,
  accountId: string,
  subject: Tallied,
  tally: Tally,
): Steps<void> {
  const { count, sum } = tally;
  const digest = tallyDigest(accountId, subject, tally);
  yield* connection.run(putTally, [accountId, subject, count, sum, digest]);
}

/** The digests of rows, as a query gives them. */
export function digestsOf(rows: readonly { readonly digest: string | null }[]): readonly string[] {
  return rows.map(({ digest }) => digest ?? '');
}

/** What rows of these digests are tallied as. */
export function tallyOf(digests: readonly string[]): Tally {
  const tallying = new Tallying();
  for (const digest of digests) tallying.add(digest);
  return tallying.tally;
}

/** Rows that a write adds and removes: given to the tally at its end, once. */
export class TallyChange {
  readonly #added: string[] = [];
  readonly #removed: string[] = [];

  /** @param digest of a row that is there now */
  add(digest: string): void {
    this.#added.push(digest);
  }

  /** @param digest that the row had, as it stood there */
  remove(digest: string | null): void {
    this.#removed.push(digest ?? '');
  }

  /** A tally that is damaged stays so: it is not made good by what comes after. */
  *write(connection: Statements, accountId: string, subject: Tallied): Steps<void> {
    if (this.#added.length + this.#removed.length === 0) return;
    const before = yield* readTally(connection, accountId, subject);
    if (before === 'damaged') return;
    // Nor one that is gone.
    const isGone = before === null && subject !== 'account';
    if (isGone && (yield* connection.first(getAccount, [accountId])) !== null) return;
    const tallying = new Tallying(before ?? NOTHING_TALLIED);
    for (const digest of this.#added) tallying.add(digest);
    for (const digest of this.#removed) tallying.remove(digest);
    yield* writeTally(connection, accountId, subject, tallying.tally);
  }
}

/** What is wrong with an account's rows of a table as a whole. */
export interface TallyFault {
  readonly fault:
    | 'record altered'
    | 'record missing'
    | 'rows missing'
    | 'rows surplus'
    /** As many as there should be, and others. */
    | 'rows exchanged';
  /** In words, to come after the table's name. */
  readonly found: string;
}

/** Compares an account's rows of a table with the tally; null when they are those that were written. */
export function* tallyFault(
  connection: Statements,
  accountId: string,
  subject: Tallied,
  found: Tally,
): Steps<TallyFault | null> {
  const recorded = yield* readTally(connection, accountId, subject);
  if (recorded === 'damaged') {
    return {
      fault: 'record altered',
      found: 'the record of how many there are is not as written',
    };
  }
  if (recorded === null) {
    // Whoever has no account of the kind that is served has no tally before the first row.
    const isNew = found.count === 0 && (yield* connection.first(getAccount, [accountId])) === null;
    if (isNew) return null;
    return { fault: 'record missing', found: 'the record of how many there are is missing' };
  }
  if (recorded.count !== found.count) {
    const fault = recorded.count > found.count ? 'rows missing' : 'rows surplus';
    return { fault, found: `there are ${found.count}, and ${recorded.count} were written` };
  }
  if (sameTally(recorded, found)) return null;
  return { fault: 'rows exchanged', found: 'some are not those that were written last' };
}

/** @throws StoreDamage when the rows are not those that were written */
export function* requireTally(
  connection: Statements,
  accountId: string,
  { subject, kind, digests }: { subject: Tallied; kind: DamageKind; digests: readonly string[] },
): Steps<void> {
  const fault = yield* tallyFault(connection, accountId, subject, tallyOf(digests));
  if (fault === null) return;
  throw rowDamage(kind, accountId, `the rows of ${subject}: ${fault.found}`);
}
