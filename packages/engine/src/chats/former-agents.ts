/**
 * Agents who had a chat that is another's now. Who writes to such a chat learns where it went, so that
 * a program that still answers in it does not take it for lost; reading it is over for them.
 */
import type { AgentSession } from '../sessions/session.js';
import type { DecisionContext } from '../context.js';
import { type Access, access } from './access.js';
import type { Chat, FormerAgent, Role } from './chat.js';
import { serviceOf } from './service.js';
import type { NotYours, Whereabouts } from './whereabouts.js';

/** Most former agents that a chat remembers; beyond this the earliest are forgotten. */
const MAX_FORMER_AGENTS = 20;

/** The list with one more agent whom the chat left; the last one stands at the end. */
export function withFormerAgent(
  before: readonly FormerAgent[],
  userId: number,
  at: number,
): readonly FormerAgent[] {
  const others = before.filter((former) => former.userId !== userId);
  return [...others, { userId, at }].slice(-MAX_FORMER_AGENTS);
}

/** Somebody of the account who is in a chat, what they are in it, and what they may do. */
export interface Member extends Access {
  readonly role: Role;
  readonly session: AgentSession;
}

/**
 * The chat, for an agent who is to do something in it; when it is not theirs, why not. Whoever had it
 * learns where it is for as long as an ended chat stays readable; for everybody else it is not there.
 */
export function chatForWriting(
  context: Pick<DecisionContext, 'state' | 'config' | 'now'>,
  sessionId: string,
  chatId: string,
): Member | NotYours {
  const { state, config, now } = context;
  const session = state.sessions.get(sessionId);
  const found = access(state, config, { by: 'session', sessionId }, chatId);
  if (found !== null && session !== undefined && found.role !== 'visitor') {
    return { ...found, role: found.role, session };
  }
  const chat = state.chats.get(chatId);
  const userId = session?.userId;
  const left = chat?.formerAgents.find((former) => former.userId === userId)?.at;
  const known = left !== undefined && now < left + config.settings.readableSeconds * 1000;
  if (chat === undefined || !known) return { rejected: 'unknown-chat', chatId };
  return { rejected: 'chat-elsewhere', chatId, whereabouts: whereaboutsOf(context, chat) };
}

function whereaboutsOf({ config }: Pick<DecisionContext, 'config'>, chat: Chat): Whereabouts {
  const nicknameOf = (userId: number) => config.users.get(userId)?.nickname ?? '';
  const service = serviceOf(chat);
  switch (service.name) {
    case 'waiting': {
      const { forUserId } = service.waiting;
      const skill = config.skills.get(chat.skillId ?? 0)?.name ?? null;
      return { is: 'waiting', for: forUserId === null ? skill : nicknameOf(forUserId) };
    }
    case 'ringing':
    case 'chatting':
      return { is: service.name, userId: service.userId, nickname: nicknameOf(service.userId) };
    case 'ended': {
      const { lastUserId } = service;
      const last =
        lastUserId === null ? null : { userId: lastUserId, nickname: nicknameOf(lastUserId) };
      return { is: 'ended', with: last };
    }
    default:
      return service satisfies never;
  }
}

/** Moves the times along when the clock was set, by so many ms. */
export function moveFormerAgents(chat: Chat, by: number): void {
  chat.formerAgents = chat.formerAgents.map((former) => ({ ...former, at: former.at + by }));
}
