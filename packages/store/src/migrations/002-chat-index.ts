import type { Migration } from './migration.js';

/**
 * Which chats a visitor had: written with the journal entries that begin and end a chat, in the same
 * transaction, so that a visitor's chats are found without reading the journal.
 */
export const chatIndex: Migration = {
  version: 2,
  name: 'chat index',
  sql: `
create table chat_index (
  account_id text not null,
  chat_id text not null,
  visitor_id text not null,
  started_at bigint not null,
  ended_at bigint,
  primary key (account_id, chat_id)
);

create index chat_index_visitor on chat_index (account_id, visitor_id, started_at);
`,
};
