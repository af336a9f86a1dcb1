import type { Migration } from './migration.js';

/** Which process serves an account, and until when nobody else may. */
export const leases: Migration = {
  version: 14,
  name: 'leases of accounts',
  sql: `
create table lease (
  account_id text not null,
  owner text not null,
  epoch bigint not null,
  until bigint not null,
  digest text not null,
  primary key (account_id)
);
`,
};
