import type { Migration } from './migration.js';

/** Which sign-out of its user each login knew of: a later one ends it, whatever the clock says. */
export const loginSignOuts: Migration = {
  version: 15,
  name: 'sign-outs that logins know of',
  sql: `
alter table login add column signed_out_at bigint;
`,
};
