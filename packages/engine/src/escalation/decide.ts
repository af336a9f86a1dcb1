/** Decisions about chats whose agent, a program, does not answer or gives up. */
import { authorOf } from '../actor.js';
import type { Chat } from '../chats/chat.js';
import { FeedWriter } from '../chats/feed.js';
import { chatForWriting } from '../chats/former-agents.js';
import { agentIn } from '../chats/service.js';
import type { AccountCommand } from '../commands.js';
import type { DecisionContext } from '../context.js';
import type { Decision } from '../decision.js';
import type { AccountEvent } from '../events.js';
import { mayTransfer } from '../routing/routing.js';
import { answerLimit, isProgram } from './answer-limit.js';
import type { EscalationReason } from './events.js';

type Command = Extract<AccountCommand, { type: 'chat.escalate' }>;

/** Puts a chat back for people. Unlike a transfer it waits, whether somebody is there for it or not. */
export function escalate(
  context: DecisionContext,
  { chatId, sessionId, skillId, reason, text }: Command,
): Decision<Record<never, never>> {
  const { config, actor } = context;
  const found = chatForWriting(context, sessionId, chatId);
  if ('rejected' in found) return found;
  const { chat, session, role } = found;
  if (!found.leads) return { rejected: 'role-refused', chatId, role, to: 'lead' };
  if (chat.phase.name !== 'active') return { rejected: 'chat-ended', chatId };
  if (skillId !== null) {
    const refused = (because: 'unknown' | 'kept') =>
      ({ rejected: 'skill-unavailable', skillId, because }) as const;
    if (!config.skills.has(skillId)) return refused('unknown');
    if (!mayTransfer(config, chat.skillId, skillId)) return refused('kept');
  }
  const me = config.users.get(session.userId)?.nickname ?? '';
  const { feed, ...event } = escalated(context, chat, session.userId, reason, skillId);
  const rest = new FeedWriter(chat.feed.length + feed.length, context.now);
  if (text !== null) rest.hidden(text, me, 'agent', authorOf(actor));
  return { events: [{ ...event, feed: [...feed, ...rest.entries] }], reply: {} };
}

/** A program had its time to answer; none when it answered, or has the chat no more. */
export function answerOverdue(context: DecisionContext, chat: Chat): AccountEvent[] {
  const { config, now } = context;
  if (chat.answerBy === undefined || now < chat.answerBy) return [];
  const agent = chat.phase.name === 'active' ? agentIn(chat) : null;
  // It may be a person's account by now.
  if (agent === null || !isProgram(config, agent.userId)) return [];
  return [escalated(context, chat, agent.userId, 'unanswered', null)];
}

function escalated(
  { config, now }: DecisionContext,
  chat: Chat,
  fromUserId: number,
  reason: EscalationReason,
  toSkillId: number | null,
): Extract<AccountEvent, { type: 'chat.escalated' }> {
  const wanted = toSkillId ?? chat.skillId;
  // A skill that does not exist any more asks for nobody in particular.
  const skill = wanted === null ? undefined : config.skills.get(wanted);
  const feed = FeedWriter.after(chat, now);
  const { language } = chat.visitor;
  if (skill === undefined) feed.system(config, language, 23);
  else feed.system(config, language, 15, { skill: skill.name });
  feed.state('waiting');
  const name = config.users.get(fromUserId)?.nickname ?? `Agent ${fromUserId}`;
  feed.hidden(NOTES[reason](name, answerLimit(config, chat.skillId)), 'info', 'system', 'system');
  const skillId = skill?.id ?? null;
  return {
    ...{ type: 'chat.escalated', chatId: chat.id, fromUserId, skillId, reason },
    feed: feed.entries,
  };
}

/** What whoever takes the chat reads of what happened. */
const NOTES: Readonly<Record<EscalationReason, (name: string, limit: number) => string>> = {
  unanswered: (name, limit) =>
    limit === 0
      ? `${name} did not answer in time. The visitor is waiting for an answer.`
      : `${name} did not answer for ${limit} seconds. The visitor is waiting for an answer.`,
  'handed-over': (name) => `${name} handed the chat over.`,
  error: (name) => `${name} failed, and handed the chat over.`,
};

/**
 * After a stop: whoever had to answer meanwhile could not, and has a moment for it.
 * @param until epoch ms
 */
export function extendAnswers({ state }: DecisionContext, until: number): AccountEvent[] {
  const chatIds = [...state.chats.values()].flatMap(({ id, answerBy }) =>
    answerBy !== undefined && answerBy < until ? id : [],
  );
  return chatIds.length === 0 ? [] : [{ type: 'answers.extended', chatIds, until }];
}
