import {
  chainStart,
  digestOfPieces,
  entryDigest,
  NO_PIECES,
  newSalt,
  nextChain,
  pieceDigest,
  snapshotDigest,
} from '../integrity/digests.js';
import type { JournalPosition } from '../integrity/position.js';
import { inOrder, requireInOrder } from '../operations/in-order.js';
import { accountsWithJournal } from '../sql/journal-accounts.js';
import { countJournal } from '../sql/journal-count.js';
import { getJournalEnd } from '../sql/journal-end-get.js';
import { putJournalEnd } from '../sql/journal-end-put.js';
import { sealJournalEntry } from '../sql/journal-seal.js';
import { journalSealPage } from '../sql/journal-seal-page.js';
import { listSnapshots } from '../sql/snapshot-list.js';
import { snapshotPiecePage } from '../sql/snapshot-piece-page.js';
import { sealSnapshotPiece } from '../sql/snapshot-piece-seal.js';
import { sealSnapshot } from '../sql/snapshot-seal.js';
import type { Connection } from '../sqlite/connection.js';
import type { JournalEntry } from '../port/entries.js';
import type { StoredSnapshot } from '../port/snapshots.js';
import type { Migration, MigrationProgress } from './migration.js';

/** Entries of one transaction: enough that waiting for the disk is little of it. */
const AT_ONCE = 5_000;

/**
 * Gives every entry and snapshot of before its checksum, so that from now on one rule holds for all:
 * without a good checksum it is damaged. What was damaged before cannot be known.
 */
export const seal: Migration = {
  version: 4,
  name: 'checksums of what was there',
  fill(connection, onProgress) {
    const of = connection.first<{ entries: number }>(countJournal)?.entries ?? 0;
    let done = 0;
    const progress: MigrationProgress = (entries) => {
      done += entries;
      onProgress(done, of);
    };
    for (const { accountId } of connection.all<{ accountId: string }>(accountsWithJournal)) {
      sealAccount(connection, accountId, progress);
    }
  },
};

function sealAccount(connection: Connection, accountId: string, progress: MigrationProgress): void {
  const snapshots = connection.all<StoredSnapshot>(listSnapshots, [accountId]);
  const unsealed = new Map(
    snapshots.filter(({ digest }) => digest === '').map((snapshot) => [snapshot.seq, snapshot]),
  );
  const recorded = connection.first<JournalPosition>(getJournalEnd, [accountId]);
  let end = recorded ?? { seq: 0, chain: chainStart(accountId) };
  if (recorded !== null) progress(recorded.seq, 0);
  for (;;) {
    const found = connection.all<JournalEntry>(journalSealPage, [accountId, end.seq, AT_ONCE]);
    const page = requireInOrder(
      'journal',
      inOrder(found, end.seq, ({ seq }) => seq),
    );
    connection.execute('begin immediate');
    for (const entry of page) {
      const salt = newSalt();
      const digest = entryDigest(accountId, entry, salt);
      connection.run(sealJournalEntry, [salt, digest, accountId, entry.seq]);
      end = { seq: entry.seq, chain: nextChain(end.chain, digest) };
      const snapshot = unsealed.get(entry.seq);
      if (snapshot !== undefined) sealOne(connection, accountId, { ...snapshot, chain: end.chain });
      unsealed.delete(entry.seq);
    }
    connection.run(putJournalEnd, [accountId, end.seq, end.chain]);
    connection.execute('commit');
    progress(page.length, 0);
    if (page.length < AT_ONCE) break;
  }
  // One of a position that the journal does not have: a load will say so.
  for (const snapshot of unsealed.values()) sealOne(connection, accountId, snapshot);
}

function sealOne(connection: Connection, accountId: string, snapshot: StoredSnapshot): void {
  const { id } = snapshot;
  let ofPieces = NO_PIECES;
  for (let piece = 1; piece <= snapshot.pieces; piece += 1) {
    const [stored] = connection.all<{ data: string }>(snapshotPiecePage, [
      accountId,
      id,
      piece - 1,
      1,
    ]);
    const digest = pieceDigest({ accountId, snapshot: id, piece }, stored?.data ?? '');
    ofPieces = digestOfPieces(ofPieces, digest);
    connection.run(sealSnapshotPiece, [digest, accountId, id, piece]);
  }
  const digest = snapshotDigest(accountId, snapshot, ofPieces);
  connection.run(sealSnapshot, [snapshot.chain, digest, accountId, id]);
}
