/** Reads journals and snapshots, and checks what was read: here, so that the event loop does not. */
import type { DamageReport } from '../damage.js';
import { isIntact, pieceDigest } from '../integrity/digests.js';
import type { JournalPosition } from '../integrity/position.js';
import type { StoredEntry } from '../integrity/stored-entry.js';
import { type JournalFacts, type Walked, type WalkState, walk } from '../integrity/walk.js';
import { getAccount } from '../sql/account-get.js';
import { getChat } from '../sql/chat-get.js';
import { journalChatPage } from '../sql/journal-chat-page.js';
import { getJournalEnd } from '../sql/journal-end-get.js';
import { lastJournalSeq } from '../sql/journal-last-seq.js';
import { journalPage } from '../sql/journal-page.js';
import { lostJournalRange } from '../sql/journal-lost-range.js';
import { listSnapshots } from '../sql/snapshot-list.js';
import { snapshotPiecePage } from '../sql/snapshot-piece-page.js';
import type { JournalEntry } from '../port/entries.js';
import type { StoredSnapshot } from '../port/snapshots.js';
import { readChatEntries } from './chat-entries.js';
import { entryOf, isLost, readLosses } from './losses.js';
import { inOrder } from './in-order.js';
import { readPortion } from './read-portion.js';
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
    const found = yield* connection.all<StoredEntry>(journalPage, [from.accountId, after, wanted]);
    const { rows: some, isCut } = inOrder(found, after, ({ seq }) => seq);
    following.push(...some);
    for (const { data } of some) chars += data.length;
    if (some.length < wanted || isCut) break;
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
  const found = yield* connection.all<StoredEntry>(journalChatPage, [
    accountId,
    chatId,
    after,
    limit,
  ]);
  const { rows: stored, isCut } = inOrder(found, after, ({ seq }) => seq);
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
  // What is behind an entry that is out of place is not looked for: the record shows that it is missing.
  const reached = isCut ? null : (stored.at(-1)?.seq ?? null);
  return { entries, damage, lossy: losses.length > 0, reached, digests, recorded, isIndexed };
}

/**
 * Looks through a piece of a journal for entries of some types that hold one of some texts. Each entry
 * of the piece is checked before it is chosen or passed over: a damaged one may say of itself what it
 * likes.
 * @throws StoreDamage naming the first that is missing or is not as it was written
 */
export function* findPage(
  connection: Statements,
  { accountId, after, span, types, holding }: ReadRequest<'findPage'>,
): Steps<FoundPage> {
  const end = (yield* connection.first<JournalPosition>(getJournalEnd, [accountId]))?.seq ?? 0;
  const range = { after, limit: span, end };
  const { entries, reached } = yield* readPortion(connection, accountId, range);
  const losses = yield* readLosses(connection, accountId);
  const lost: number[] = [];
  for (const { seq, until } of losses) {
    const stretch = [Math.max(after, seq - 1), Math.min(reached, until)];
    const rows = yield* connection.all<{ seq: number }>(lostJournalRange, [accountId, ...stretch]);
    lost.push(...rows.map((row) => row.seq));
  }
  const wanted = new Set(types);
  const found = entries.filter(
    ({ type, data }) =>
      wanted.has(type) && (holding === null || holding.some((text) => data.includes(text))),
  );
  return { entries: found, lost, lossy: losses.length > 0, reached, ended: reached >= end };
}
