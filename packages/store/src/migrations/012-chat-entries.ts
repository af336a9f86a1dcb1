import type { Migration } from './migration.js';

/** How many entries a journal has of each chat; the next step fills it. */
export const chatEntries: Migration = {
  version: 12,
  name: 'entries of each chat',
  sql: `
create table chat_entries (
  account_id text not null,
  chat_id text not null,
  count bigint not null,
  sum text not null,
  digest text not null,
  primary key (account_id, chat_id)
);
`,
};
