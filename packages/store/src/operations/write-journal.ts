/** Writes of journals and snapshots, within the open transaction of their group. */
import {
  chainStart,
  entryDigest,
  lossDigest,
  newSalt,
  nextChain,
  pieceDigest,
  snapshotDigest,
} from '../integrity/digests.js';
import type { JournalPosition } from '../integrity/position.js';
import { appendJournal } from '../sql/journal-append.js';
import { getJournalEnd } from '../sql/journal-end-get.js';
import { putJournalEnd } from '../sql/journal-end-put.js';
import { lastJournalSeq } from '../sql/journal-last-seq.js';
import { putJournalLoss } from '../sql/journal-loss-put.js';
import { beginSnapshot } from '../sql/snapshot-begin.js';
import { finishSnapshot } from '../sql/snapshot-finish.js';
import { forgetSnapshot } from '../sql/snapshot-forget.js';
import { forgetBegunSnapshots } from '../sql/snapshot-forget-begun.js';
import { getSnapshot } from '../sql/snapshot-get.js';
import { lastSnapshotId } from '../sql/snapshot-last-id.js';
import { pruneSnapshotPieces } from '../sql/snapshot-piece-prune.js';
import { putSnapshotPiece } from '../sql/snapshot-piece-put.js';
import { pruneSnapshots } from '../sql/snapshot-prune.js';
import { StoreConflict } from '../port/errors.js';
import type { StoredSnapshot } from '../port/snapshots.js';
import { addAudit } from './audit.js';
import { isProjected } from '../projections/all.js';
import { follow, type ProjectedEntry } from '../projections/follow.js';
import type { JournalEntry } from '../port/entries.js';
import { requireLease } from './leases.js';
import { settleRecords } from './settle-records.js';
import type { Steps } from './steps.js';
import { ofEachSize, writeRows } from './write-rows.js';
import type { WriteGroup } from './write-group.js';
import { ENTRY_FIELDS, type JournalValue, type WriteRequest } from '../group-commit/messages.js';

/**
 * Pieces removed at once: bounds how long the removal keeps commits waiting. What is removed is
 * overwritten, so each is written to the disk once more, some 64 KiB of it.
 */
const PRUNED_AT_ONCE = 4;

/**
 * The transaction already holds the database's write lock, so what is compared here cannot change
 * before the commit: no entry is ever written beside another's, and none behind a gap.
 */
export function* append(group: WriteGroup, request: WriteRequest<'append'>): Steps<null> {
  const { accountId, epoch, values } = request;
  throwEarlier(group, accountId);
  if (epoch !== null && group.epochs.get(accountId) !== epoch) {
    yield* requireOwner(group, accountId, epoch);
  }
  const first = values[0];
  if (typeof first === 'number') {
    let end = yield* journalEnd(group, accountId);
    if (first !== end.seq + 1) {
      const reason = first <= end.seq ? 'fenced' : 'gap';
      throw refuse(group, accountId, fencedMessage(accountId, first, end.seq), reason);
    }
    const isFirst = end.seq === 0;
    const projected: ProjectedEntry[] = [];
    for (let at = 0; at < values.length; at += ENTRY_FIELDS) {
      const entry = entryOf(values, at);
      end = yield* appendOne(group, accountId, entry, end);
      if (isProjected(entry.type)) projected.push(entry);
    }
    group.journalEnds.set(accountId, end);
    group.appended.add(accountId);
    yield* follow(group, accountId, projected, isFirst);
  }
  return null;
}

function entryOf(values: readonly JournalValue[], from: number): JournalEntry {
  return {
    seq: values[from] as number,
    at: values[from + 1] as number,
    type: values[from + 2] as string,
    version: values[from + 3] as number,
    chatId: values[from + 4] as string | null,
    data: values[from + 5] as string,
  };
}

