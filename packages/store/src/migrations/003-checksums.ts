import type { Migration } from './migration.js';

/**
 * Room for checksums: of each journal entry, of how far a journal has come, of the pieces that
 * snapshots are kept in from now on. A snapshot of before is one in one piece. The next step fills
 * the checksums in.
 *
 * `digest` comes before `data`: so it is read without reading the text.
 */
export const checksums: Migration = {
  version: 3,
  name: 'checksums',
  sql: `
alter table journal add column salt text;
alter table journal add column digest text;

create table journal_end (
  account_id text not null,
  seq bigint not null,
  chain text not null,
  primary key (account_id)
);

create table journal_loss (
  account_id text not null,
  seq bigint not null,
  until bigint not null,
  resume_seq bigint not null,
  resume_chain text not null,
  digest text not null,
  primary key (account_id, seq)
);

create table snapshot_piece (
  account_id text not null,
  snapshot_id bigint not null,
  piece bigint not null,
  digest text not null,
  data text not null,
  primary key (account_id, snapshot_id, piece)
);

insert into snapshot_piece (account_id, snapshot_id, piece, digest, data)
select account_id, row_number() over (partition by account_id order by seq), 1, '', data
from snapshot;

alter table snapshot rename to snapshot_in_one;

create table snapshot (
  account_id text not null,
  id bigint not null,
  seq bigint not null,
  at bigint not null,
  version bigint not null,
  pieces bigint not null,
  chars bigint not null,
  chain text not null,
  digest text,
  primary key (account_id, id)
);

insert into snapshot (account_id, id, seq, at, version, pieces, chars, chain, digest)
select account_id, row_number() over (partition by account_id order by seq), seq, at, 1, 1,
  length(data), '', ''
from snapshot_in_one;

drop table snapshot_in_one;
`,
};
