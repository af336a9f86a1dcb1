/**
 * Who may have a chat, and what they are in it: the one place that says so. Whoever reads or writes a
 * chat asks here, by whichever way the chat is reached. "Not there" and "not yours" are the same.
 */
import type { AccountState } from '../state.js';
import type { Chat, Role } from './chat.js';
import { serviceOf } from './service.js';
import type { FeedReader } from './views.js';

/** Whose chats a manager is responsible for. */
export interface Staff {
  readonly userIds: ReadonlySet<number>;
  /** Skills that one of them holds. */
  readonly skillIds: ReadonlySet<number>;
}

/** Who asks. */
export type ChatReader =
  /** Who works in an agent session. */
  | { readonly by: 'session'; readonly sessionId: string }
  /** Who knows the chat's address, which is its visitor's alone. */
  | { readonly by: 'visitor' }
  /** Who supervises, without being in the chat. */
  | { readonly by: 'supervisor'; readonly of: 'everybody' | Staff };

export interface Access {
  readonly chat: Chat;
  readonly role: Role | 'visitor';
  /** Which entries of its feed they see. */
  readonly reads: FeedReader;
  /** Whether the visitor hears what they say; what a visitor says everybody hears. */
  readonly speaks: boolean;
}

/** Whether a role speaks to the visitor. */
const SPEAKS: Readonly<Record<Role, boolean>> = {
  agent: true,
  assistant: true,
  listener: false,
  supervisor: false,
};

/**
 * What somebody has of a chat; null for a chat that is not there, or not theirs. Of a chat that is over
 * whoever was in it then has it as before, for as long as it is kept.
 */
export function access(state: AccountState, reader: ChatReader, chatId: string): Access | null {
  const chat = state.chats.get(chatId);
  if (chat === undefined) return null;
  switch (reader.by) {
    case 'visitor':
      return { chat, role: 'visitor', reads: 'visitor', speaks: true };
    case 'session': {
      const userId = state.sessions.get(reader.sessionId)?.userId;
      const participant = chat.participants.find((one) => one.userId === userId);
      if (participant === undefined) return null;
      const { role } = participant;
      return { chat, role, reads: 'agent', speaks: SPEAKS[role] };
    }
    case 'supervisor': {
      if (reader.of !== 'everybody' && !concerns(reader.of, chat)) return null;
      return { chat, role: 'supervisor', reads: 'agent', speaks: SPEAKS.supervisor };
    }
    default:
      return reader satisfies never;
  }
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
