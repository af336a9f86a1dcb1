/**
 * How many entries the journal has of each chat, recorded apart: the entries of one chat are found by an
 * index, which nothing else is compared with.
 */
import { sameTally, type Tally, Tallying } from '../integrity/rows.js';
import { getChatEntries } from '../sql/chat-entries-get.js';
import { putChatEntries } from '../sql/chat-entries-put.js';
import type { PlainStatements, Statements, Steps } from './steps.js';
import type { WriteRequest } from '../group-commit/messages.js';
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

/** Entries of one append, by chat. */
export class ChatEntriesChange {
  readonly #digests = new Map<string, string[]>();

  /** @param digest of an entry of the chat */
  add(chatId: string, digest: string): void {
    const known = this.#digests.get(chatId);
    if (known === undefined) this.#digests.set(chatId, [digest]);
    else known.push(digest);
  }

  /** Records them. A record that is damaged stays so, and one that is gone will not fit. */
  *write(connection: Statements, accountId: string): Steps<void> {
    for (const [chatId, digests] of this.#digests) {
      const before = yield* readChatEntries(connection, accountId, chatId);
      if (before === 'damaged') continue;
      const tallying = new Tallying(before ?? undefined);
      for (const digest of digests) tallying.add(digest);
      yield* writeChatEntries(connection, accountId, chatId, tallying.tally);
    }
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

/** Records a chat's entries anew, unless some were added since `was` was read. */
export function* recountChat(
  connection: Statements,
  { accountId, chatId, was, tally }: WriteRequest<'recountChat'>,
): Steps<boolean> {
  if (!isSameRecord(yield* readChatEntries(connection, accountId, chatId), was)) return false;
  yield* writeChatEntries(connection, accountId, chatId, tally);
  return true;
}
