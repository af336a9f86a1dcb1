import { cursorDigest, RETENTION } from '../operations/cursors.js';
import { putCursor } from '../sql/cursor-put.js';
import { accountsWithJournal } from '../sql/journal-accounts.js';
import { putProjection } from '../sql/projection-put.js';
import { projectionDigest } from '../projections/state.js';
import { erasedUntilDigest } from '../operations/row-digests.js';
import type { Connection } from '../sqlite/connection.js';
import type { Migration } from './migration.js';

/** What there was of projections before: the chats by visitor, which followed every journal. */
const CHATS_BY_VISITOR = { name: 'chats-by-visitor', version: 1, reached: null } as const;

/**
 * How far the projections are, how far those who follow journals have come (which was known of one of
 * them before), and which accounts are at rest: that nothing is recorded of, so all are loaded once.
 */
export const projectionsAndRest: Migration = {
  version: 11,
  name: 'projections, cursors, accounts at rest',
  fill(connection) {
    connection.execute('begin immediate');
    try {
      connection.execute(tables);
      followProjections(connection);
      moveCursors(connection);
      connection.execute('drop table if exists journal_erased');
      connection.execute('commit');
    } catch (error) {
      if (connection.inTransaction) connection.execute('rollback');
      throw error;
    }
  },
};

const tables = `
create table if not exists projection (
  account_id text not null,
  name text not null,
  version bigint not null,
  reached bigint,
  digest text not null,
  primary key (account_id, name)
);

create table if not exists journal_cursor (
  account_id text not null,
  name text not null,
  seq bigint not null,
  digest text not null,
  primary key (account_id, name)
);

create table if not exists account_rest (
  account_id text not null,
  seq bigint not null,
  due_at bigint,
  digest text not null,
  primary key (account_id)
);
`;

function followProjections(connection: Connection): void {
  for (const { accountId } of connection.all<{ accountId: string }>(accountsWithJournal)) {
    const { name, version, reached } = CHATS_BY_VISITOR;
    const digest = projectionDigest(accountId, CHATS_BY_VISITOR);
    connection.run(putProjection, [accountId, name, version, reached, digest]);
  }
}

function moveCursors(connection: Connection): void {
  const isThere = connection.first(
    `select name from sqlite_master where type = 'table' and name = 'journal_erased'`,
  );
  if (isThere === null) return;
  const rows = connection.all<{ accountId: string; seq: number; digest: string | null }>(
    'select account_id as "accountId", seq, digest from journal_erased',
  );
  for (const { accountId, seq, digest } of rows) {
    // One that is damaged counts for nothing, and is begun anew.
    if (erasedUntilDigest(accountId, seq) !== digest) continue;
    const made = cursorDigest(accountId, RETENTION, seq);
    connection.run(putCursor, [accountId, RETENTION, seq, made]);
  }
}