/** @throws StoreConflict 'leased' when the writer has not the account's lease any more */
function* requireOwner(group: WriteGroup, accountId: string, epoch: number): Steps<void> {
  try {
    yield* requireLease(group, accountId, epoch);
  } catch (error) {
    if (error instanceof StoreConflict) group.refused.set(accountId, error);
    throw error;
  }
}

function* appendOne(
  { connection, journalRows, chatEntries }: WriteGroup,
  accountId: string,
  entry: JournalEntry,
  end: JournalPosition,
): Steps<JournalPosition> {
  const { seq, at, type, version, chatId, data } = entry;
  const salt = newSalt();
  const digest = entryDigest(accountId, entry, salt);
  journalRows.push(accountId, seq, at, type, version, chatId, salt, digest, data);
  if (chatId !== null && !chatEntries.count(accountId, chatId, digest)) {
    yield* chatEntries.read(connection, accountId, chatId);
    chatEntries.count(accountId, chatId, digest);
  }
  return { seq, chain: nextChain(end.chain, digest) };
}

const APPENDS = ofEachSize(appendJournal);
/** Columns of an entry, as `appendJournal` takes them. */
const COLUMNS = 9;

/** Writes the entries of all appends so far: to be called before anything but another append is done. */
export function* writeAppended({ connection, journalRows }: WriteGroup): Steps<void> {
  if (journalRows.length === 0) return;
  const values = journalRows.splice(0);
  yield* writeRows(connection, APPENDS, COLUMNS, values);
}

/** Records that a new account's journal has no entries: later it is missed when it is gone. */
export function* beginJournal(group: WriteGroup, accountId: string): Steps<void> {
  yield* journalEnd(group, accountId);
  group.appended.add(accountId);
}

/**
 * Records how far the journals have come that this group appended to, and how many entries their chats
 * have: once for all its appends.
 */
export function* recordEnds(group: WriteGroup): Steps<void> {
  const { connection, appended, journalEnds, chatEntries } = group;
  yield* writeAppended(group);
  yield* chatEntries.write(connection);
  for (const accountId of appended) {
    const end = journalEnds.get(accountId);
    if (end !== undefined) yield* connection.run(putJournalEnd, [accountId, end.seq, end.chain]);
  }
}

/** How far the account's journal has come; its start when there is none. */
function* journalEnd(group: WriteGroup, accountId: string): Steps<JournalPosition> {
  const known = group.journalEnds.get(accountId);
  if (known !== undefined) return known;
  const { connection } = group;
  const recorded = yield* connection.first<JournalPosition>(getJournalEnd, [accountId]);
  const last = (yield* connection.first<{ seq: number }>(lastJournalSeq, [accountId]))?.seq ?? 0;
  const end = recorded ?? { seq: 0, chain: chainStart(accountId) };
  if (last > end.seq) {
    throw refuse(
      group,
      accountId,
      `Account ${accountId}: the journal is recorded to end at entry ${end.seq}, but there is an entry ${last}: it is damaged. Load the account again.`,
    );
  }
  group.journalEnds.set(accountId, end);
  return end;
}

export function* begin(group: WriteGroup, request: WriteRequest<'beginSnapshot'>): Steps<number> {
  const { connection } = group;
  const { accountId, seq, at, version } = request;
  throwEarlier(group, accountId);
  const end = yield* journalEnd(group, accountId);
  if (seq !== end.seq) {
    throw new StoreConflict(
      'fenced',
      `Account ${accountId}: a snapshot as of entry ${seq} was refused, for the journal ends at ${end.seq}. Load the account again.`,
    );
  }
  yield* connection.run(forgetBegunSnapshots, [accountId]);
  const id = ((yield* connection.first<{ id: number }>(lastSnapshotId, [accountId]))?.id ?? 0) + 1;
  yield* connection.run(beginSnapshot, [accountId, id, seq, at, version, end.chain]);
  return id;
}

