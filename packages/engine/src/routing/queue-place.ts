/** Where a waiting chat stands in its queue, as its visitor may know it. */
import type { Chat } from '../chats/chat.js';
import { agentOffer, queuedAs } from '../chats/service.js';
import type { AccountConfig } from '../config.js';
import type { AccountState } from '../state.js';
import { estimatedWait } from './estimates.js';
import { queueKey } from './queue-key.js';
import { indexIn } from './queues.js';

export interface QueuePlace {
  /** 1 is next; one that an agent is being asked to take is next, too. */
  readonly position: number;
  /** Seconds; -1 nobody online, or outside of opening hours; -2 not known yet. */
  readonly estimatedWait: number;
}

/** The chat's place; null when it does not wait. */
export function queuePlace(
  state: AccountState,
  config: AccountConfig,
  chat: Chat,
  now: number,
): QueuePlace | null {
  if (chat.phase.name !== 'waiting') return null;
  const waiting = queuedAs(chat);
  if (waiting === null) return agentOffer(chat) === null ? null : { position: 1, estimatedWait: 0 };
  const queue = state.queues.get(queueKey(chat, waiting)) ?? [];
  const position = indexIn(state, queue, chat, waiting) + 1;
  const last = estimatedWait(state, config, chat.skillId, now);
  // The estimate is that of a newcomer, who would stand behind all of them.
  const own = last <= 0 ? last : Math.max(1, Math.round((last * position) / (queue.length + 1)));
  return { position, estimatedWait: own };
}
