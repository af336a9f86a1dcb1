import type { JournalEntry, LoginRecord, Store } from '../src/index.js';

/** One engine's place to keep data, for the length of a test. */
export interface StoreUnderTest {
  /** Opens a store on the same data as before, as another process would. */
  open(): Promise<Store>;
  /** Closes what is open and removes the data. */
  destroy(): Promise<void>;
}

/** Entries `from` … `from + count - 1`, each distinguished by its data. */
export function entries(
  from: number,
  count = 1,
  rest: Partial<JournalEntry> = {},
): readonly JournalEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    seq: from + index,
    at: 1_700_000_000_000 + from + index,
    type: 'chat.line',
    version: 1,
    chatId: null,
    data: JSON.stringify({ text: `line ${from + index}` }),
    ...rest,
  }));
}

/** The entry that a chat of a visitor begins with. */
export function chatBegan(
  seq: number,
  chatId: string,
  at: number,
  visitorId = 'vera',
): JournalEntry {
  const data = JSON.stringify({ type: 'chat.requested', chatId, visitor: { visitorId } });
  return { seq, at, type: 'chat.requested', version: 1, chatId, data };
}

/** The entry that a chat ends with. */
export function chatEnded(seq: number, chatId: string, at: number): JournalEntry {
  const data = JSON.stringify({ type: 'chat.ended', chatId });
  return { seq, at, type: 'chat.ended', version: 1, chatId, data };
}

/** Takes a snapshot of what is there: the journal must end at `seq`. */
export async function takeSnapshot(
  store: Store,
  accountId: string,
  seq: number,
  pieces: readonly string[] = [`as of ${seq}`],
): Promise<void> {
  const writer = await store.journal.beginSnapshot(accountId, { seq, at: seq, version: 1 });
  await writer.write(pieces);
  await writer.finish();
}

/** Everything that `load` gives: the newest snapshot, and the pages put together. */
export async function loadAll(store: Store, accountId: string) {
  const journal = await store.journal.load(accountId);
  const [newest = null] = journal.snapshots;
  const pieces: string[] = [];
  if (newest !== null) for await (const piece of journal.pieces(newest)) pieces.push(piece);
  const pages: (readonly JournalEntry[])[] = [];
  for await (const { entries: page } of journal.entriesAfter(newest)) pages.push(page);
  const snapshot = newest === null ? null : { seq: newest.seq, at: newest.at, pieces };
  return { snapshot, pages, entries: pages.flat() };
}

/** The positions that an account's journal holds after its newest snapshot. */
export async function seqs(store: Store, accountId: string): Promise<number[]> {
  return (await loadAll(store, accountId)).entries.map((entry) => entry.seq);
}

export function login(letter: string, rest: Partial<LoginRecord> = {}): LoginRecord {
  return {
    bearerHash: letter.repeat(64),
    cookieHash: 'c'.repeat(64),
    csrfHash: 'd'.repeat(64),
    userId: 7,
    createdAt: 1_000,
    expiresAt: 5_000,
    ttl: 4_000,
    ...rest,
  };
}
