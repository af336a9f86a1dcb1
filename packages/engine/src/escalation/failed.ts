/** Chats in which a program failed: they wait for people first, and for programs that did not. */
import type { Chat, Waiting } from '../chats/chat.js';
import { enqueue } from '../routing/queues.js';
import type { AccountState } from '../state.js';

/** How a chat waits that somebody gave up. */
export function gaveUp(fromUserId: number, at: number): Waiting {
  return { since: at, forUserId: null, transferredBy: fromUserId };
}

/** Puts the chat back into its queue, and notes which program failed in it. */
export function enqueueFailed(
  state: AccountState,
  chat: Chat,
  fromUserId: number,
  at: number,
): void {
  const before = chat.failed ?? [];
  if (!before.includes(fromUserId)) chat.failed = [...before, fromUserId];
  enqueue(state, chat, { ...gaveUp(fromUserId, at), forPeople: 'first' });
}
