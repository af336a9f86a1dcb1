/** Which accounts are at rest: it is recorded with the journal's position, and so ends by any append. */
import type { WriteRequest } from '../group-commit/messages.js';
import { rowDigest } from '../integrity/rows.js';
import type { Rest, Standing } from '../port/accounts.js';
import { putAccountRest } from '../sql/account-rest-put.js';
import { accountStanding } from '../sql/account-standing.js';
import type { Statements, Steps } from './steps.js';

export function* putRest(
  connection: Statements,
  { accountId, rest }: WriteRequest<'putRest'>,
): Steps<null> {
  const { seq, dueAt } = rest;
  yield* connection.run(putAccountRest, [accountId, seq, dueAt, restDigest(accountId, rest)]);
  return null;
}

interface StandingRow {
  readonly accountId: string;
  readonly end: number;
  readonly seq: number | null;
  readonly dueAt: number | null;
  readonly digest: string | null;
  readonly isErasing: 0 | 1;
}

/** One without entries has nothing that could be under way; one whose record is damaged may have. */
export function* readStanding(connection: Statements): Steps<Standing[]> {
  const standing: Standing[] = [];
  for (const { accountId, end, ...row } of yield* connection.all<StandingRow>(accountStanding)) {
    const { seq, dueAt, digest, isErasing } = row;
    if (end === 0 && isErasing === 0) continue;
    const atRest =
      isErasing === 0 && seq === end && restDigest(accountId, { seq, dueAt }) === digest;
    if (!atRest) standing.push({ accountId, needs: 'awake' });
    else if (dueAt !== null) standing.push({ accountId, needs: { dueAt } });
  }
  return standing;
}

function restDigest(accountId: string, { seq, dueAt }: Rest): string {
  return rowDigest('account_rest', accountId, [seq, dueAt]);
}
