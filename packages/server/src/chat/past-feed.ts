/** Chats that are not in memory any more, from the journal. */
import type { AccountEvent, FeedEntry } from '@parley/engine';

/** The feed of a chat from all of its events. */
export function feedOf(events: readonly AccountEvent[]): readonly FeedEntry[] {
  return events.flatMap((event) => ('feed' in event ? event.feed : []));
}
