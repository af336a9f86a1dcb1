import type { AnsweredRequest, AnswerToStore } from '../port/answered.js';
import { NOTHING_TALLIED } from '../integrity/rows.js';
import { deleteAllAnsweredRequests } from '../sql/answered-request-delete-all.js';
import { dropAnsweredRequests } from '../sql/answered-request-drop.js';
import { getAnsweredRequest } from '../sql/answered-request-get.js';
import { listAnsweredRequests } from '../sql/answered-request-list.js';
import { answeredRequestsOfCaller } from '../sql/answered-request-of-caller.js';
import { oldAnsweredRequests } from '../sql/answered-request-old.js';
import { oldestAnsweredRequest } from '../sql/answered-request-oldest.js';
import { purgeAnsweredRequests } from '../sql/answered-request-purge.js';
import { putAnsweredRequest } from '../sql/answered-request-put.js';
import { StoreConflict } from '../port/errors.js';
import type { Statements, Steps } from './steps.js';
import { rowDamage } from './damage-of-rows.js';
import { answeredDigest } from './row-digests.js';
import { digestsOf, requireTally, TallyChange, writeTally } from './tally.js';

/**
 * Keeps what a request is answered, within the open transaction; what has had its time goes.
 * @throws StoreConflict 'full' when the caller has as many as may be, and none is old enough to go
 * @throws StoreDamage when what has had its time is not as it was written
 */
export function* keepAnswered(
  connection: Statements,
  accountId: string,
  { key, caller, body, at, answer, most, lifeMs, minLifeMs }: AnswerToStore,
): Steps<void> {
  const change = new TallyChange();
  yield* removing(connection, accountId, change, oldAnsweredRequests, [accountId, at - lifeMs]);
  yield* connection.run(purgeAnsweredRequests, [accountId, at - lifeMs]);
  const kept = yield* connection.first<{ count: number; at: number }>(oldestAnsweredRequest, [
    accountId,
    caller,
  ]);
  if (kept !== null && kept.count >= most) {
    if (kept.at > at - minLifeMs) {
      throw new StoreConflict(
        'full',
        `${kept.count} requests of one caller of account ${accountId} are kept, and none is old enough to go.`,
      );
    }
    yield* removing(connection, accountId, change, answeredRequestsOfCaller, [
      accountId,
      caller,
      kept.at,
    ]);
    yield* connection.run(dropAnsweredRequests, [accountId, caller, kept.at]);
  }
  const digest = answeredDigest(accountId, { key, caller, body, at, answer });
  yield* connection.run(putAnsweredRequest, [accountId, key, caller, body, at, answer, digest]);
  change.add(digest);
  yield* change.write(connection, accountId, 'answered_request');
}

/** @throws StoreDamage for one that may be among them only because it was altered */
function* removing(
  connection: Statements,
  accountId: string,
  change: TallyChange,
  those: string,
  parameters: readonly (string | number)[],
): Steps<void> {
  for (const row of yield* connection.all<AnsweredRow>(those, parameters)) {
    intactAnswer(accountId, row);
    change.remove(row.digest);
  }
}

/**
 * Null for a request that was not answered. That is certain only while none of the account's answers
 * is missing, or has become that to another request.
 * @throws StoreDamage when what was answered is not as it was written, or may be missing
 */
export function* readAnswered(
  connection: Statements,
  accountId: string,
  key: string,
): Steps<AnsweredRequest | null> {
  const row = yield* connection.first<AnsweredRow>(getAnsweredRequest, [accountId, key]);
  if (row !== null) return intactAnswer(accountId, row);
  yield* checkAnswered(connection, accountId);
  return null;
}

const TALLY = { subject: 'answered_request', kind: 'retries' } as const;

type AnsweredRow = AnsweredRequest & { readonly digest: string | null };

/** Checks all answers of an account. @throws StoreDamage */
export function* checkAnswered(connection: Statements, accountId: string): Steps<void> {
  const rows = yield* connection.all<AnsweredRow>(listAnsweredRequests, [accountId]);
  for (const row of rows) intactAnswer(accountId, row);
  yield* requireTally(connection, accountId, { ...TALLY, digests: digestsOf(rows) });
}

function intactAnswer(accountId: string, { digest, ...answered }: AnsweredRow): AnsweredRequest {
  if (answeredDigest(accountId, answered) === digest) return answered;
  const why = 'a row of answered_request does not match its checksum';
  throw rowDamage('retries', accountId, why);
}

/** Leaves those that are good alone, so that what is damaged afterwards is noticed as before. */
export function* settleAnswered(connection: Statements, accountId: string): Steps<void> {
  const rows = yield* connection.all<AnsweredRow>(listAnsweredRequests, [accountId]);
  yield* connection.run(deleteAllAnsweredRequests, [accountId]);
  yield* writeTally(connection, accountId, 'answered_request', NOTHING_TALLIED);
  const kept = new TallyChange();
  for (const { digest, ...answered } of rows) {
    if (digest === null || answeredDigest(accountId, answered) !== digest) continue;
    const { key, caller, body, at, answer } = answered;
    yield* connection.run(putAnsweredRequest, [accountId, key, caller, body, at, answer, digest]);
    kept.add(digest);
  }
  yield* kept.write(connection, accountId, 'answered_request');
}
