/** Keeps logins, and what is tallied of them. */
import { NOTHING_TALLIED } from '../integrity/rows.js';
import { deleteLogin } from '../sql/login-delete.js';
import { deleteAllLogins } from '../sql/login-delete-all.js';
import { expiredLogins } from '../sql/login-expired.js';
import { getLogin } from '../sql/login-get.js';
import { loadLogins } from '../sql/login-load.js';
import { loginsOfUser } from '../sql/login-of-user.js';
import { putLogin } from '../sql/login-put.js';
import type { LoginRecord } from '../port/logins.js';
import type { Statements, Steps } from './steps.js';
import { alteredRows } from './damage-of-rows.js';
import type { ReadAnswer, ReadRequest } from '../group-commit/messages.js';
import { type LoginRow, loginDigest } from './row-digests.js';
import {
  digestsOf,
  TallyChange,
  type TallyFault,
  tallyFault,
  tallyOf,
  writeTally,
} from './tally.js';
import type { WriteGroup } from './write-group.js';

type Digested = { readonly digest: string | null };

/** One with the same bearer is replaced. */
export function* keepLogin(group: WriteGroup, accountId: string, login: LoginRecord): Steps<void> {
  const { connection } = group;
  const { bearerHash, cookieHash, csrfHash, userId, createdAt, expiresAt, ttl, signedOutAt } =
    login;
  const digest = loginDigest(accountId, login);
  const change = new TallyChange();
  const before = yield* connection.first<Digested>(getLogin, [accountId, bearerHash]);
  if (before !== null) change.remove(before.digest);
  change.add(digest);
  yield* connection.run(putLogin, [
    ...[accountId, bearerHash, cookieHash, csrfHash, userId],
    ...[createdAt, expiresAt, ttl, signedOutAt ?? null, digest],
  ]);
  yield* change.write(connection, accountId, 'login');
  group.changed.add(accountId);
}

/** What logins are removed: those that one of these finds. */
const REMOVALS = { one: getLogin, 'of a user': loginsOfUser, expired: expiredLogins } as const;

/**
 * Answers whether there were any. One that is not as it was written may be among them only because it
 * was altered: it stays, is void, and is reported when logins are read.
 */
export function* removeLogins(
  group: WriteGroup,
  accountId: string,
  those: keyof typeof REMOVALS,
  which: string | number,
): Steps<boolean> {
  const { connection } = group;
  const found = yield* connection.all<StoredLogin>(REMOVALS[those], [accountId, which]);
  const change = new TallyChange();
  let removed = 0;
  for (const row of found) {
    if (!isIntact(accountId, row)) continue;
    removed += 1;
    yield* connection.run(deleteLogin, [accountId, row.bearerHash]);
    change.remove(row.digest);
  }
  if (removed === 0) return false;
  yield* change.write(connection, accountId, 'login');
  group.changed.add(accountId);
  return true;
}

type StoredLogin = LoginRow & Digested;

function isIntact(accountId: string, { digest, ...login }: StoredLogin): boolean {
  return loginDigest(accountId, login) === digest;
}

/**
 * Those that have not expired, and are as they were written. Where some are missing, the others are
 * good; where there are some too many, or others than were written last, nobody knows which of them had
 * been ended: all are void.
 */
export function* readLogins(
  connection: Statements,
  { accountId, now }: ReadRequest<'loadLogins'>,
): Steps<ReadAnswer<'loadLogins'>> {
  const rows = yield* connection.all<StoredLogin>(loadLogins, [accountId]);
  const good = rows.filter((row) => isIntact(accountId, row));
  const altered = rows.length - good.length;
  const fault = yield* tallyFault(connection, accountId, 'login', tallyOf(digestsOf(rows)));
  const found = [
    ...(altered === 0 ? [] : [alteredRows('login', altered)]),
    ...(fault === null ? [] : [`the rows of login: ${fault.found}`]),
  ];
  // An altered row explains a sum that does not fit.
  const isBack = altered === 0 && fault !== null && PUT_BACK.has(fault.fault);
  const logins = (isBack ? [] : good).map(asRecord);
  return {
    logins: logins.filter(({ expiresAt }) => expiresAt > now),
    damage: found.length === 0 ? null : found.join('; '),
  };
}

function asRecord({ digest: _, signedOutAt, ...login }: StoredLogin): LoginRecord {
  return typeof signedOutAt === 'number' ? { ...login, signedOutAt } : login;
}

const PUT_BACK: ReadonlySet<TallyFault['fault']> = new Set([
  'rows surplus',
  'rows exchanged',
] as const);

/** Leaves those that are good alone, so that what is damaged afterwards is noticed as before. */
export function* settleLogins(group: WriteGroup, accountId: string): Steps<void> {
  const { connection } = group;
  const { logins } = yield* readLogins(connection, {
    ...{ ask: 'loadLogins', accountId, now: Number.NEGATIVE_INFINITY },
  });
  yield* connection.run(deleteAllLogins, [accountId]);
  yield* writeTally(connection, accountId, 'login', NOTHING_TALLIED);
  for (const login of logins) yield* keepLogin(group, accountId, login);
}
