/** How queues are named. */
import type { Chat, Waiting } from '../chats/chat.js';

/** Begins the names of queues of chats that wait for the account to open: nothing of them is given out. */
export const HELD = 'held ';

/** Name of the queue a waiting chat stands in: a named agent's, its skill's, or everybody's. */
export function queueKey({ skillId, heldUntil }: Chat, { forUserId }: Waiting): string {
  const held = heldUntil === undefined ? '' : HELD;
  if (forUserId !== null) return `${held}agent:${forUserId}`;
  return skillId === null ? `${held}any` : `${held}skill:${skillId}`;
}
