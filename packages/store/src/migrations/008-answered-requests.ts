import type { Migration } from './migration.js';

/** What was answered to requests that changed the configuration and may come again. */
export const answeredRequests: Migration = {
  version: 8,
  name: 'answered requests',
  sql: `
create table answered_request (
  account_id text not null,
  request_key text not null,
  caller bigint not null,
  body text not null,
  at bigint not null,
  answer text not null,
  primary key (account_id, request_key)
);

create index answered_request_age on answered_request (account_id, caller, at);
`,
};
