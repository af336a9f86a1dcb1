/**
 * Makes a projection of an account anew, a portion in each transaction, while the account goes on: it
 * stops following, is emptied, comes from the journal's begin to its end, and follows again. Of two who
 * do that at once the later one goes on, and the other one is refused.
 */
import type { ReadAnswer, WriteAnswer, WriteRequest } from '../group-commit/messages.js';
import type { JournalPosition } from '../integrity/position.js';
import { NOTHING_TALLIED } from '../integrity/rows.js';
import { readPortion } from '../operations/read-portion.js';
import { writeTally } from '../operations/tally.js';
import type { WriteGroup } from '../operations/write-group.js';
import { StoreConflict } from '../port/errors.js';
import { getJournalEnd } from '../sql/journal-end-get.js';
import type { Statements, Steps } from '../operations/steps.js';
import { projectionNamed, projections } from './all.js';
import { applyEntries } from './follow.js';
import type { Projection } from './projection.js';
import { EMPTYING, follows, reachedBy, writeReached } from './state.js';

/** Rows removed at once: bounds how long that keeps commits waiting. */
const EMPTIED_AT_ONCE = 1_000;

/** The projections of an account that do not follow its journal, by their names. */
export function* projectionsBehind(
  connection: Statements,
  accountId: string,
): Steps<ReadAnswer<'projectionsBehind'>> {
  const behind: string[] = [];
  for (const projection of projections) {
    if (!(yield* follows(connection, accountId, projection))) behind.push(projection.name);
  }
  return behind;
}

/** It stops following. */
export function* beginRebuild(
  { connection, followers }: WriteGroup,
  { accountId, name }: WriteRequest<'beginRebuild'>,
): Steps<null> {
  yield* writeReached(connection, accountId, projectionNamed(name), EMPTYING);
  followers.delete(accountId);
  return null;
}

/** Removes some rows; answers whether there may be more. @throws StoreConflict when another one began */
export function* emptyProjection(
  { connection }: WriteGroup,
  { accountId, name }: WriteRequest<'emptyProjection'>,
): Steps<boolean> {
  const projection = projectionNamed(name);
  yield* requireReached(connection, accountId, projection, EMPTYING);
  if ((yield* projection.clear(connection, accountId, EMPTIED_AT_ONCE)) === EMPTIED_AT_ONCE)
    return true;
  yield* writeTally(connection, accountId, projection.tallied, NOTHING_TALLIED);
  yield* writeReached(connection, accountId, projection, 0);
  return false;
}

/**
 * Takes in the next entries; at the journal's end it follows from there on.
 * @throws StoreConflict when another one began meanwhile, StoreDamage where the journal is not as it
 *   was written
 */
export function* projectOn(
  { connection, followers }: WriteGroup,
  { accountId, name, from, span }: WriteRequest<'projectOn'>,
): Steps<WriteAnswer<'projectOn'>> {
  const projection = projectionNamed(name);
  yield* requireReached(connection, accountId, projection, from);
  const of = (yield* connection.first<JournalPosition>(getJournalEnd, [accountId]))?.seq ?? 0;
  const { entries, reached } = yield* readPortion(connection, accountId, {
    after: from,
    limit: span,
    end: of,
  });
  yield* applyEntries(connection, accountId, projection, entries);
  const done = reached >= of;
  yield* writeReached(connection, accountId, projection, done ? null : reached);
  followers.delete(accountId);
  return { reached, of, done };
}

function* requireReached(
  connection: Statements,
  accountId: string,
  projection: Projection,
  expected: number,
): Steps<void> {
  if ((yield* reachedBy(connection, accountId, projection)) === expected) return;
  throw new StoreConflict(
    'rebuilding',
    `Account ${accountId}: ${projection.name} is being made anew by somebody else by now.`,
  );
}
