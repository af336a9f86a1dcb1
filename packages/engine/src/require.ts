/** Lookups that cannot fail unless the journal is damaged or an invariant is broken: then they throw. */
import type { Chat } from './chats/chat.js';
import { type Service, serviceOf } from './chats/service.js';
import type { AgentSession } from './sessions/session.js';
import type { AccountState } from './state.js';

/** Takes an id out of a list. */
export function remove(list: string[], id: string): void {
  const index = list.indexOf(id);
  if (index < 0) throw new Error(`${id} is not in the list it should be in`);
  list.splice(index, 1);
}

export function requireSession(state: AccountState, id: string): AgentSession {
  const session = state.sessions.get(id);
  if (session === undefined) throw new Error(`no agent session ${id}`);
  return session;
}

export function requireSessionOfUser(state: AccountState, userId: number): AgentSession {
  const session = state.sessionOfUser.get(userId);
  if (session === undefined) throw new Error(`user ${userId} has no agent session`);
  return session;
}

export function requireChat(state: AccountState, id: string): Chat {
  const chat = state.chats.get(id);
  if (chat === undefined) throw new Error(`no chat ${id}`);
  return chat;
}

export function requireService<N extends Service['name']>(
  chat: Chat,
  name: N,
): Extract<Service, { name: N }> {
  const service = serviceOf(chat);
  if (service.name !== name) throw new Error(`chat ${chat.id} is ${service.name}, not ${name}`);
  return service as Extract<Service, { name: N }>;
}
