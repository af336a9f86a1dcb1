/** Reads an account's own row, and checks it. */
import { getAccount } from '../sql/account-get.js';
import type { Statements, Steps } from './steps.js';
import { rowDamage } from './damage-of-rows.js';
import type { ReadAnswer } from '../group-commit/messages.js';
import { accountDigest } from './row-digests.js';
import { readTally } from './tally.js';

interface AccountRow {
  readonly id: string;
  readonly createdAt: number;
  readonly digest: string | null;
}

/** @throws StoreDamage when its row is not as it was written, or is missing. */
export function* readAccount(
  connection: Statements,
  accountId: string,
): Steps<ReadAnswer<'getAccount'>> {
  const row = yield* connection.first<AccountRow>(getAccount, [accountId]);
  if (row === null) {
    if ((yield* readTally(connection, accountId, 'account')) === null) return null;
    throw rowDamage('configuration', accountId, 'its row of account is missing');
  }
  const { id, createdAt, digest } = row;
  if (accountDigest(accountId, createdAt) === digest) return { id, createdAt };
  throw rowDamage('configuration', accountId, 'its row of account does not match its checksum');
}
