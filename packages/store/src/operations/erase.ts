/** What takes something away for good: the writes, within the open transaction of their group. */
import { erasedDigest } from '../integrity/digests.js';
import type { StoredEntry } from '../integrity/stored-entry.js';
import { eraseJournalEntry } from '../sql/journal-erase.js';
import { getJournalEntry } from '../sql/journal-get.js';
import { forgetSnapshot } from '../sql/snapshot-forget.js';
import { listAllSnapshots } from '../sql/snapshot-list-all.js';
import type { ListedSnapshot } from '../port/snapshots.js';
import { removeChats } from '../projections/chats-by-visitor.js';
import type { Connection } from '../sqlite/connection.js';
import type { WriteRequest } from '../group-commit/messages.js';
import { advanceCursor, RETENTION } from './cursors.js';
import { beginVisitorErasure, endVisitorErasure } from './visitor-erasures.js';

export function erase(connection: Connection, request: WriteRequest<'erase'>): null {
  const { accountId, erasure } = request;
  const { entries, chats = [], until, begins, ends } = erasure;
  for (const { seq, data } of entries) {
    const stored = connection.first<StoredEntry>(getJournalEntry, [accountId, seq]);
    if (stored === null) continue;
    // Without a digest it is damaged, and stays so.
    const { digest } = stored;
    const erased = digest === null ? null : erasedDigest(accountId, { ...stored, data }, digest);
    connection.run(eraseJournalEntry, [data, erased, accountId, seq]);
  }
  removeChats(connection, accountId, chats);
  if (until !== undefined) advanceCursor(connection, accountId, RETENTION, until);
  if (begins !== undefined) beginVisitorErasure(connection, accountId, begins);
  if (ends !== undefined) endVisitorErasure(connection, accountId, ends);
  return null;
}

/** Unfinished ones too. */
export function snapshotsOf(connection: Connection, accountId: string): ListedSnapshot[] {
  const stored = connection.all<
    Omit<ListedSnapshot, 'isFinished'> & { readonly digest: string | null }
  >(listAllSnapshots, [accountId]);
  return stored.map(({ digest, ...snapshot }) => ({ ...snapshot, isFinished: digest !== null }));
}

export function forgetSnapshots(
  connection: Connection,
  { accountId, ids }: WriteRequest<'forgetSnapshots'>,
): null {
  for (const id of ids) connection.run(forgetSnapshot, [accountId, id]);
  return null;
}
