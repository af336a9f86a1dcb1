/** Entries of the journal as events. */
import { type AccountEvent, decode, UnreadableEvent } from '@parley/engine';
import { type JournalEntry, StoreDamage } from '@parley/store';

/** @throws StoreDamage naming the entry and why it cannot be read, and nothing that it holds. */
export function readEntry(
  accountId: string,
  { seq, type, version, data }: JournalEntry,
): AccountEvent {
  try {
    return decode(type, version, data);
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    const { because, message: why } = error;
    const kind = because === 'newer' ? 'newer' : 'unreadable';
    throw new StoreDamage({ kind, accountId, seq, until: seq, why });
  }
}
