/** Programs that answer first: people take over when they hand over, or fail. */
import type { Chat, Waiting } from '../chats/chat.js';
import type { AccountConfig } from '../config.js';
import { rulesInOrder, whyNotRuled } from './matching.js';
import type { RoutingRule } from './rule.js';
import { ruled } from './ruled-chat.js';

/**
 * The rule by which a waiting chat goes to a program that is free for it; null for none: it goes out as
 * any other. Only chats that nobody has served yet, and that wait for nobody by name.
 * @param isFree whether that user could be rung now
 */
export function ruleOfFirst(
  config: AccountConfig,
  chat: Chat,
  { forUserId }: Waiting,
  now: number,
  isFree: (userId: number) => boolean,
): RoutingRule | null {
  if (chat.acceptedAt !== null || forUserId !== null) return null;
  for (const rule of rulesInOrder(config)) {
    if (rule.action !== 'answer-first' || !isFree(rule.userId)) continue;
    if (whyNotRuled(config, rule, ruled(chat), now) === null) return rule;
  }
  return null;
}
