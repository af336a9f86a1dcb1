/** Who is heard by the visitor: said once more, of each event before it is folded in. */
import type { AccountEvent, AccountState, FeedEntry } from '@parley/engine';
import { requireThat } from './must.js';

/**
 * What those say whom the visitor does not hear, and that they are there, is in nothing that a visitor
 * is shown; and nobody who is not in a chat says anything in it.
 */
export function checkHeard(state: AccountState, event: AccountEvent): void {
  if (!('feed' in event) || !('chatId' in event)) return;
  const chat = state.chats.get(event.chatId);
  const roleOf = (userId: number) => chat?.participants.find((one) => one.userId === userId)?.role;
  for (const entry of event.feed as readonly FeedEntry[]) {
    const name = `${event.type} in ${event.chatId}`;
    if (entry.type === 'collaboration') {
      requireThat(entry.role !== ('agent' as string), `${name} is of somebody beside the agent`);
      continue;
    }
    if (entry.type !== 'line' || entry.source !== 'agent') continue;
    requireThat(typeof entry.author === 'number', `${name} has its author`);
    const role = roleOf(entry.author);
    requireThat(role !== undefined, `${name} is by user ${entry.author}, who is not in it`);
    if (role === 'agent' || role === 'assistant') continue;
    requireThat(
      entry.subType === 'ONLY_TO_REP',
      `${name}: the visitor hears the ${role} ${entry.author}`,
    );
  }
}
