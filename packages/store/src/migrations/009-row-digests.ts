import type { Migration } from './migration.js';

/**
 * Room for the digest of every row that is no journal, and for the tally of the rows that an account
 * has of a table. The next step fills them.
 */
export const rowDigests: Migration = {
  version: 9,
  name: 'row digests',
  sql: `
alter table account add column digest text;
alter table answered_request add column digest text;
alter table audit add column digest text;
alter table chat_index add column digest text;
alter table config_item add column digest text;
alter table config_kind add column digest text;
alter table login add column digest text;
alter table journal_erased add column digest text;

create table tally (
  account_id text not null,
  subject text not null,
  count bigint not null,
  sum text not null,
  digest text not null,
  primary key (account_id, subject)
);
`,
};
