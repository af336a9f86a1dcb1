/** Keeps the erasures of visitors that are under way, and what is tallied of them. */
import { visitorErasureDigest } from '../integrity/digests.js';
import { NOTHING_TALLIED } from '../integrity/rows.js';
import { deleteAllVisitorErasures } from '../sql/visitor-erasure-delete-all.js';
import { getVisitorErasure } from '../sql/visitor-erasure-get.js';
import { listVisitorErasures } from '../sql/visitor-erasure-list.js';
import { putVisitorErasure } from '../sql/visitor-erasure-put.js';
import { removeVisitorErasure } from '../sql/visitor-erasure-remove.js';
import type { ErasuresUnderWay, VisitorErasure } from '../port/erasing.js';
import type { Statements, Steps } from './steps.js';
import { alteredRows } from './damage-of-rows.js';
import { digestsOf, TallyChange, tallyFault, tallyOf, writeTally } from './tally.js';

type Digested = { readonly digest: string | null };

/** Records that an erasure is under way, or has come so far. */
export function* beginVisitorErasure(
  connection: Statements,
  accountId: string,
  erasure: VisitorErasure,
): Steps<void> {
  const { visitorId, data } = erasure;
  const digest = visitorErasureDigest(accountId, erasure);
  const change = yield* removalOf(connection, accountId, visitorId);
  change.add(digest);
  yield* connection.run(putVisitorErasure, [accountId, visitorId, data, digest]);
  yield* change.write(connection, accountId, 'visitor_erasure');
}

export function* endVisitorErasure(
  connection: Statements,
  accountId: string,
  visitorId: string,
): Steps<void> {
  const change = yield* removalOf(connection, accountId, visitorId);
  yield* connection.run(removeVisitorErasure, [accountId, visitorId]);
  yield* change.write(connection, accountId, 'visitor_erasure');
}

function* removalOf(
  connection: Statements,
  accountId: string,
  visitorId: string,
): Steps<TallyChange> {
  const change = new TallyChange();
  const before = yield* connection.first<Digested>(getVisitorErasure, [accountId, visitorId]);
  if (before !== null) change.remove(before.digest);
  return change;
}

/** The erasures of visitors that are under way, and in words what is wrong with their records. */
export function* erasuresUnderWay(
  connection: Statements,
  accountId: string,
): Steps<ErasuresUnderWay> {
  const stored = yield* connection.all<VisitorErasure & Digested>(listVisitorErasures, [accountId]);
  const good = stored.filter((each) => visitorErasureDigest(accountId, each) === each.digest);
  const altered = stored.length - good.length;
  const fault = yield* tallyFault(
    connection,
    accountId,
    'visitor_erasure',
    tallyOf(digestsOf(stored)),
  );
  const found = [
    ...(altered === 0 ? [] : [alteredRows('visitor_erasure', altered)]),
    ...(fault === null ? [] : [`the rows of visitor_erasure: ${fault.found}`]),
  ];
  return {
    erasures: good.map(({ visitorId, data }) => ({ visitorId, data })),
    damage: found.length === 0 ? null : found.join('; '),
  };
}

/** Leaves those that are good alone, so that what is damaged afterwards is noticed as before. */
export function* settleVisitorErasures(connection: Statements, accountId: string): Steps<void> {
  const { erasures } = yield* erasuresUnderWay(connection, accountId);
  yield* connection.run(deleteAllVisitorErasures, [accountId]);
  yield* writeTally(connection, accountId, 'visitor_erasure', NOTHING_TALLIED);
  for (const erasure of erasures) yield* beginVisitorErasure(connection, accountId, erasure);
}
