/** The journal, spoken to through a queue. */
import { type DamageReport, StoreDamage } from '../damage.js';
import { digestOfPieces, NO_PIECES, snapshotDigest } from '../integrity/digests.js';
import { beginWalk, type JournalFacts, type Walked, type WalkState } from '../integrity/walk.js';
import type { CheckStep } from '../port/check.js';
import type { JournalEntry, JournalPage } from '../port/entries.js';
import type { Journal } from '../port/journal.js';
import type { SnapshotWriter, StoredSnapshot } from '../port/snapshots.js';
import { checkEntries, checkLimit, checkPosition, checkSnapshot } from '../validate.js';
import { checkRows } from './check.js';
import type { CommitQueue } from './commit-queue.js';
import { erasingOn } from './erasing.js';
import type { JournalValue } from './messages.js';
import { readChat } from './read-chat.js';
import type { Repairs } from './repairs.js';

/** How many journal entries are read at once: bounds the time a read keeps commits waiting. */
const PAGE = 500;

/** How many pieces of a snapshot are read at once. */
const PIECES = 4;

export function journalOn(queue: CommitQueue, repairs: Repairs): Journal {
  return {
    async append(accountId, entries, lease) {
      try {
        checkEntries(accountId, entries);
      } catch (error) {
        // The caller's state is ahead of the journal now, as after any other refusal.
        if (error instanceof Error) queue.refuse(accountId, error);
        throw error;
      }
      const epoch = lease?.epoch ?? null;
      await queue.write({ do: 'append', accountId, epoch, values: flatten(entries) });
    },
    async load(accountId) {
      queue.forget(accountId);
      const { facts, snapshots } = await queue.read({ ask: 'openJournal', accountId });
      return {
        snapshots,
        pieces: (snapshot) => piecesOf(queue, accountId, snapshot),
        entriesAfter: (snapshot) => entriesAfter(queue, accountId, facts, snapshot),
      };
    },
    async beginSnapshot(accountId, snapshot) {
      checkSnapshot(accountId, snapshot);
      const id = await queue.write({ do: 'beginSnapshot', accountId, ...snapshot });
      return snapshotWriter(queue, accountId, id);
    },
    readChat: (accountId, chatId) =>
      readChat(queue, repairs, { accountId, chatId }, () => wholeJournal(queue, accountId)),
    async read(accountId, { after, limit }) {
      checkPosition(accountId, 'what the journal is read after', after);
      checkLimit(limit);
      const asked = { accountId, after, limit: Math.min(limit, PAGE) };
      return queue.read({ ask: 'journalPortion', ...asked });
    },
    check: (accountId) => check(queue, accountId),
    async acceptLoss(accountId, acceptance) {
      await queue.write({ do: 'acceptLoss', accountId, acceptance });
    },
    ...erasingOn(queue),
  };
}

async function* piecesOf(
  queue: CommitQueue,
  accountId: string,
  snapshot: StoredSnapshot,
): AsyncGenerator<string> {
  const { id, seq, pieces, digest } = snapshot;
  const damaged = (why: string) =>
    new StoreDamage({ kind: 'snapshot', accountId, seq, until: seq, why });
  let read = 0;
  let ofPieces = NO_PIECES;
  while (read < pieces) {
    const page = await queue.read({
      ...{ ask: 'piecePage', accountId, snapshot: id },
      ...{ after: read, limit: PIECES },
    });
    for (const { piece, good, digest: ofPiece, data } of page) {
      read += 1;
      if (piece !== read) throw damaged(`its piece ${read} of ${pieces} is missing`);
      if (!good) throw damaged(`its piece ${read} does not match its checksum`);
      ofPieces = digestOfPieces(ofPieces, ofPiece);
      yield data;
    }
    if (page.length === 0) throw damaged(`its piece ${read + 1} of ${pieces} is missing`);
  }
  if (snapshotDigest(accountId, snapshot, ofPieces) !== digest) {
    throw damaged('its checksum does not match');
  }
}

async function* entriesAfter(
  queue: CommitQueue,
  accountId: string,
  facts: JournalFacts,
  snapshot: StoredSnapshot | null,
): AsyncGenerator<JournalPage> {
  const start = startOf(accountId, facts, snapshot);
  for await (const { state, entries, damage } of walkOn(queue, start)) {
    const [first] = damage;
    if (first !== undefined) throw new StoreDamage(first);
    yield { entries, reached: state.seq };
  }
}

