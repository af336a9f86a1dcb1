/** What takes something away for good: the writes, within the open transaction of their group. */
import { erasedDigest, visitorErasureDigest } from '../integrity/digests.js';
import type { StoredEntry } from '../integrity/stored-entry.js';
import { eraseJournalEntry } from '../sql/journal-erase.js';
import { getJournalEntry } from '../sql/journal-get.js';
import { forgetSnapshot } from '../sql/snapshot-forget.js';
import { listAllSnapshots } from '../sql/snapshot-list-all.js';
import { listVisitorErasures } from '../sql/visitor-erasure-list.js';
import { putVisitorErasure } from '../sql/visitor-erasure-put.js';
import { removeVisitorErasure } from '../sql/visitor-erasure-remove.js';
import type { ErasuresUnderWay, VisitorErasure } from '../port/erasing.js';
import type { ListedSnapshot } from '../port/snapshots.js';
import { removeChats } from '../projections/chats-by-visitor.js';
import type { Connection } from '../sqlite/connection.js';
import type { WriteRequest } from '../group-commit/messages.js';
import { advanceCursor, RETENTION } from './cursors.js';

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
  if (begins !== undefined) {
    const { visitorId, data } = begins;
    const digest = visitorErasureDigest(accountId, begins);
    connection.run(putVisitorErasure, [accountId, visitorId, data, digest]);
  }
  if (ends !== undefined) connection.run(removeVisitorErasure, [accountId, ends]);
  return null;
}

/** The erasures of visitors that are under way. */
export function erasuresUnderWay(connection: Connection, accountId: string): ErasuresUnderWay {
  const stored = connection.all<VisitorErasure & { readonly digest: string }>(listVisitorErasures, [
    accountId,
  ]);
  const good = stored.filter((each) => visitorErasureDigest(accountId, each) === each.digest);
  return {
    erasures: good.map(({ visitorId, data }) => ({ visitorId, data })),
    damaged: stored.length - good.length,
  };
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
