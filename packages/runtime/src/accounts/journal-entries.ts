/** Events as the journal keeps them. */
import { type AccountEvent, chatOf, eventVersion } from '@parley/engine';
import type { JournalEntry } from '@parley/store';

/**
 * @param first journal position of the first event
 * @param at epoch ms
 */
export function entriesOf(
  events: readonly AccountEvent[],
  first: number,
  at: number,
): readonly JournalEntry[] {
  return events.map((event, index) => ({
    seq: first + index,
    at,
    type: event.type,
    version: eventVersion(event.type),
    chatId: chatOf(event),
    data: JSON.stringify(event),
  }));
}
