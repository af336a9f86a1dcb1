import { createAccount } from '../sql/account-create.js';
import { beginChat } from '../sql/chat-begin.js';
import { endChat } from '../sql/chat-end.js';
import { appendJournal } from '../sql/journal-append.js';
import { lastJournalSeq } from '../sql/journal-last-seq.js';
import { deleteLogin } from '../sql/login-delete.js';
import { deleteLoginsOfUser } from '../sql/login-delete-of-user.js';
import { purgeLogins } from '../sql/login-purge.js';
import { putLogin } from '../sql/login-put.js';
import { pruneSnapshots } from '../sql/snapshot-prune.js';
import { saveSnapshot } from '../sql/snapshot-save.js';
import { type ChatMark, type LoginRecord, type Snapshot, StoreConflict } from '../types.js';
import { applyConfigWrite } from './apply-config-write.js';
import type { Connection } from './connection.js';
import { ENTRY_FIELDS, type JournalValue, type WriteRequest } from './messages.js';

/** What the writes of one group share while their transaction is open. */
export interface WriteGroup {
  readonly connection: Connection;
  /** The position that journals have reached, as far as known; kept from group to group. */
  readonly journalEnds: Map<string, number>;
  /** Accounts whose append was refused in this group: their later appends build on it. */
  readonly refused: Map<string, StoreConflict>;
  /** Accounts whose configuration, logins or existence this group changes. */
  readonly changed: Set<string>;
}

/**
 * Does one write within the open transaction and returns its answer.
 * @throws StoreConflict when it is refused; it has then changed nothing.
 */
export function applyWrite(group: WriteGroup, request: WriteRequest): unknown {
  switch (request.do) {
    case 'append':
      append(group, request.accountId, request.values);
      for (const mark of request.marks ?? []) noteChat(group, request.accountId, mark);
      return null;
    case 'saveSnapshot':
      return keepSnapshot(group, request.accountId, request.snapshot);
    case 'writeConfig':
      return writeConfig(group, request);
    case 'createAccount': {
      const { accountId, createdAt } = request;
      if (group.connection.run(createAccount, [accountId, createdAt]) === 0) {
        throw new StoreConflict('name', `The account ${accountId} exists already.`);
      }
      group.changed.add(accountId);
      return null;
    }
    case 'putLogin':
      group.connection.run(putLogin, loginParameters(request.accountId, request.login));
      group.changed.add(request.accountId);
      return null;
    case 'deleteLogin':
      return removed(group, request.accountId, deleteLogin, request.bearerHash);
    case 'deleteLoginsOfUser':
      removed(group, request.accountId, deleteLoginsOfUser, request.userId);
      return null;
    case 'purgeLogins':
      removed(group, request.accountId, purgeLogins, request.now);
      return null;
    default:
      return request satisfies never;
  }
}

/**
 * The transaction already holds the database's write lock, so what is compared here cannot change
 * before the commit: no entry is ever written beside another's, and none behind a gap.
 */
function append(group: WriteGroup, accountId: string, values: readonly JournalValue[]): void {
  const earlier = group.refused.get(accountId);
  if (earlier !== undefined) throw earlier;
  const first = values[0];
  if (typeof first !== 'number') return;
  const end = journalEnd(group, accountId);
  if (first !== end + 1) {
    const conflict = new StoreConflict('fenced', fencedMessage(accountId, first, end));
    group.refused.set(accountId, conflict);
    throw conflict;
  }
  for (let at = 0; at < values.length; at += ENTRY_FIELDS) {
    group.connection.run(appendJournal, [accountId, ...values.slice(at, at + ENTRY_FIELDS)]);
  }
  group.journalEnds.set(accountId, end + values.length / ENTRY_FIELDS);
}

function noteChat({ connection }: WriteGroup, accountId: string, mark: ChatMark): void {
  const { chatId, at } = mark;
  if (mark.mark === 'began') connection.run(beginChat, [accountId, chatId, mark.visitorId, at]);
  else connection.run(endChat, [at, accountId, chatId]);
}

function fencedMessage(accountId: string, first: number, end: number): string {
  return first <= end
    ? `Account ${accountId}: journal entry ${first} is taken already (the journal ends at ${end}), so another process writes this account. Load the account again.`
    : `Account ${accountId}: journal entry ${first} does not follow the last one, ${end}: an entry before it was never written. Load the account again.`;
}

function keepSnapshot(group: WriteGroup, accountId: string, snapshot: Snapshot): null {
  const earlier = group.refused.get(accountId);
  if (earlier !== undefined) throw earlier;
  const end = journalEnd(group, accountId);
  if (snapshot.seq > end) {
    throw new StoreConflict(
      'fenced',
      `Account ${accountId}: a snapshot as of entry ${snapshot.seq} was refused, for the journal ends at ${end}: its last events were never written. Load the account again.`,
    );
  }
  group.connection.run(saveSnapshot, [accountId, snapshot.seq, snapshot.at, snapshot.data]);
  group.connection.run(pruneSnapshots, [accountId]);
  return null;
}

function journalEnd(group: WriteGroup, accountId: string): number {
  const known = group.journalEnds.get(accountId);
  if (known !== undefined) return known;
  const row = group.connection.first<{ seq: number }>(lastJournalSeq, [accountId]);
  const end = row?.seq ?? 0;
  group.journalEnds.set(accountId, end);
  return end;
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
    if (error instanceof StoreConflict) {
      group.connection.execute('rollback to config_write; release config_write');
    }
    throw error;
  }
}

function removed(group: WriteGroup, accountId: string, sql: string, which: string | number) {
  const found = group.connection.run(sql, [accountId, which]) > 0;
  if (found) group.changed.add(accountId);
  return found;
}

function loginParameters(accountId: string, login: LoginRecord): (string | number)[] {
  return [
    accountId,
    login.bearerHash,
    login.cookieHash,
    login.csrfHash,
    login.userId,
    login.createdAt,
    login.expiresAt,
    login.ttl,
  ];
}
