/** What takes something away for good: the writes, within the open transaction of their group. */
import { erasedDigest } from '../integrity/digests.js';
import type { StoredEntry } from '../integrity/stored-entry.js';
import { eraseJournalEntry } from '../sql/journal-erase.js';
import { getJournalEntry } from '../sql/journal-get.js';
import { forgetSnapshot } from '../sql/snapshot-forget.js';
import { listAllSnapshots } from '../sql/snapshot-list-all.js';
import type { ListedSnapshot } from '../port/snapshots.js';
import { removeChats } from '../projections/chats-by-visitor.js';
import type { Statements, Steps } from './steps.js';
import type { WriteRequest } from '../group-commit/messages.js';
import { advanceCursor, RETENTION } from './cursors.js';
import { beginVisitorErasure, endVisitorErasure } from './visitor-erasures.js';

export function* erase(connection: Statements, request: WriteRequest<'erase'>): Steps<null> {
  const { accountId, erasure } = request;
  const { entries, chats = [], until, begins, ends } = erasure;
  for (const { seq, ...rest } of entries) {
    const stored = yield* connection.first<StoredEntry>(getJournalEntry, [accountId, seq]);
    if (stored === null) continue;
    // Without a digest it is damaged, and stays so.
    const { digest } = stored;
    const left = { ...stored, ...rest };
    const erased = digest === null ? null : erasedDigest(accountId, left, digest);
    yield* connection.run(eraseJournalEntry, [
      left.type,
      left.version,
      left.data,
      erased,
      accountId,
      seq,
    ]);
  }
  yield* removeChats(connection, accountId, chats);
  if (until !== undefined) yield* advanceCursor(connection, accountId, RETENTION, until);
  if (begins !== undefined) yield* beginVisitorErasure(connection, accountId, begins);
  if (ends !== undefined) yield* endVisitorErasure(connection, accountId, ends);
  return null;
}

/** Unfinished ones too. */
export function* snapshotsOf(connection: Statements, accountId: string): Steps<ListedSnapshot[]> {
  const stored = yield* connection.all<
    Omit<ListedSnapshot, 'isFinished'> & { readonly digest: string | null }
  >(listAllSnapshots, [accountId]);
  return stored.map(({ digest, ...snapshot }) => ({ ...snapshot, isFinished: digest !== null }));
}

export function* forgetSnapshots(
  connection: Statements,
  { accountId, ids }: WriteRequest<'forgetSnapshots'>,
): Steps<null> {
  for (const id of ids) yield* connection.run(forgetSnapshot, [accountId, id]);
  return null;
}
