/**
 * Chats that somebody other than their agent moves or ends: an administrator or a manager, or the
 * configuration, when what a chat waits for is gone.
 */
import type { AccountCommand } from '../commands.js';
import { type AccountConfig, mayWork } from '../config.js';
import type { Decision } from '../decision.js';
import type { AccountEvent } from '../events.js';
import { agentsForTransfer, canTakeTransfer, relativeLoad } from '../routing/routing.js';
import type { DecisionContext } from '../context.js';
import type { Chat, Waiting } from './chat.js';
import { ended } from './decide.js';
import { FeedWriter } from './feed.js';
import { agentIn, isOver, queuedAs, serviceOf } from './service.js';

type Assign = Extract<AccountCommand, { type: 'chat.assign' }>;

/**
 * Moves a chat to a skill or an agent, wherever it is: as a transfer when an agent has it, else to
 * another queue. An agent is rung at once; unanswered, it goes back to the queue of its skill.
 */
export function assign(context: DecisionContext, command: Assign): Decision<Record<never, never>> {
  const { chatId, to } = command;
  const chat = context.state.chats.get(chatId);
  if (chat === undefined) return { rejected: 'unknown-chat', chatId };
  if (isOver(chat)) return { rejected: 'chat-ended', chatId };
  return 'skillId' in to
    ? toSkill(context, command, chat, to.skillId)
    : toAgent(context, command, chat, to.userId);
}

function toSkill(
  { state, config, now }: DecisionContext,
  command: Assign,
  chat: Chat,
  skillId: number,
): Decision<Record<never, never>> {
  const skill = config.skills.get(skillId);
  if (skill === undefined) return { rejected: 'skill-unavailable', skillId, because: 'unknown' };
  const from = chat.phase.name === 'active' ? (agentIn(chat)?.userId ?? null) : null;
  // A chat that has an agent is not taken away for nobody; one that waits may wait elsewhere.
  if (from !== null && agentsForTransfer(state, config, skillId, from) === 0) {
    return { rejected: 'skill-unavailable', skillId, because: 'nobody' };
  }
  const feed = FeedWriter.after(chat, now).system(config, chat.visitor.language, 15, {
    skill: skill.name,
  });
  return { events: moved(command, chat, { skillId }, feed), reply: {} };
}

function toAgent(
  { state, config, now }: DecisionContext,
  command: Assign,
  chat: Chat,
  userId: number,
): Decision<Record<never, never>> {
  const target = config.users.get(userId);
  const session = state.sessionOfUser.get(userId);
  const refused = (because: 'unknown' | 'giver' | 'absent' | 'full') =>
    ({ rejected: 'agent-unavailable', userId, because }) as const;
  if (target === undefined || !mayWork(config, userId)) return refused('unknown');
  const service = serviceOf(chat);
  if ('userId' in service && service.userId === userId) return refused('giver');
  if (session === undefined || session.availability === 'Away') return refused('absent');
  if (!canTakeTransfer(state, config, userId)) return refused('full');
  const feed = FeedWriter.after(chat, now).system(config, chat.visitor.language, 13, {
    nickname: target.nickname,
  });
  const why = {
    rule: 'assigned',
    candidates: 1,
    load: relativeLoad(session, target),
    idleMs: now - session.idleSince,
  } as const;
  const until = now + config.settings.ringSeconds * 1000;
  // Somebody chose to have it served, whether the account is open or not.
  const held = chat.heldUntil !== undefined;
  return {
    events: [
      ...(held ? [{ type: 'chat.held', chatId: chat.id, until: null } as const] : []),
      ...moved(command, chat, { userId }, feed),
      { type: 'chat.rang', chatId: chat.id, userId, until, why },
    ],
    reply: {},
  };
}

function moved(
  { byUserId }: Assign,
  chat: Chat,
  to: { readonly skillId: number } | { readonly userId: number },
  feed: FeedWriter,
): AccountEvent[] {
  const { id: chatId } = chat;
  const service = serviceOf(chat);
  if (service.name === 'chatting') {
    const fromUserId = service.userId;
    const { entries } = feed.state('waiting');
    return [{ type: 'chat.transferred', chatId, fromUserId, to, byUserId, feed: entries }];
  }
  const skillId = 'skillId' in to ? to.skillId : chat.skillId;
  const reassigned: AccountEvent = {
    type: 'chat.reassigned',
    chatId,
    skillId,
    forUserId: null,
    reason: 'supervisor',
    byUserId,
    feed: feed.entries,
  };
  return service.name === 'ringing'
    ? [
        { type: 'chat.offerWithdrawn', chatId, userId: service.userId, reason: 'reassigned' },
        reassigned,
      ]
    : [reassigned];
}

/** Ends a chat that is not the caller's own: the visitor reads what they read when an agent does. */
export function close(
  context: DecisionContext,
  chatId: string,
  byUserId: number,
): Decision<{ eventId: number }> {
  const chat = context.state.chats.get(chatId);
  if (chat === undefined) return { rejected: 'unknown-chat', chatId };
  if (isOver(chat)) return { rejected: 'chat-ended', chatId };
  const { entries } = FeedWriter.after(chat, context.now)
    .system(context.config, chat.visitor.language, 5)
    .state('ended');
  return {
    events: [{ ...ended(context, chat, 'agent', 'supervisor', entries), byUserId }],
    reply: { eventId: chat.feed.length + entries.length - 1 },
  };
}

/**
 * Frees a waiting chat whose skill or named agent is gone: whoever else may take it does. A named
 * agent is gone when they can take no chat any more, not when they are only away.
 */
export function freeStranded({ config }: DecisionContext, chat: Chat): AccountEvent[] {
  const waiting = queuedAs(chat);
  if (waiting === null) return [];
  const freed = freedFrom(config, chat, waiting);
  return freed === null ? [] : [freed];
}

/** The event that frees a waiting chat; null when what it waits for is there. */
function freedFrom(config: AccountConfig, chat: Chat, { forUserId }: Waiting): AccountEvent | null {
  const agentGone = forUserId !== null && !canWork(config, forUserId);
  const skillGone = chat.skillId !== null && !config.skills.has(chat.skillId);
  if (!agentGone && !skillGone) return null;
  return {
    type: 'chat.reassigned',
    chatId: chat.id,
    skillId: skillGone ? null : chat.skillId,
    forUserId: agentGone ? null : forUserId,
    reason: agentGone ? 'agent-gone' : 'skill-gone',
    feed: [],
  };
}

function canWork(config: AccountConfig, userId: number): boolean {
  return mayWork(config, userId) && config.users.get(userId)?.maxChats !== 0;
}
