/** Who comes into a chat, who goes, who is asked: what that changes in the state. */
import { requireService, requireSessionOfUser, remove } from '../require.js';
import { noAnswerDue } from '../escalation/answer-limit.js';
import { type RoleBeside, withoutBeside } from '../sessions/beside.js';
import type { AccountState } from '../state.js';
import type { Chat, ChatParticipant, Offer } from './chat.js';
import { withFormerAgent } from './former-agents.js';

/** The key of the deadline at which an offer is over. Chat ids have no space in them. */
export function ringKey(chatId: string, { id, role }: Pick<Offer, 'id' | 'role'>): string {
  return role === 'agent' ? `ring:${chatId}` : `ring:${chatId} ${id}`;
}

/** Takes an offer back, or out of the way of what it led to. */
export function withdraw(state: AccountState, chat: Chat, offer: Offer): void {
  chat.offers = chat.offers.filter(({ id }) => id !== offer.id);
  state.deadlines.clear(ringKey(chat.id, offer));
  const session = requireSessionOfUser(state, offer.userId);
  if (offer.role === 'agent') remove(session.ringing, chat.id);
  else session.beside = withoutBeside(session.beside, chat.id, 'asked');
  session.seq = state.seq;
}

export function withoutAgent(chat: Chat): void {
  chat.participants = chat.participants.filter(({ role }) => role !== 'agent');
}

/** The chat is none of its agent's load any more. */
export function leaveAgent(state: AccountState, chat: Chat, at: number): void {
  const { userId } = requireService(chat, 'chatting');
  const session = requireSessionOfUser(state, userId);
  remove(session.chatting, chat.id);
  noAnswerDue(state, chat);
  chat.formerAgents = withFormerAgent(chat.formerAgents, userId, at);
  session.idleSince = at;
  session.seq = state.seq;
}

/** The user becomes the chat's agent, whatever they were in it, or were asked to be. */
export function becomeAgent(state: AccountState, chat: Chat, userId: number, at: number): void {
  for (const offer of chat.offers) if (offer.userId === userId) withdraw(state, chat, offer);
  leaveBeside(state, chat, userId);
  chat.phase = { name: 'active' };
  chat.attached = undefined;
  chat.participants = [...chat.participants, { userId, role: 'agent', since: at }];
  const session = requireSessionOfUser(state, userId);
  session.chatting.push(chat.id);
  session.seq = state.seq;
}

/** The user is in the chat beside its agent. */
export function comeBeside(
  state: AccountState,
  chat: Chat,
  participant: ChatParticipant & { readonly role: RoleBeside },
): void {
  const { userId, role } = participant;
  for (const offer of chat.offers) {
    if (offer.userId === userId && offer.role !== 'agent') withdraw(state, chat, offer);
  }
  chat.participants = [...chat.participants, participant];
  const session = requireSessionOfUser(state, userId);
  session.beside = [...session.beside, { chatId: chat.id, role, is: 'in' }];
  session.seq = state.seq;
}

/** The user is not beside the agent any more, if they were. */
export function leaveBeside(state: AccountState, chat: Chat, userId: number): void {
  const others = chat.participants.filter((one) => one.userId !== userId || one.role === 'agent');
  if (others.length === chat.participants.length) return;
  chat.participants = others;
  outOfSession(state, chat, userId);
}

/** The chat is over: whoever was beside its agent has nothing more to do in it. */
export function allLeaveBeside(state: AccountState, chat: Chat): void {
  for (const { userId, role } of chat.participants) {
    if (role !== 'agent') outOfSession(state, chat, userId);
  }
}

function outOfSession(state: AccountState, chat: Chat, userId: number): void {
  const session = requireSessionOfUser(state, userId);
  session.beside = withoutBeside(session.beside, chat.id, 'in');
  session.seq = state.seq;
}
