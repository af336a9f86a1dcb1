/**
 * How many entries the journal has of each chat, recorded apart: the entries of one chat are found by an
 * index, which nothing else is compared with.
 */
import { sameTally, type Tally, Tallying } from '../integrity/rows.js';
import { getChatEntries } from '../sql/chat-entries-get.js';
import { putChatEntries } from '../sql/chat-entries-put.js';
import type { PlainStatements, Statements, Steps } from './steps.js';
import { chatEntriesDigest } from './row-digests.js';

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
  const digest = chatEntriesDigest(accountId, chatId, tally);
  yield* connection.run(putChatEntries, [accountId, chatId, tally.count, tally.sum, digest]);
}

/** Chats whose records are remembered; all are forgotten when there are more. */
const MAX_KNOWN = 20_000;

interface Known {
  readonly accountId: string;
  readonly chatId: string;
  /** A record that is damaged stays so. */
  readonly tallying: Tallying | 'damaged';
}

/**
 * The records of the chats that are written to, kept from group to group: each is read once, and written
 * once for all of a group's entries.
 */
export class ChatEntries {
  readonly #known = new Map<string, Known>();
  readonly #changed = new Set<Known>();

  /**
   * Counts an entry of a chat. A record that is gone will not fit.
   * @param digest of the entry
   */
  *add(
    connection: Statements,
    accountId: string,
    { chatId, digest }: { readonly chatId: string; readonly digest: string },
  ): Steps<void> {
    const key = `${accountId} ${chatId}`;
    let known = this.#known.get(key);
    if (known === undefined) {
      const before = yield* readChatEntries(connection, accountId, chatId);
      const tallying = before === 'damaged' ? before : new Tallying(before ?? undefined);
      known = { accountId, chatId, tallying };
      this.#known.set(key, known);
    }
    if (known.tallying === 'damaged') return;
    known.tallying.add(digest);
    this.#changed.add(known);
  }

  /** Writes what was counted. */
  *write(connection: Statements): Steps<void> {
    for (const { accountId, chatId, tallying } of this.#changed) {
      if (tallying === 'damaged') continue;
      yield* writeChatEntries(connection, accountId, chatId, tallying.tally);
    }
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
