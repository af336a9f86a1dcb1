/** Reads journals and snapshots, and checks what was read: here, so that the event loop does not. */
import type { DamageReport } from '../damage.js';
import { entryDigest, lossDigest, pieceDigest } from '../integrity/digests.js';
import {
  type AcceptedLoss,
  type JournalFacts,
  type JournalPosition,
  type StoredEntry,
  type Walked,
  type WalkState,
  walk,
} from '../integrity/walk.js';
import { journalChatPage } from '../sql/journal-chat-page.js';
import { getJournalEnd } from '../sql/journal-end-get.js';
import { lastJournalSeq } from '../sql/journal-last-seq.js';
import { listJournalLosses } from '../sql/journal-loss-list.js';
import { journalPage } from '../sql/journal-page.js';
import { listSnapshots } from '../sql/snapshot-list.js';
import { snapshotPiecePage } from '../sql/snapshot-piece-page.js';
import type { JournalEntry, StoredSnapshot } from '../types.js';
import type { Connection } from './connection.js';
import type { ChatPage, CheckedPiece, ReadAnswer, ReadRequest } from './messages.js';

export function openJournal(connection: Connection, accountId: string): ReadAnswer<'openJournal'> {
  const facts: JournalFacts = {
    end: connection.first<JournalPosition>(getJournalEnd, [accountId]),
    last: connection.first<{ seq: number }>(lastJournalSeq, [accountId])?.seq ?? 0,
    losses: readLosses(connection, accountId),
  };
  return { facts, snapshots: connection.all<StoredSnapshot>(listSnapshots, [accountId]) };
}

interface LossRow {
  readonly seq: number;
  readonly until: number;
  readonly resumeSeq: number;
  readonly resumeChain: string;
  readonly digest: string;
}

/** Without those whose record is damaged itself: then the loss shows again. */
function readLosses(connection: Connection, accountId: string): AcceptedLoss[] {
  return connection
    .all<LossRow>(listJournalLosses, [accountId])
    .map(({ seq, until, resumeSeq, resumeChain, digest }) => ({
      loss: { seq, until, resume: { seq: resumeSeq, chain: resumeChain } },
      digest,
    }))
    .filter(({ loss, digest }) => lossDigest(accountId, loss) === digest)
    .map(({ loss }) => loss);
}

export function walkPage(connection: Connection, from: WalkState, limit: number): Walked {
  return walk(from, connection.all<StoredEntry>(journalPage, [from.accountId, from.seq, limit]));
}

export function piecePage(
  connection: Connection,
  { accountId, snapshot, after, limit }: ReadRequest<'piecePage'>,
): CheckedPiece[] {
  return connection
    .all<Omit<CheckedPiece, 'good'>>(snapshotPiecePage, [accountId, snapshot, after, limit])
    .map((stored) => {
      const { piece, digest, data } = stored;
      return { ...stored, good: pieceDigest({ accountId, snapshot, piece }, data) === digest };
    });
}

export function chatPage(
  connection: Connection,
  { accountId, chatId, after, limit }: ReadRequest<'chatPage'>,
): ChatPage {
  const stored = connection.all<StoredEntry>(journalChatPage, [accountId, chatId, after, limit]);
  const losses = readLosses(connection, accountId);
  const entries: JournalEntry[] = [];
  const damage: DamageReport[] = [];
  for (const { salt, digest, ...entry } of stored) {
    const { seq } = entry;
    if (losses.some((loss) => loss.seq <= seq && seq <= loss.until)) continue;
    const good = salt !== null && entryDigest(accountId, entry, salt) === digest;
    if (good) entries.push(entry);
    else damage.push({ kind: 'altered', accountId, seq, until: seq });
  }
  return { entries, damage, lossy: losses.length > 0, reached: stored.at(-1)?.seq ?? null };
}
