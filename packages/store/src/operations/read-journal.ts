/** Reads journals and snapshots, and checks what was read: here, so that the event loop does not. */
import type { DamageReport } from '../damage.js';
import { isIntact, lossDigest, pieceDigest } from '../integrity/digests.js';
import type { AcceptedLoss, JournalPosition } from '../integrity/position.js';
import type { StoredEntry } from '../integrity/stored-entry.js';
import { type JournalFacts, type Walked, type WalkState, walk } from '../integrity/walk.js';
import { getAccount } from '../sql/account-get.js';
import { getChat } from '../sql/chat-get.js';
import { journalChatPage } from '../sql/journal-chat-page.js';
import { getJournalEnd } from '../sql/journal-end-get.js';
import { findJournalEntries } from '../sql/journal-find.js';
import { lastJournalSeq } from '../sql/journal-last-seq.js';
import { listJournalLosses } from '../sql/journal-loss-list.js';
import { countJournalRange } from '../sql/journal-range-count.js';
import { journalPage } from '../sql/journal-page.js';
import { lostJournalRange } from '../sql/journal-lost-range.js';
import { listSnapshots } from '../sql/snapshot-list.js';
import { snapshotPiecePage } from '../sql/snapshot-piece-page.js';
import type { JournalEntry } from '../port/entries.js';
import type { StoredSnapshot } from '../port/snapshots.js';
import { readChatEntries } from './chat-entries.js';
import type { Statements, Steps } from './steps.js';
import type {
  ChatPage,
  CheckedPiece,
  FoundPage,
  ReadAnswer,
  ReadRequest,
} from '../group-commit/messages.js';

export function* openJournal(
  connection: Statements,
  accountId: string,
): Steps<ReadAnswer<'openJournal'>> {
  const facts: JournalFacts = {
    end: yield* connection.first<JournalPosition>(getJournalEnd, [accountId]),
    last: (yield* connection.first<{ seq: number }>(lastJournalSeq, [accountId]))?.seq ?? 0,
    losses: yield* readLosses(connection, accountId),
    isBegun: (yield* connection.first(getAccount, [accountId])) !== null,
  };
  return { facts, snapshots: yield* connection.all<StoredSnapshot>(listSnapshots, [accountId]) };
}

interface LossRow {
  readonly seq: number;
  readonly until: number;
  readonly resumeSeq: number;
  readonly resumeChain: string;
  readonly digest: string;
}

/** Without those whose record is damaged itself: then the loss shows again. */
export function* readLosses(connection: Statements, accountId: string): Steps<AcceptedLoss[]> {
  return (yield* connection.all<LossRow>(listJournalLosses, [accountId]))
    .map(({ seq, until, resumeSeq, resumeChain, digest }) => ({
      loss: { seq, until, resume: { seq: resumeSeq, chain: resumeChain } },
      digest,
    }))
    .filter(({ loss, digest }) => lossDigest(accountId, loss) === digest)
    .map(({ loss }) => loss);
}

/** Of a page, after so many characters no further entries are read: it is sent to the other thread whole. */
const PAGE_CHARS = 256 * 1024;
/** Entries read at once, so that a page is not much larger. */
const AT_ONCE = 20;

/** At most so many entries, and fewer where they are large. */
export function* walkPage(connection: Statements, from: WalkState, limit: number): Steps<Walked> {
  const following: StoredEntry[] = [];
  for (let chars = 0; following.length < limit && chars < PAGE_CHARS; ) {
    const after = following.at(-1)?.seq ?? from.seq;
    const wanted = Math.min(AT_ONCE, limit - following.length);
    const some = yield* connection.all<StoredEntry>(journalPage, [from.accountId, after, wanted]);
    following.push(...some);
    for (const { data } of some) chars += data.length;
    if (some.length < wanted) break;
  }
  return walk(from, following);
}

