import type { KeptAnswer } from '../answered.js';
import { dropAnsweredRequests } from '../sql/answered-request-drop.js';
import { oldestAnsweredRequest } from '../sql/answered-request-oldest.js';
import { purgeAnsweredRequests } from '../sql/answered-request-purge.js';
import { putAnsweredRequest } from '../sql/answered-request-put.js';
import { StoreConflict } from '../types.js';
import type { Connection } from './connection.js';

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
  connection.run(putAnsweredRequest, [accountId, key, caller, body, at, answer]);
}
