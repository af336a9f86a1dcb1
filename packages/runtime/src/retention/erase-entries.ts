/** Erasing entries of a journal: what is left of each, and a few at a time. */
import { type AccountEvent, eventVersion, withoutPersonalData } from '@parley/engine';
import type { Erasure, Journal, JournalEntry } from '@parley/store';
import { readEntry } from '../accounts/read-entry.js';
import { Pauses } from '../pauses.js';

/** Entries erased at once: bounds how long that keeps others' commits waiting. */
const AT_ONCE = 200;

export type Erased = Erasure['entries'][number];

/**
 * What is to be written in place of an entry; null when it holds nothing personal, or not any more.
 * @param left what is left of its event
 */
export function erasedEntry(
  { seq, data }: JournalEntry,
  event: AccountEvent,
  left = withoutPersonalData(event),
): Erased | null {
  // Nothing personal. An entry of an earlier type or version has another text all the same, and keeps it.
  if (left === event) return null;
  const text = JSON.stringify(left);
  const { type } = left;
  return text === data ? null : { seq, type, version: eventVersion(type), data: text };
}

/** Erases entries, a few at a time. */
export async function eraseEntries(
  journal: Journal,
  accountId: string,
  entries: readonly Erased[],
): Promise<void> {
  for (let first = 0; first < entries.length; first += AT_ONCE) {
    await journal.erase(accountId, { entries: entries.slice(first, first + AT_ONCE) });
  }
}

/**
 * Erases what was said in a chat that is over, and takes it out of the index.
 * @returns how many entries were erased
 * @throws StoreDamage when a part of it is not as it was written
 */
export async function eraseChat(
  journal: Journal,
  accountId: string,
  chatId: string,
): Promise<number> {
  await journal.erase(accountId, { entries: [], chats: [chatId] });
  const { entries } = await journal.readChat(accountId, chatId);
  const pauses = new Pauses();
  const erased: Erased[] = [];
  for (const entry of entries) {
    const left = erasedEntry(entry, readEntry(accountId, entry));
    if (left !== null) erased.push(left);
    await pauses.take();
  }
  await eraseEntries(journal, accountId, erased);
  return erased.length;
}
