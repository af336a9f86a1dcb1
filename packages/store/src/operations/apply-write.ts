import { StoreDamage } from '../damage.js';
import { NOTHING_TALLIED } from '../integrity/rows.js';
import { createAccount } from '../sql/account-create.js';
import { StoreConflict } from '../port/errors.js';
import { applyConfigWrite } from './apply-config-write.js';
import { beginRebuild, emptyProjection, projectOn } from '../projections/rebuild.js';
import { recountChat } from './recount-chat.js';
import { advanceCursor } from './cursors.js';
import { endLease, renewAll, takeLease } from './leases.js';
import { putRest } from './rest.js';
import { erase, forgetSnapshots } from './erase.js';
import { keepLogin, removeLogins } from './logins.js';
import type { SharedWrite, WriteRequest } from '../group-commit/messages.js';
import { accountDigest } from './row-digests.js';
import { settleRecords } from './settle-records.js';
import { readTally, TALLIED_FROM_THE_START, TallyChange, writeTally } from './tally.js';
import type { Steps } from './steps.js';
import type { WriteGroup } from './write-group.js';
import {
  acceptLoss,
  append,
  begin,
  beginJournal,
  finish,
  prune,
  writeAppended,
  writePieces,
} from './write-journal.js';

/**
 * Does one write within the open transaction and returns its answer.
 * @throws StoreConflict when it is refused, StoreDamage when what it builds on is damaged; it has then
 *   changed nothing.
 */
export function* applyWrite(group: WriteGroup, request: SharedWrite): Steps<unknown> {
  // Whatever else is done reads what was appended before it.
  if (request.do !== 'append') yield* writeAppended(group);
  switch (request.do) {
    case 'append':
      return yield* append(group, request);
    case 'beginSnapshot':
      return yield* begin(group, request);
    case 'writePieces':
      return yield* writePieces(group, request);
    case 'finishSnapshot':
      return yield* finish(group, request);
    case 'prunePieces':
      return yield* prune(group, request.accountId);
    case 'acceptLoss':
      return yield* acceptLoss(group, request);
    case 'erase':
      return yield* erase(group.connection, request);
    case 'forgetSnapshots':
      return yield* forgetSnapshots(group.connection, request);
    case 'advanceCursor': {
      const { accountId, name, seq } = request;
      return yield* advanceCursor(group.connection, accountId, name, seq);
    }
    case 'takeLease':
      return yield* takeLease(group, request);
    case 'renewLeases':
      return yield* renewAll(group, request);
    case 'releaseLease':
      return yield* endLease(group, request);
    case 'putRest':
      return yield* putRest(group.connection, request);
    case 'beginRebuild':
      return yield* beginRebuild(group, request);
    case 'emptyProjection':
      return yield* emptyProjection(group, request);
    case 'projectOn':
      return yield* projectOn(group, request);
    case 'writeConfig':
      return yield* writeConfig(group, request);
    case 'createAccount': {
      const { accountId, createdAt } = request;
      yield* makeAccount(group, accountId, createdAt);
      return null;
    }
    case 'putLogin':
      yield* keepLogin(group, request.accountId, request.login);
      return null;
    case 'deleteLogin':
      return yield* removeLogins(group, request.accountId, 'one', request.bearerHash);
    case 'deleteLoginsOfUser':
      return yield* removeLogins(group, request.accountId, 'of a user', request.userId);
    case 'purgeLogins':
      yield* removeLogins(group, request.accountId, 'expired', request.now);
      return null;
    case 'settleRecords':
      return yield* settleRecords(group, request.accountId, request.records);
    case 'recountChat':
      return yield* recountChat(group, request);
    default:
      return request satisfies never;
  }
}

/** @throws StoreConflict when there is one of this id, if only its tallies. */
function* makeAccount(group: WriteGroup, accountId: string, createdAt: number): Steps<void> {
  const { connection } = group;
  const digest = accountDigest(accountId, createdAt);
  const isTaken = (yield* readTally(connection, accountId, 'account')) !== null;
  if (isTaken || (yield* connection.run(createAccount, [accountId, createdAt, digest])) === 0) {
    throw new StoreConflict('name', `The account ${accountId} exists already.`);
  }
  const change = new TallyChange();
  change.add(digest);
  yield* change.write(connection, accountId, 'account');
  // So that it is noticed when all rows of a table are gone.
  for (const subject of TALLIED_FROM_THE_START) {
    if ((yield* readTally(connection, accountId, subject)) === null) {
      yield* writeTally(connection, accountId, subject, NOTHING_TALLIED);
    }
  }
  yield* beginJournal(group, accountId);
  group.changed.add(accountId);
}

function* writeConfig(group: WriteGroup, request: WriteRequest<'writeConfig'>): Steps<unknown> {
  const { accountId, write } = request;
  // A later change of the same write may be refused after earlier ones were made.
  yield* group.connection.control('savepoint config_write');
  try {
    const written = yield* applyConfigWrite(group.connection, accountId, write);
    yield* group.connection.control('release savepoint config_write');
    if (write.changes.length > 0) group.changed.add(accountId);
    return written;
  } catch (error) {
    if (error instanceof StoreConflict || error instanceof StoreDamage) {
      yield* group.connection.control('rollback to config_write; release savepoint config_write');
    }
    throw error;
  }
}