export function* writePieces(
  group: WriteGroup,
  request: WriteRequest<'writePieces'>,
): Steps<string[]> {
  const { accountId, snapshot, first, pieces } = request;
  throwEarlier(group, accountId);
  yield* requireBegun(group, accountId, snapshot);
  const digests: string[] = [];
  for (const [index, data] of pieces.entries()) {
    const piece = first + index;
    const digest = pieceDigest({ accountId, snapshot, piece }, data);
    yield* group.connection.run(putSnapshotPiece, [accountId, snapshot, piece, digest, data]);
    digests.push(digest);
  }
  return digests;
}

export function* finish(group: WriteGroup, request: WriteRequest<'finishSnapshot'>): Steps<null> {
  const { accountId, snapshot, pieces, chars, ofPieces } = request;
  throwEarlier(group, accountId);
  const begun = yield* requireBegun(group, accountId, snapshot);
  const digest = snapshotDigest(accountId, { ...begun, pieces, chars }, ofPieces);
  yield* group.connection.run(finishSnapshot, [pieces, chars, digest, accountId, snapshot]);
  yield* group.connection.run(pruneSnapshots, [accountId]);
  return null;
}

export function* prune({ connection }: WriteGroup, accountId: string): Steps<boolean> {
  return (
    (yield* connection.run(pruneSnapshotPieces, [accountId, PRUNED_AT_ONCE])) === PRUNED_AT_ONCE
  );
}

/** @throws StoreConflict when another snapshot was begun meanwhile, which took its place. */
function* requireBegun(
  { connection }: WriteGroup,
  accountId: string,
  id: number,
): Steps<StoredSnapshot> {
  const found = yield* connection.first<StoredSnapshot>(getSnapshot, [accountId, id]);
  if (found !== null && found.digest === null) return found;
  throw new StoreConflict(
    'fenced',
    `Account ${accountId}: snapshot ${id} is not being written any more: another one was begun. Begin a new one.`,
  );
}

export function* acceptLoss(group: WriteGroup, request: WriteRequest<'acceptLoss'>): Steps<null> {
  const { connection } = group;
  const { accountId, acceptance } = request;
  const { recorded, last, losses, end, forget, records = [], audit } = acceptance;
  const now = yield* connection.first<JournalPosition>(getJournalEnd, [accountId]);
  const lastNow = (yield* connection.first<{ seq: number }>(lastJournalSeq, [accountId]))?.seq ?? 0;
  if (now?.seq !== recorded?.seq || now?.chain !== recorded?.chain || lastNow !== last) {
    throw new StoreConflict(
      'fenced',
      `Account ${accountId}: its journal went on meanwhile, so nothing was given up. Look again.`,
    );
  }
  for (const loss of losses) {
    const { seq, until, resume } = loss;
    yield* connection.run(putJournalLoss, [
      ...[accountId, seq, until, resume.seq, resume.chain],
      lossDigest(accountId, loss),
    ]);
  }
  yield* connection.run(putJournalEnd, [accountId, end.seq, end.chain]);
  for (const id of forget) yield* connection.run(forgetSnapshot, [accountId, id]);
  yield* settleRecords(group, accountId, records);
  yield* addAudit(connection, accountId, audit);
  group.journalEnds.delete(accountId);
  group.changed.add(accountId);
  return null;
}

function throwEarlier({ refused }: WriteGroup, accountId: string): void {
  const earlier = refused.get(accountId);
  if (earlier !== undefined) throw earlier;
}

/** Remembers that this account's append was refused: later ones build on it. */
function refuse(
  { refused }: WriteGroup,
  accountId: string,
  message: string,
  reason: 'fenced' | 'gap' = 'gap',
): StoreConflict {
  const conflict = new StoreConflict(reason, message);
  refused.set(accountId, conflict);
  return conflict;
}

function fencedMessage(accountId: string, first: number, end: number): string {
  return first <= end
    ? `Account ${accountId}: journal entry ${first} is taken already (the journal ends at ${end}), so another process writes this account. Load the account again.`
    : `Account ${accountId}: journal entry ${first} does not follow the last one, ${end}: an entry before it was never written. Load the account again.`;
}
