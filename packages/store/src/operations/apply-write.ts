import { StoreDamage } from '../damage.js';
import { NOTHING_TALLIED } from '../integrity/rows.js';
import { createAccount } from '../sql/account-create.js';
import { StoreConflict } from '../port/errors.js';
import { applyConfigWrite } from './apply-config-write.js';
import { beginRebuild, emptyProjection, projectOn } from '../projections/rebuild.js';
import { recountChat } from './chat-entries.js';
import { advanceCursor } from './cursors.js';
import { putRest } from './rest.js';
import { erase, forgetSnapshots } from './erase.js';
import { rebuildIndexes } from './index-damage.js';
import { keepLogin, removeLogins } from './logins.js';
import type { WriteRequest } from '../group-commit/messages.js';
import { accountDigest } from './row-digests.js';
import { settleRecords } from './settle-records.js';
import { readTally, TALLIED_FROM_THE_START, TallyChange, writeTally } from './tally.js';
import { wipePages } from '../sqlite/wipe-pages.js';
import type { WriteGroup } from './write-group.js';
import {
  acceptLoss,
  append,
  begin,
  beginJournal,
  finish,
  prune,
  writePieces,
} from './write-journal.js';

/**
 * Does one write within the open transaction and returns its answer.
 * @throws StoreConflict when it is refused, StoreDamage when what it builds on is damaged; it has then
 *   changed nothing.
 */
export function applyWrite(group: WriteGroup, request: WriteRequest): unknown {
  switch (request.do) {
    case 'append':
      return append(group, request);
    case 'beginSnapshot':
      return begin(group, request);
    case 'writePieces':
      return writePieces(group, request);
    case 'finishSnapshot':
      return finish(group, request);
    case 'prunePieces':
      return prune(group, request.accountId);
    case 'acceptLoss':
      return acceptLoss(group, request);
    case 'erase':
      return erase(group.connection, request);
    case 'forgetSnapshots':
      return forgetSnapshots(group.connection, request);
    case 'wipePages':
      return wipePages(group.connection, request);
    case 'advanceCursor': {
      const { accountId, name, seq } = request;
      return advanceCursor(group.connection, accountId, name, seq);
    }
    case 'putRest':
      return putRest(group.connection, request);
    case 'beginRebuild':
      return beginRebuild(group, request);
    case 'emptyProjection':
      return emptyProjection(group, request);
    case 'projectOn':
      return projectOn(group, request);
    case 'writeConfig':
      return writeConfig(group, request);
    case 'createAccount': {
      const { accountId, createdAt } = request;
      makeAccount(group, accountId, createdAt);
      return null;
    }
    case 'putLogin':
      keepLogin(group, request.accountId, request.login);
      return null;
    case 'deleteLogin':
      return removeLogins(group, request.accountId, 'one', request.bearerHash);
    case 'deleteLoginsOfUser':
      return removeLogins(group, request.accountId, 'of a user', request.userId);
    case 'purgeLogins':
      removeLogins(group, request.accountId, 'expired', request.now);
      return null;
    case 'settleRecords':
      return settleRecords(group, request.accountId, request.records);
    case 'rebuildIndexes':
      return rebuildIndexes(group.connection, request.table);
    case 'recountChat':
      return recountChat(group.connection, request);
    default:
      return request satisfies never;
  }
}

/** @throws StoreConflict when there is one of this id, if only its tallies. */
function makeAccount(group: WriteGroup, accountId: string, createdAt: number): void {
  const { connection } = group;
  const digest = accountDigest(accountId, createdAt);
  const isTaken = readTally(connection, accountId, 'account') !== null;
  if (isTaken || connection.run(createAccount, [accountId, createdAt, digest]) === 0) {
    throw new StoreConflict('name', `The account ${accountId} exists already.`);
  }
  const change = new TallyChange();
  change.add(digest);
  change.write(connection, accountId, 'account');
  // So that it is noticed when all rows of a table are gone.
  for (const subject of TALLIED_FROM_THE_START) {
    if (readTally(connection, accountId, subject) === null) {
      writeTally(connection, accountId, subject, NOTHING_TALLIED);
    }
  }
  beginJournal(group, accountId);
  group.changed.add(accountId);
}

function writeConfig(group: WriteGroup, request: WriteRequest<'writeConfig'>): unknown {
  const { accountId, write } = request;
  // A later change of the same write may be refused after earlier ones were made.
  group.connection.execute('savepoint config_write');
  try {
    const written = applyConfigWrite(group.connection, accountId, write);
    group.connection.execute('release config_write');
    if (write.changes.length > 0) group.changed.add(accountId);
    return written;
  } catch (error) {
    if (error instanceof StoreConflict || error instanceof StoreDamage) {
      group.connection.execute('rollback to config_write; release config_write');
    }
    throw error;
  }
}
