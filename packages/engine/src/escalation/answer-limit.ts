/**
 * How long a visitor's line may wait for the answer of an agent that is a program. The time is kept in
 * the event that begins it, so that it is the same after a restart, whatever the configuration says then;
 * a changed limit is for lines that come.
 */
import type { Chat } from '../chats/chat.js';
import type { FeedEntry } from '../chats/entries.js';
import { agentIn } from '../chats/service.js';
import type { AccountConfig } from '../config.js';
import type { DecisionContext } from '../context.js';
import type { AccountState } from '../state.js';

/** The key of the deadline at which a program must have answered. */
export function answerKey(chatId: string): string {
  return `answer:${chatId}`;
}

/** Whether the user is a program. */
export function isProgram(config: AccountConfig, userId: number): boolean {
  return config.users.get(userId)?.kind === 'bot';
}

/** Seconds that a line may wait for the answer of a program; 0 for any time. */
export function answerLimit(config: AccountConfig, skillId: number | null): number {
  const skill = skillId === null ? undefined : config.skills.get(skillId);
  return skill?.answerLimit ?? config.settings.answerLimitSeconds;
}

/** What the event of a visitor's line says of the answer: until when it must be there, if so. */
export function answerToLine(context: DecisionContext, chat: Chat): { readonly answerBy?: number } {
  const agent = chat.phase.name === 'active' ? agentIn(chat) : null;
  // The first line that nobody answered counts, not the last one.
  if (agent === null || (chat.answerBy !== undefined && chat.answerBy > context.now)) return {};
  return due(context, chat, agent.userId);
}

/** The same for the event by which the user becomes the chat's agent: lines may have waited for one. */
export function answerToWaiting(
  context: DecisionContext,
  chat: Chat,
  userId: number,
): { readonly answerBy?: number } {
  const since = unansweredSince(chat);
  if (since === null) return {};
  const fresh = due(context, chat, userId);
  if (fresh.answerBy === undefined || chat.failed === undefined) return fresh;
  // What is left of the time goes along from one program to the next: the visitor waits for any of them.
  const left = since + answerLimit(context.config, chat.skillId) * 1000;
  if (left <= context.now) return fresh;
  const ring = context.now + context.config.settings.ringSeconds * 1000;
  return { answerBy: Math.min(fresh.answerBy, Math.max(left, ring)) };
}

function due(
  { config, now }: DecisionContext,
  chat: Chat,
  userId: number,
): { readonly answerBy?: number } {
  const limit = answerLimit(config, chat.skillId);
  return limit === 0 || !isProgram(config, userId) ? {} : { answerBy: now + limit * 1000 };
}

/** When the visitor said the first line that nobody answered, epoch ms; null when all are answered. */
function unansweredSince({ feed }: Chat): number | null {
  let since: number | null = null;
  for (let at = feed.length - 1; at >= 0; at -= 1) {
    const entry = feed[at];
    if (entry?.type !== 'line' || entry.subType !== 'REGULAR' || entry.source === 'system')
      continue;
    if (entry.source !== 'visitor') break;
    since = entry.at;
  }
  return since;
}

/** The visitor was answered, or nobody is to answer any more. */
export function noAnswerDue(state: AccountState, chat: Chat): void {
  if (chat.answerBy === undefined) return;
  chat.answerBy = undefined;
  state.deadlines.clear(answerKey(chat.id));
}

/** Until when, epoch ms, an answer must be there. */
export function setAnswerDue(state: AccountState, chat: Chat, answerBy: number | undefined): void {
  if (answerBy === undefined) return;
  chat.answerBy = answerBy;
  state.deadlines.set(answerKey(chat.id), answerBy);
}

/** Whether an entry of the feed is an answer to the visitor. */
export function isAnswer(entry: FeedEntry): boolean {
  return entry.type === 'line' && entry.subType === 'REGULAR' && entry.source === 'agent';
}
