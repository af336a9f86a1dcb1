/**
 * How many entries the journal has of each chat, recorded apart: the entries of one chat are found by an
 * index, which nothing else is compared with.
 */
import { sameTally, type Tally, Tallying } from '../integrity/rows.js';
import { getChatEntries } from '../sql/chat-entries-get.js';
import { putChatEntries } from '../sql/chat-entries-put.js';
import type { PlainStatements, SqlValue, Statements, Steps } from './steps.js';
import { chatEntriesDigest } from './row-digests.js';
import { ofEachSize, writeRows } from './write-rows.js';

/** What is recorded of a chat; null when nothing is. */
export function* readChatEntries(
  connection: Statements,
  accountId: string,
  chatId: string,
): Steps<Tally | 'damaged' | null> {
  const row = yield* connection.first<Tally & { readonly digest: string }>(getChatEntries, [
    accountId,
    chatId,
  ]);
  if (row === null) return null;
  const { count, sum, digest } = row;
  return chatEntriesDigest(accountId, chatId, row) === digest ? { count, sum } : 'damaged';
}

export function* writeChatEntries(
  connection: PlainStatements,
  accountId: string,
  chatId: string,
  tally: Tally,
): Steps<void> {
  yield* connection.run(PUT_ONE, recordOf(accountId, chatId, tally));
}

/** The columns of a record. */
function recordOf(accountId: string, chatId: string, tally: Tally): SqlValue[] {
  const digest = chatEntriesDigest(accountId, chatId, tally);
  return [accountId, chatId, tally.count, tally.sum, digest];
}

const PUT_ONE = putChatEntries(1);

const PUTS = ofEachSize(putChatEntries);
/** Columns of a record. */
const COLUMNS = 5;

/** Chats whose records are remembered; all are forgotten when there are more. */
const MAX_KNOWN = 20_000;

interface Known {
  readonly accountId: string;
  readonly chatId: string;
  readonly tallying: Tallying;
}

/**
 * The records of the chats that are written to, kept from group to group: each is read once, and written
 * once for all of a group's entries.
 */
export class ChatEntries {
  /** A record that is damaged stays so. */
  readonly #known = new Map<string, Known | 'damaged'>();
  readonly #changed = new Set<Known>();

  /**
   * Counts an entry of a chat whose record is known; false when it is to be read first.
   * @param digest of the entry
   */
  count(accountId: string, chatId: string, digest: string): boolean {
    const known = this.#known.get(`${accountId} ${chatId}`);
    if (known === undefined) return false;
    if (known === 'damaged') return true;
    known.tallying.add(digest);
    this.#changed.add(known);
    return true;
  }

  /** Reads the record of a chat. One that is gone will not fit. */
  *read(connection: Statements, accountId: string, chatId: string): Steps<void> {
    const before = yield* readChatEntries(connection, accountId, chatId);
    const known =
      before === 'damaged'
        ? before
        : { accountId, chatId, tallying: new Tallying(before ?? undefined) };
    this.#known.set(`${accountId} ${chatId}`, known);
  }

  /** Writes what was counted. */
  *write(connection: Statements): Steps<void> {
    if (this.#changed.size === 0) return;
    const records: SqlValue[] = [];
    for (const { accountId, chatId, tallying } of this.#changed) {
      records.push(...recordOf(accountId, chatId, tallying.tally));
    }
    yield* writeRows(connection, PUTS, COLUMNS, records);
    this.#changed.clear();
    if (this.#known.size > MAX_KNOWN) this.#known.clear();
  }

  /** What was known may be out of date, or never came to be. */
  forget(): void {
    this.#known.clear();
    this.#changed.clear();
  }
}

/** Whether the record that is there is the one that was read. */
export function isSameRecord(
  one: Tally | 'damaged' | null,
  other: Tally | 'damaged' | null,
): boolean {
  if (one === null || other === null || one === 'damaged' || other === 'damaged') {
    return one === other;
  }
  return sameTally(one, other);
}
