/** The chats that an agent session has. */
import { docOf, linkOf, listOf } from '../core/document.js';
import type { Pulse } from '../core/pulse.js';
import type { AgentChat } from './chat.js';
import type { ChatRole } from './participants.js';
import type { Session } from './session.js';

/** A chat of the session, as a list has it. */
export interface OwnChat {
  readonly id: string;
  readonly href: string;
  /** What the agent is in it, where the server says. */
  readonly role?: ChatRole;
}

/** Those that it took over from the session before, and where the server lists all: all, with their roles. */
export async function ownChats(session: Session): Promise<readonly OwnChat[]> {
  if (session.findLink('chats') !== undefined) {
    const chats = docOf(await session.get('chats'), 'chats');
    return listOf(chats['chat']).map((chat) => ({
      id: String(docOf(chat['info'])['chatSessionKey']),
      href: linkOf(chat, 'self'),
      role: chat['role'] as ChatRole,
    }));
  }
  const sessions = docOf(await session.get('chat-sessions'), 'chatSessions');
  return listOf(sessions['chatSession']).map((each) => ({
    id: String(each['chatSessionKey']),
    href: linkOf(each, 'chat-session'),
  }));
}

/** Those that there are and have one of the roles, then each that comes. @param changed when there may be one more */
export async function* eachChat(
  chats: ReadonlyMap<string, AgentChat>,
  changed: Pulse,
  until: AbortSignal,
  roles?: readonly ChatRole[],
): AsyncGenerator<AgentChat, void> {
  const seen = new WeakSet<AgentChat>();
  while (!until.aborted) {
    const chat = [...chats.values()].find(
      (each) => !seen.has(each) && (roles === undefined || roles.includes(each.role)),
    );
    if (chat === undefined) await changed.next(until);
    else {
      seen.add(chat);
      yield chat;
    }
  }
}
