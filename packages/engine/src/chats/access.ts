/**
 * Who may have a chat, and what they are in it: the one place that says so. Whoever reads or writes a
 * chat asks here, by whichever way the chat is reached. "Not there" and "not yours" are the same.
 */
import type { AccountConfig } from '../config.js';
import type { AccountState } from '../state.js';
import type { Chat, Role } from './chat.js';
import { serviceOf } from './service.js';
import { type Staff, supervisionOf } from './supervision.js';
import type { FeedReader } from './views.js';

/** Who asks. */
export type ChatReader =
  /** Who works in an agent session. */
  | { readonly by: 'session'; readonly sessionId: string }
  /** A user, in whichever session, or without one. */
  | { readonly by: 'user'; readonly userId: number }
  /** Who knows the chat's address, which is its visitor's alone. */
  | { readonly by: 'visitor' }
  /** Who supervises, without being in the chat. */
  | { readonly by: 'supervisor'; readonly userId: number };

/** What somebody may do in a chat. */
export interface Rights {
  /** The visitor hears what they say, sees them type, and what they are about to say. */
  readonly speaks: boolean;
  /** Says what agents alone hear. */
  readonly whispers: boolean;
  /** Suggests answers to the agent. */
  readonly suggests: boolean;
  /** Invites others, and sends away those who came so. */
  readonly invites: boolean;
  /** Transfers the chat, answers the agent's survey, and reads for the agents' side. */
  readonly leads: boolean;
  /** Ends the chat. */
  readonly ends: boolean;
}

export interface Access extends Rights {
  readonly chat: Chat;
  readonly role: Role | 'visitor';
  /** Which entries of its feed they see. */
  readonly reads: FeedReader;
}

/** What roles may do. */
const RIGHTS: Readonly<Record<Role | 'visitor', Rights>> = {
  agent: {
    ...{ speaks: true, whispers: true, suggests: false },
    ...{ invites: true, leads: true, ends: true },
  },
  assistant: {
    ...{ speaks: true, whispers: true, suggests: true },
    ...{ invites: false, leads: false, ends: false },
  },
  listener: {
    ...{ speaks: false, whispers: true, suggests: true },
    ...{ invites: false, leads: false, ends: false },
  },
  supervisor: {
    ...{ speaks: false, whispers: true, suggests: true },
    ...{ invites: true, leads: false, ends: false },
  },
  visitor: {
    ...{ speaks: true, whispers: false, suggests: false },
    ...{ invites: false, leads: false, ends: true },
  },
};

/**
 * What somebody has of a chat; null for a chat that is not there, or not theirs. Of a chat that is over
 * whoever was in it then has it as before, for as long as it is kept. Who watches as a supervisor has it
 * for as long as they supervise it, whatever the state still says.
 */
export function access(
  state: AccountState,
  config: AccountConfig,
  reader: ChatReader,
  chatId: string,
): Access | null {
  const chat = state.chats.get(chatId);
  if (chat === undefined) return null;
  switch (reader.by) {
    case 'visitor':
      return { chat, role: 'visitor', reads: 'visitor', ...RIGHTS.visitor };
    case 'session': {
      const userId = state.sessions.get(reader.sessionId)?.userId;
      return userId === undefined ? null : accessOfUser(config, userId, chat);
    }
    case 'user':
      return accessOfUser(config, reader.userId, chat);
    case 'supervisor': {
      if (!isSupervisedBy(config, reader.userId, chat)) return null;
      return { chat, role: 'supervisor', reads: 'agent', ...RIGHTS.supervisor };
    }
    default:
      return reader satisfies never;
  }
}

/** What a user has of a chat that they are in. */
function accessOfUser(config: AccountConfig, userId: number, chat: Chat): Access | null {
  const participant = chat.participants.find((one) => one.userId === userId);
  if (participant === undefined) return null;
  const { role } = participant;
  if (role === 'supervisor' && !isSupervisedBy(config, userId, chat)) return null;
  return { chat, role, reads: 'agent', ...RIGHTS[role] };
}

function isSupervisedBy(config: AccountConfig, userId: number, chat: Chat): boolean {
  const of = supervisionOf(config, userId);
  return of !== null && (of === 'everybody' || concerns(of, chat));
}

/**
 * Whether a chat concerns these people: one of them is its agent, is rung, or is waited for by name;
 * or it waits for anybody, or for a skill that one of them holds.
 */
function concerns({ userIds, skillIds }: Staff, chat: Chat): boolean {
  const service = serviceOf(chat);
  const isTheirs = (userId: number | null) => userId !== null && userIds.has(userId);
  switch (service.name) {
    case 'waiting': {
      const { forUserId } = service.waiting;
      if (forUserId !== null) return isTheirs(forUserId);
      return chat.skillId === null || skillIds.has(chat.skillId);
    }
    case 'ringing':
    case 'chatting':
      return isTheirs(service.userId);
    case 'ended':
      return isTheirs(service.lastUserId);
    default:
      return service satisfies never;
  }
}
