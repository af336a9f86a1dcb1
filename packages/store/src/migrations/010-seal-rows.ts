import type { AnsweredRequest } from '../port/answered.js';
import { NOTHING_TALLIED, Tallying } from '../integrity/rows.js';
import { inOrder, requireInOrder } from '../operations/in-order.js';
import { statements } from '../operations/steps.js';
import type { Connection } from '../sqlite/connection.js';
import {
  accountDigest,
  answeredDigest,
  auditDigest,
  type ChatRow,
  chatDigest,
  erasedUntilDigest,
  itemDigest,
  kindDigest,
  loginDigest,
} from '../operations/row-digests.js';
import { type Tallied, TALLIED_FROM_THE_START, writeTally } from '../operations/tally.js';
import type { StoredAuditEntry } from '../port/configuration.js';
import type { LoginRecord } from '../port/logins.js';
import type { Migration, MigrationProgress } from './migration.js';

/** Rows of one transaction: enough that waiting for the disk is little of it. */
const AT_ONCE = 5_000;

/** A table whose rows get their digests. */
interface Unsealed<Row> {
  readonly table: string;
  /** What its rows are tallied as; null when they are not. */
  readonly tallied: Tallied | null;
  /** Its columns, by the names that the digest knows them by. */
  readonly columns: string;
  readonly digest: (accountId: string, row: Row) => string;
}

const account: Unsealed<{ createdAt: number }> = {
  table: 'account',
  tallied: 'account',
  columns: 'created_at as "createdAt"',
  digest: (accountId, { createdAt }) => accountDigest(accountId, createdAt),
};

const configItem: Unsealed<Parameters<typeof itemDigest>[1]> = {
  table: 'config_item',
  tallied: 'config_item',
  columns: 'kind, id, revision, deleted, name_key as "nameKey", data',
  digest: itemDigest,
};

const configKind: Unsealed<Parameters<typeof kindDigest>[1]> = {
  table: 'config_kind',
  tallied: 'config_kind',
  columns: 'kind, revision, next_id as "nextId"',
  digest: kindDigest,
};

const audit: Unsealed<StoredAuditEntry> = {
  table: 'audit',
  tallied: 'audit',
  columns: 'id, at, actor, action, target, origin as "from", detail',
  digest: (accountId, entry) => auditDigest(accountId, entry.id, entry),
};

const chats: Unsealed<ChatRow> = {
  table: 'chat_index',
  tallied: 'chat_index',
  columns:
    'chat_id as "chatId", visitor_id as "visitorId", started_at as "startedAt", ended_at as "endedAt"',
  digest: chatDigest,
};

const login: Unsealed<LoginRecord> = {
  table: 'login',
  tallied: null,
  columns: `bearer_hash as "bearerHash", cookie_hash as "cookieHash", csrf_hash as "csrfHash",
    user_id as "userId", created_at as "createdAt", expires_at as "expiresAt", ttl`,
  digest: loginDigest,
};

const erasedUntil: Unsealed<{ seq: number }> = {
  table: 'journal_erased',
  tallied: null,
  columns: 'seq',
  digest: (accountId, { seq }) => erasedUntilDigest(accountId, seq),
};

const answered: Unsealed<AnsweredRequest> = {
  table: 'answered_request',
  tallied: null,
  columns: 'request_key as "key", caller, body, at, answer',
  digest: answeredDigest,
};

/**
 * Gives every row of before its digest, and every account the tallies of its rows. An interruption
 * begins again: the digests are the same. What was damaged before cannot be known.
 */
export const sealRows: Migration = {
  version: 10,
  name: 'digests of rows that were there',
  fill(connection, onProgress) {
    const tallies = new Map<string, Map<Tallied, Tallying>>();
    fillTable(connection, account, tallies, onProgress);
    fillTable(connection, configItem, tallies, onProgress);
    fillTable(connection, configKind, tallies, onProgress);
    fillTable(connection, audit, tallies, onProgress);
    fillTable(connection, chats, tallies, onProgress);
    fillTable(connection, login, tallies, onProgress);
    fillTable(connection, answered, tallies, onProgress);
    fillTable(connection, erasedUntil, tallies, onProgress);
    connection.execute('begin immediate');
    for (const [accountId, ofAccount] of tallies) {
      const isAccount = ofAccount.has('account');
      for (const subject of isAccount ? TALLIED_FROM_THE_START : []) {
        connection.do(writeTally(statements, accountId, subject, NOTHING_TALLIED));
      }
      for (const [subject, { tally }] of ofAccount) {
        connection.do(writeTally(statements, accountId, subject, tally));
      }
    }
    connection.execute('commit');
  },
};

function fillTable<Row>(
  connection: Connection,
  { table, tallied, columns, digest }: Unsealed<Row>,
  tallies: Map<string, Map<Tallied, Tallying>>,
  onProgress: MigrationProgress,
): void {
  const counted = connection.first<{ rows: number }>(`select count(*) as "rows" from ${table}`);
  const of = counted?.rows ?? 0;
  let done = 0;
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const found = connection.all<Row & { readonly row: number; readonly accountId: string }>(
      `select rowid as "row", account_id as "accountId", ${columns}
       from ${table} where rowid > $1 order by rowid limit $2`,
      [after, AT_ONCE],
    );
    const page = requireInOrder(
      table,
      inOrder(found, after, ({ row }) => row),
    );
    connection.execute('begin immediate');
    for (const row of page) {
      const made = digest(row.accountId, row);
      connection.run(`update ${table} set digest = $1 where rowid = $2`, [made, row.row]);
      if (tallied !== null) tallyingOf(tallies, row.accountId, tallied).add(made);
      after = row.row;
    }
    connection.execute('commit');
    done += page.length;
    if (page.length < AT_ONCE) break;
    onProgress(done, of);
  }
}

function tallyingOf(
  tallies: Map<string, Map<Tallied, Tallying>>,
  accountId: string,
  subject: Tallied,
): Tallying {
  const ofAccount = tallies.get(accountId) ?? new Map<Tallied, Tallying>();
  tallies.set(accountId, ofAccount);
  const tallying = ofAccount.get(subject) ?? new Tallying();
  ofAccount.set(subject, tallying);
  return tallying;
}
