import { journalConfigurationLogins } from './001-journal-configuration-logins.js';
import { chatIndex } from './002-chat-index.js';
import { checksums } from './003-checksums.js';
import { seal } from './004-seal.js';
import { journalCopy } from './005-journal-copy.js';
import { erasure } from './006-erasure.js';
import { freePages } from './007-free-pages.js';
import { answeredRequests } from './008-answered-requests.js';
import { rowDigests } from './009-row-digests.js';
import { sealRows } from './010-seal-rows.js';
import { projectionsAndRest } from './011-projections.js';
import { chatEntries } from './012-chat-entries.js';
import { tallyAll } from './013-tally-all.js';
import { leases } from './014-leases.js';
import { loginSignOuts } from './015-login-sign-outs.js';
import type { Migration } from './migration.js';

/** Every migration, oldest first. The last one's version is the version this build understands. */
export const migrations: readonly [Migration, ...Migration[]] = [
  journalConfigurationLogins,
  chatIndex,
  checksums,
  seal,
  journalCopy,
  erasure,
  freePages,
  answeredRequests,
  rowDigests,
  sealRows,
  projectionsAndRest,
  chatEntries,
  tallyAll,
  leases,
  loginSignOuts,
];

/** Where the migrations applied to a database are recorded; created before the first of them. */
export const migrationTable = `
create table if not exists schema_migration (
  version bigint not null,
  name text not null,
  applied_at bigint not null,
  primary key (version)
);
`;
