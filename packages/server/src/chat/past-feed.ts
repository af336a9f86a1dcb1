/** Chats that are not in memory any more, from the journal. */
import { type AccountEvent, decode, type FeedEntry, UnreadableEvent } from '@parley/engine';
import type { JournalEntry } from '@parley/store';
import { Pauses } from '../pauses.js';

/** @throws Error naming the entry and why it cannot be read, and nothing that it holds. */
export function eventOf({ seq, type, version, data }: JournalEntry): AccountEvent {
  try {
    return decode(type, version, data);
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    const remedy =
      error.because === 'newer'
        ? 'It was written by a newer Parley: upgrade Parley.'
        : 'It is damaged: restore a backup.';
    throw new Error(`journal entry ${seq} cannot be read: ${error.message}. ${remedy}`);
  }
}

/**
 * All events of a chat. A long one is read a piece at a time, so that others have their turn.
 * @throws Error as `eventOf`
 */
export async function eventsOf(entries: readonly JournalEntry[]): Promise<readonly AccountEvent[]> {
  const pauses = new Pauses();
  const events: AccountEvent[] = [];
  for (const entry of entries) {
    events.push(eventOf(entry));
    await pauses.take();
  }
  return events;
}

/** The feed of a chat from all of its events. */
export function feedOf(events: readonly AccountEvent[]): readonly FeedEntry[] {
  return events.flatMap((event) => ('feed' in event ? event.feed : []));
}