/** All entries of a journal in order. @throws StoreDamage */
async function* wholeJournal(
  queue: CommitQueue,
  accountId: string,
): AsyncGenerator<readonly JournalEntry[]> {
  const { facts } = await queue.read({ ask: 'openJournal', accountId });
  for await (const { entries } of entriesAfter(queue, accountId, facts, null)) yield entries;
}

function startOf(
  accountId: string,
  facts: JournalFacts,
  snapshot: StoredSnapshot | null,
): WalkState {
  if (snapshot === null) return beginWalk(accountId, facts);
  const { end } = facts;
  if (end === null || end.seq < snapshot.seq) {
    const why =
      end === null
        ? 'there is none, but a snapshot'
        : `it says entry ${end.seq}, but a snapshot is as of entry ${snapshot.seq}`;
    const { seq } = snapshot;
    throw new StoreDamage({ kind: 'no end', accountId, seq, until: seq, why });
  }
  return beginWalk(accountId, facts, snapshot);
}

/** Walks a journal to its end, a page at a time. */
async function* walkOn(queue: CommitQueue, from: WalkState): AsyncGenerator<Walked> {
  let walk = from;
  for (;;) {
    const walked = await queue.read({ ask: 'walkPage', walk, limit: PAGE });
    yield walked;
    if (walked.ended) return;
    walk = walked.state;
  }
}

async function* check(queue: CommitQueue, accountId: string): AsyncGenerator<CheckStep> {
  const { facts, snapshots } = await queue.read({ ask: 'openJournal', accountId });
  const good: StoredSnapshot[] = [];
  for (const snapshot of snapshots) {
    try {
      for await (const piece of piecesOf(queue, accountId, snapshot)) {
        yield { step: 'piece', snapshot, piece };
      }
    } catch (error) {
      if (!(error instanceof StoreDamage)) throw error;
      // A newer one may have taken its place meanwhile; then it is no damage that it is gone.
      const now = await queue.read({ ask: 'openJournal', accountId });
      const isThere = now.snapshots.some(({ id }) => id === snapshot.id);
      if (isThere) yield { step: 'damage', report: error.report };
      continue;
    }
    good.push(snapshot);
    yield { step: 'snapshot', snapshot };
  }
  const { end, last } = facts;
  let state = beginWalk(accountId, facts, undefined, good);
  const positions: number[] = [];
  for await (const { state: reached, entries, damage } of walkOn(queue, state)) {
    state = reached;
    if (entries.length > 0 && Number.isSafeInteger(state.seq)) positions.push(state.seq);
    yield { step: 'entries', entries, reached: state.seq, of: end?.seq ?? last };
    for (const report of damage) yield { step: 'damage', report };
  }
  const beyond = noEndFor(accountId, facts, good);
  if (beyond !== null) yield { step: 'damage', report: beyond };
  for await (const reports of checkRows(queue, accountId, positions)) {
    for (const report of reports) yield { step: 'damage', report };
  }
  yield { step: 'end', recorded: end, last, chain: state.chain };
}

/** A snapshot of what the journal never had: its end is not recorded well. */
function noEndFor(
  accountId: string,
  { end, last }: JournalFacts,
  snapshots: readonly StoredSnapshot[],
): DamageReport | null {
  const newest = snapshots[0]?.seq ?? 0;
  if (newest <= (end?.seq ?? last)) return null;
  return { kind: 'no end', accountId, seq: newest, until: newest };
}

function snapshotWriter(queue: CommitQueue, accountId: string, snapshot: number): SnapshotWriter {
  let written = 0;
  let chars = 0;
  let ofPieces = NO_PIECES;
  return {
    async write(pieces) {
      const first = written + 1;
      written += pieces.length;
      for (const { length } of pieces) chars += length;
      const digests = await queue.write({ do: 'writePieces', accountId, snapshot, first, pieces });
      for (const digest of digests) ofPieces = digestOfPieces(ofPieces, digest);
    },
    async finish() {
      const facts = { pieces: written, chars, ofPieces };
      await queue.write({ do: 'finishSnapshot', accountId, snapshot, ...facts });
      // What it takes the place of goes a little at a time, between the commits of others.
      while (await queue.write({ do: 'prunePieces', accountId }));
    },
  };
}

function flatten(entries: readonly JournalEntry[]): JournalValue[] {
  const values: JournalValue[] = [];
  for (const { seq, at, type, version, chatId, data } of entries) {
    values.push(seq, at, type, version, chatId, data);
  }
  return values;
}
