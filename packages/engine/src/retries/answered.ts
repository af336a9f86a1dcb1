/** Requests that come again: found in their records, or in the feed where they brought an entry. */
import type { AccountCommand } from '../commands.js';
import type { AccountState } from '../state.js';
import type { Idempotency, RetryRefused } from './request.js';
import { RETRY_LIFE_MS, type Repeated } from './retries.js';

/**
 * What the request was answered, if it came before.
 * @param chatId the chat that it is about, if one
 * @param now epoch ms
 */
export function answeredBefore(
  { retries, chats }: Pick<AccountState, 'retries' | 'chats'>,
  { key, body }: Pick<Idempotency, 'key' | 'body'>,
  chatId: string | null,
  now: number,
): Repeated | Extract<RetryRefused, { rejected: 'key-reused' }> | null {
  const record = retries.records.get(key);
  if (record !== undefined && now < record.at + RETRY_LIFE_MS) {
    return record.body === body ? { reply: record.reply } : { rejected: 'key-reused' };
  }
  const eventId = chatId === null ? undefined : retries.entry(chatId, key);
  if (chatId === null || eventId === undefined) return null;
  const print = chats.get(chatId)?.feed[eventId]?.retry;
  return print === key + body ? { reply: { eventId } } : { rejected: 'key-reused' };
}

/** Whether the command's request is kept with the entry that it brings. */
export function isKeptInFeed({ type }: AccountCommand): boolean {
  return type === 'chat.addLine' || type === 'chat.end';
}