export function* piecePage(
  connection: Statements,
  { accountId, snapshot, after, limit }: ReadRequest<'piecePage'>,
): Steps<CheckedPiece[]> {
  return (yield* connection.all<Omit<CheckedPiece, 'good'>>(snapshotPiecePage, [
    accountId,
    snapshot,
    after,
    limit,
  ])).map((stored) => {
    const { piece, digest, data } = stored;
    return { ...stored, good: pieceDigest({ accountId, snapshot, piece }, data) === digest };
  });
}

export function* chatPage(
  connection: Statements,
  { accountId, chatId, after, limit }: ReadRequest<'chatPage'>,
): Steps<ChatPage> {
  const stored = yield* connection.all<StoredEntry>(journalChatPage, [
    accountId,
    chatId,
    after,
    limit,
  ]);
  const losses = yield* readLosses(connection, accountId);
  const entries: JournalEntry[] = [];
  const damage: DamageReport[] = [];
  const digests: string[] = [];
  for (const each of stored) {
    const { seq } = each;
    if (isLost(losses, seq)) continue;
    digests.push(each.digest ?? '');
    if (isIntact(accountId, each)) entries.push(entryOf(each));
    else damage.push({ kind: 'altered', accountId, seq, until: seq });
  }
  const recorded = yield* readChatEntries(connection, accountId, chatId);
  const isIndexed = (yield* connection.first(getChat, [accountId, chatId])) !== null;
  const reached = stored.at(-1)?.seq ?? null;
  return { entries, damage, lossy: losses.length > 0, reached, digests, recorded, isIndexed };
}

/** Looks through a piece of a journal for entries of some types that hold one of some texts. */
export function* findPage(
  connection: Statements,
  { accountId, after, span, types, holding }: ReadRequest<'findPage'>,
): Steps<FoundPage> {
  const end = (yield* connection.first<JournalPosition>(getJournalEnd, [accountId]))?.seq ?? 0;
  const reached = Math.min(after + span, end);
  const losses = yield* readLosses(connection, accountId);
  const stored = yield* connection.all<StoredEntry>(findJournalEntries, [
    ...[accountId, after, reached, JSON.stringify(types)],
    holding === null ? null : JSON.stringify(holding),
  ]);
  const entries: JournalEntry[] = [];
  const damage: DamageReport[] = [];
  for (const each of stored) {
    const { seq } = each;
    if (isLost(losses, seq)) continue;
    if (isIntact(accountId, each)) entries.push(entryOf(each));
    else damage.push({ kind: 'altered', accountId, seq, until: seq });
  }
  // One that cannot be found would be left as it is.
  const there = yield* connection.first<{ entries: number }>(countJournalRange, [
    accountId,
    after,
    reached,
  ]);
  const gone = losses.reduce((sum, { seq, until }) => {
    return sum + Math.max(0, Math.min(reached, until) - Math.max(after, seq - 1));
  }, 0);
  if ((there?.entries ?? 0) + gone < reached - after) {
    damage.push({
      kind: 'missing',
      accountId,
      seq: after + 1,
      until: reached,
      why: 'some of them',
    });
  }
  const lost: number[] = [];
  for (const { seq, until } of losses) {
    const stretch = [Math.max(after, seq - 1), Math.min(reached, until)];
    const range = [accountId, ...stretch];
    const rows = yield* connection.all<{ seq: number }>(lostJournalRange, range);
    lost.push(...rows.map((row) => row.seq));
  }
  return { entries, lost, lossy: losses.length > 0, damage, reached, ended: reached >= end };
}

/** Whether an entry is among those whose loss was accepted. */
export function isLost(losses: readonly AcceptedLoss[], seq: number): boolean {
  return losses.some((loss) => loss.seq <= seq && seq <= loss.until);
}

/** An entry without its checksums. */
export function entryOf({ seq, at, type, version, chatId, data }: StoredEntry): JournalEntry {
  return { seq, at, type, version, chatId, data };
}
