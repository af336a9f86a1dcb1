/**
 * How far a projection of an account is. It follows every append, or is being made anew: then it is
 * emptied first, and has come to a position after that.
 */
import { rowDigest } from '../integrity/rows.js';
import { StoreConflict } from '../port/errors.js';
import { getJournalEnd } from '../sql/journal-end-get.js';
import { listProjections } from '../sql/projection-list.js';
import { putProjection } from '../sql/projection-put.js';
import type { Statements, Steps } from '../operations/steps.js';
import type { Projection } from './projection.js';

/** Null when it follows; `EMPTYING`, or the position that it has come to. */
export type Reached = number | null;

/** What was there before is being removed. */
export const EMPTYING = -1;

interface ProjectionRow {
  readonly name: string;
  readonly version: number;
  readonly reached: Reached;
  readonly digest: string;
}

export function projectionDigest(
  accountId: string,
  { name, version, reached }: Omit<ProjectionRow, 'digest'>,
): string {
  return rowDigest('projection', accountId, [name, version, reached]);
}

/** The projections of an account, by name, of which there is a good record. */
export function* readProjections(
  connection: Statements,
  accountId: string,
): Steps<ReadonlyMap<string, ProjectionRow>> {
  const rows = yield* connection.all<ProjectionRow>(listProjections, [accountId]);
  const good = rows.filter((row) => projectionDigest(accountId, row) === row.digest);
  return new Map(good.map((row) => [row.name, row]));
}

/** How far one is: undefined when it was never made, or by another version. */
export function* reachedBy(
  connection: Statements,
  accountId: string,
  { name, version }: Pick<Projection, 'name' | 'version'>,
): Steps<Reached | undefined> {
  const row = (yield* readProjections(connection, accountId)).get(name);
  return row?.version === version ? row.reached : undefined;
}

export function* writeReached(
  connection: Statements,
  accountId: string,
  { name, version }: Pick<Projection, 'name' | 'version'>,
  reached: Reached,
): Steps<void> {
  const digest = projectionDigest(accountId, { name, version, reached });
  yield* connection.run(putProjection, [accountId, name, version, reached, digest]);
}

/** Whether its rows are those that the journal makes. An account without entries needs none. */
export function* follows(
  connection: Statements,
  accountId: string,
  projection: Pick<Projection, 'name' | 'version'>,
): Steps<boolean> {
  if ((yield* reachedBy(connection, accountId, projection)) === null) return true;
  const end = yield* connection.first<{ seq: number }>(getJournalEnd, [accountId]);
  return (end?.seq ?? 0) === 0;
}

/** @throws StoreConflict 'rebuilding' when its rows are not those that the journal makes, yet */
export function* requireFollowing(
  connection: Statements,
  accountId: string,
  projection: Pick<Projection, 'name' | 'version'>,
): Steps<void> {
  if (yield* follows(connection, accountId, projection)) return;
  throw new StoreConflict(
    'rebuilding',
    `Account ${accountId}: ${projection.name} is being made anew from the journal. Ask again in a moment; if that was interrupted, "parley rebuild ${accountId}" does it.`,
  );
}
