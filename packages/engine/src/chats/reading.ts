/**
 * Reading positions: up to which event each side has read a chat. They only go forward, and show a
 * visitor nothing of events that are hidden from them.
 */
import type { Decision } from '../decision.js';
import type { DecisionContext } from '../context.js';
import type { Chat, ReadPositions } from './chat.js';
import type { Party } from './commands.js';
import { speakerOf } from './decide.js';
import { type FeedReader, isShownTo } from './views.js';

/**
 * One side has read up to an event: the greatest id that is visible to it and not above `read`. Of
 * agents only the one who has the chat counts: what others read changes nothing, and neither does a
 * position before the one that stands.
 */
export function markRead(
  context: DecisionContext,
  chatId: string,
  from: Party,
  read: number,
): Decision<{ readonly read: number }> {
  const speaker = speakerOf(context, chatId, from);
  if ('rejected' in speaker) return speaker;
  const { chat, session } = speaker;
  const isTheirs = session === null || speaker.role === 'agent';
  const position = lastVisible(chat, from.party, read);
  const before = chat.read?.[from.party] ?? null;
  if (!isTheirs || position === null || (before !== null && position <= before)) {
    return { events: [], reply: { read: before ?? 0 } };
  }
  const byUserId = session?.userId ?? null;
  return {
    events: [{ type: 'chat.read', chatId, party: from.party, byUserId, read: position }],
    reply: { read: position },
  };
}

/**
 * The greatest id, not above `most`, of an event that the reader may see; null when there is none.
 * @param collaboration as in `isShownTo`
 */
export function lastVisible(
  chat: Chat,
  reader: FeedReader,
  most: number,
  collaboration = false,
): number | null {
  for (let id = Math.min(Math.floor(most), chat.feed.length - 1); id >= 0; id -= 1) {
    const entry = chat.feed[id];
    if (entry !== undefined && isShownTo(entry, reader, collaboration)) return id;
  }
  return null;
}

/**
 * How far a side has read, as a reader may know it: of an agent who read a whisper the visitor learns
 * only that the event before it was read.
 */
export function readPosition(
  chat: Chat,
  party: keyof ReadPositions,
  reader: FeedReader,
): number | null {
  const position = chat.read?.[party] ?? null;
  return position === null ? null : lastVisible(chat, reader, position);
}
