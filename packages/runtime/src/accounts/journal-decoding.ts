/** Chats that are not in memory any more, from the journal. */
import type { AccountEvent, FeedEntry } from '@parley/engine';
import { type Journal, type JournalEntry, StoreDamage } from '@parley/store';
import { readEntry } from './read-entry.js';
import { Pauses } from '../pauses.js';

/** A chat as the journal has it. */
export interface PastChat {
  readonly entries: readonly JournalEntry[];
  /** One of each entry. */
  readonly events: readonly AccountEvent[];
}

/**
 * Reads a chat from the journal; without any entries when there is none of that id. A long one is read
 * a piece at a time, so that others have their turn.
 * @throws StoreDamage when a part of it is damaged or missing, unless its loss was accepted
 */
export async function readPastChat(
  journal: Journal,
  accountId: string,
  chatId: string,
): Promise<PastChat> {
  const { entries, lossy } = await journal.readChat(accountId, chatId);
  const pauses = new Pauses();
  const events: AccountEvent[] = [];
  for (const entry of entries) {
    events.push(readEntry(accountId, entry));
    await pauses.take();
  }
  if (!lossy) requireWhole(accountId, entries, events);
  return { entries, events };
}

/** The numbers of a feed's events have no gap: so a missing entry shows. */
function requireWhole(
  accountId: string,
  entries: readonly JournalEntry[],
  events: readonly AccountEvent[],
): void {
  let next = 0;
  for (const [index, event] of events.entries()) {
    for (const { id } of 'feed' in event ? event.feed : []) {
      if (id !== next) {
        const seq = entries[index]?.seq ?? 0;
        const why = 'an entry of the same chat before it is missing';
        throw new StoreDamage({ kind: 'unfit', accountId, seq, until: seq, why });
      }
      next += 1;
    }
  }
}

/** The feed of a chat from all of its events. */
export function feedOf(events: readonly AccountEvent[]): readonly FeedEntry[] {
  return events.flatMap((event) => ('feed' in event ? event.feed : []));
}
