import type { Migration } from './migration.js';

/**
 * The copy of the journal takes its place. The index of chats and the pieces of snapshots are made
 * anew for the same reason that the journal was copied for. The pages of the old journal are
 * overwritten by the next step, a few at a time: at once they would fill the write-ahead log.
 *
 * `journal_erased` records how far each journal was looked through for what is too old to be kept.
 * `visitor_erasure` holds who is to be erased until that is done, so that an interruption is gone on
 * from; its digest shows whether a row is as it was written.
 */
export const erasure: Migration = {
  version: 6,
  name: 'erasure',
  sql: `
pragma secure_delete = off;
drop table journal;
pragma secure_delete = on;

alter table journal_copy rename to journal;
create index journal_chat on journal (account_id, chat_id, seq) where chat_id is not null;

create table journal_erased (
  account_id text not null,
  seq bigint not null,
  primary key (account_id)
);

create table visitor_erasure (
  account_id text not null,
  visitor_id text not null,
  data text not null,
  digest text not null,
  primary key (account_id, visitor_id)
);

alter table chat_index rename to chat_index_before;
drop index chat_index_visitor;

create table chat_index (
  account_id text not null,
  chat_id text not null,
  visitor_id text not null,
  started_at bigint not null,
  ended_at bigint,
  primary key (account_id, chat_id)
);

insert into chat_index (account_id, chat_id, visitor_id, started_at, ended_at)
select account_id, chat_id, visitor_id, started_at, ended_at
from chat_index_before
order by rowid;

create index chat_index_visitor on chat_index (account_id, visitor_id, started_at);

drop table chat_index_before;

alter table snapshot_piece rename to snapshot_piece_before;

create table snapshot_piece (
  account_id text not null,
  snapshot_id bigint not null,
  piece bigint not null,
  digest text not null,
  data text not null,
  primary key (account_id, snapshot_id, piece)
);

insert into snapshot_piece (account_id, snapshot_id, piece, digest, data)
select account_id, snapshot_id, piece, digest, data
from snapshot_piece_before
order by rowid;

drop table snapshot_piece_before;
`,
};
