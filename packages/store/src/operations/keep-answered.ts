import type { AnsweredRequest, KeptAnswer } from '../port/answered.js';
import { dropAnsweredRequests } from '../sql/answered-request-drop.js';
import { getAnsweredRequest } from '../sql/answered-request-get.js';
import { oldestAnsweredRequest } from '../sql/answered-request-oldest.js';
import { purgeAnsweredRequests } from '../sql/answered-request-purge.js';
import { putAnsweredRequest } from '../sql/answered-request-put.js';
import { StoreConflict } from '../port/errors.js';
import type { Connection } from '../sqlite/connection.js';
import { rowDamage } from './damage-of-rows.js';
import { answeredDigest } from './row-digests.js';

/**
 * Keeps what a request is answered, within the open transaction; what has had its time goes.
 * @throws StoreConflict 'full' when the caller has as many as may be, and none is old enough to go
 */
export function keepAnswered(
  connection: Connection,
  accountId: string,
  { key, caller, body, at, answer, most, lifeMs, minLifeMs }: KeptAnswer,
): void {
  connection.run(purgeAnsweredRequests, [accountId, at - lifeMs]);
  const kept = connection.first<{ count: number; at: number }>(oldestAnsweredRequest, [
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
    connection.run(dropAnsweredRequests, [accountId, caller, kept.at]);
  }
  const digest = answeredDigest(accountId, { key, caller, body, at, answer });
  connection.run(putAnsweredRequest, [accountId, key, caller, body, at, answer, digest]);
}

/** @throws StoreDamage when what was answered is not as it was written */
export function readAnswered(
  connection: Connection,
  accountId: string,
  key: string,
): AnsweredRequest | null {
  const row = connection.first<AnsweredRequest & { readonly digest: string | null }>(
    getAnsweredRequest,
    [accountId, key],
  );
  if (row === null) return null;
  const { digest, ...answered } = row;
  if (answeredDigest(accountId, answered) === digest) return answered;
  const why = 'what a request was answered, in answered_request, does not match its checksum';
  throw rowDamage('configuration', accountId, why);
}
