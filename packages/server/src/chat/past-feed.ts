/** Chats that are not in memory any more, from the journal. */
import type { AccountEvent, FeedEntry } from '@parley/engine';
import type { JournalEntry } from '@parley/store';
import { parseStored } from '../account/stored-json.js';

/** @throws Error when it is damaged. */
export function eventOf({ seq, data }: JournalEntry): AccountEvent {
  // Only this program writes the journal.
  return parseStored(data, `journal entry ${seq}`) as AccountEvent;
}

/** The feed of a chat from all of its events. */
export function feedOf(events: readonly AccountEvent[]): readonly FeedEntry[] {
  return events.flatMap((event) => ('feed' in event ? event.feed : []));
}
