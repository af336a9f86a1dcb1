import { copyJournalPortion } from '../sqlite/sql/journal-copy.js';
import { countJournal } from '../sql/journal-count.js';
import type { Connection } from '../sqlite/connection.js';
import type { Migration } from './migration.js';

/** Entries of one transaction: enough that waiting for the disk is little of it. */
const AT_ONCE = 5_000;

/**
 * Copies the journal, for the next step to put the copy in its place. Earlier versions left copies of
 * entries in the pages of the table, where the entries had been before they moved: no erasure finds
 * them there. A table that was only ever appended to, and whose connection overwrites what it removes
 * (`secure_delete`), has none.
 *
 * The copy has room for what is left of erased entries: its digest in `erased`, while `digest` stays as
 * it was.
 *
 * Until it is complete, the table that is copied stays as it is: an upgrade that fails, since the disk
 * is full or the file is damaged, leaves everything to the version before.
 */
export const journalCopy: Migration = {
  version: 5,
  name: 'journal copied',
  fill(connection, onProgress) {
    connection.execute(`
create table if not exists journal_copy (
  account_id text not null,
  seq bigint not null,
  at bigint not null,
  type text not null,
  version bigint not null,
  chat_id text,
  salt text,
  digest text,
  erased text,
  data text not null,
  primary key (account_id, seq)
);
`);
    const of = connection.first<{ entries: number }>(countJournal)?.entries ?? 0;
    let done = 0;
    let copied = copyPortion(connection);
    while (copied > 0) {
      done += copied;
      onProgress(Math.min(done, of), of);
      copied = copyPortion(connection);
    }
  },
};

function copyPortion(connection: Connection): number {
  return connection.run(copyJournalPortion, [AT_ONCE]);
}
