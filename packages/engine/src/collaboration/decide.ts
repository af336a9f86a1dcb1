/** Decisions about who is in a chat beside its agent, and who is asked to be. */
import { requireNewId } from '../actor.js';
import { access } from '../chats/access.js';
import type { Chat, ChatParticipant, Invitation, Offer } from '../chats/chat.js';
import { FeedWriter } from '../chats/feed.js';
import { chatForWriting } from '../chats/former-agents.js';
import { agentIn, isOver } from '../chats/service.js';
import type { AccountCommand } from '../commands.js';
import { type User, mayWork } from '../config.js';
import type { DecisionContext } from '../context.js';
import type { Decision } from '../decision.js';
import { answerToWaiting } from '../escalation/answer-limit.js';
import type { AccountEvent } from '../events.js';
import { MAX_RINGING, freeSlots, holds, relativeLoad } from '../routing/routing.js';
import { type RoleBeside, chatsBeside } from '../sessions/beside.js';
import type { AgentSession } from '../sessions/session.js';
import type { LeftReason, UninvitedReason } from './events.js';

/** People of the account in one chat, and asked to come, at most. */
export const MAX_IN_CHAT = 20;

type Command<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>;

type Uninvited = Extract<AccountEvent, { type: 'chat.uninvited' }>;

/** Why somebody cannot be asked. */
type NotAsked = 'unknown' | 'there' | 'absent' | 'full';

/** Asks one user, or whoever of a skill is free, to come in. */
export function invite(
  context: DecisionContext,
  command: Command<'chat.invite'>,
): Decision<{ channel: string }> {
  const { state, config } = context;
  const { chatId, sessionId, role, to, text } = command;
  const channel = requireNewId(context);
  const found = chatForWriting(context, sessionId, chatId);
  if ('rejected' in found) return found;
  const { chat, session } = found;
  if (!found.invites) return { rejected: 'role-refused', chatId, role: found.role, to: 'invite' };
  if (isOver(chat)) return { rejected: 'chat-ended', chatId };
  if (chat.participants.length + chat.offers.length >= MAX_IN_CHAT) {
    return { rejected: 'too-many-in-chat', chatId };
  }
  const asking = { channel, byUserId: session.userId, text, asked: [] };
  if ('skillId' in to) {
    const { skillId } = to;
    const refused = (because: 'unknown' | 'nobody') =>
      ({ rejected: 'skill-unavailable', skillId, because }) as const;
    if (!config.skills.has(skillId)) return refused('unknown');
    const rung = ringNext(context, chat, role, { ...asking, skillId });
    return rung === null ? refused('nobody') : { events: [rung], reply: { channel } };
  }
  const { userId } = to;
  const because = whyNotAsked(context, chat, userId, role);
  if (because !== null) return { rejected: 'agent-unavailable', userId, because };
  const asked = state.sessionOfUser.get(userId);
  const user = config.users.get(userId);
  if (asked === undefined || user === undefined) throw new Error(`user ${userId} is not there`);
  const invitation = { ...asking, skillId: null };
  const rung = ring(context, { chat, role, invitation, session: asked, user, candidates: 1 });
  return { events: [rung], reply: { channel } };
}

/** Why a user cannot be asked to come in; null when they can. */
export function whyNotAsked(
  { state, config }: DecisionContext,
  chat: Chat,
  userId: number,
  role: RoleBeside,
): NotAsked | null {
  const user = config.users.get(userId);
  if (user === undefined || !mayWork(config, userId)) return 'unknown';
  if ([...chat.participants, ...chat.offers].some((one) => one.userId === userId)) return 'there';
  const session = state.sessionOfUser.get(userId);
  if (session === undefined || session.availability === 'Away') return 'absent';
  // Who only listens has room for any number.
  if (role === 'assistant' && freeSlots(session, user) === 0) return 'full';
  return chatsBeside(session, 'asked').length >= MAX_RINGING ? 'full' : null;
}

/** The event that asks the next one of a skill; null when there is nobody. */
function ringNext(
  context: DecisionContext,
  chat: Chat,
  role: 'assistant' | 'listener',
  invitation: Invitation,
): AccountEvent | null {
  const { state, config } = context;
  const { skillId, asked, byUserId } = invitation;
  let candidates = 0;
  let best: { session: AgentSession; user: User; load: number } | null = null;
  for (const session of state.sessions.values()) {
    const user = config.users.get(session.userId);
    // As with what another agent gives to a skill, Occupied ones take it too: so are bots beside agents.
    if (user === undefined || session.availability === 'Away' || !holds(user, skillId)) continue;
    if (user.id === byUserId || asked.includes(user.id)) continue;
    if (whyNotAsked(context, chat, user.id, role) !== null) continue;
    candidates += 1;
    const one = { session, user, load: relativeLoad(session, user) };
    if (best === null || goesBefore(one, best)) best = one;
  }
  if (best === null) return null;
  const { session, user } = best;
  return ring(context, { chat, role, invitation, session, user, candidates });
}

interface Candidate {
  readonly session: AgentSession;
  readonly load: number;
}

/** Online before Occupied; then as chats are given out: the least loaded, then the longest idle. */
function goesBefore(a: Candidate, b: Candidate): boolean {
  const isOnline = ({ session }: Candidate) => session.availability === 'Online';
  if (isOnline(a) !== isOnline(b)) return isOnline(a);
  if (a.load !== b.load) return a.load < b.load;
  if (a.session.idleSince !== b.session.idleSince) return a.session.idleSince < b.session.idleSince;
  return a.session.userId < b.session.userId;
}

function ring(
  { config, now }: DecisionContext,
  asked: {
    readonly chat: Chat;
    readonly role: 'assistant' | 'listener';
    readonly invitation: Invitation;
    readonly session: AgentSession;
    readonly user: User;
    readonly candidates: number;
  },
): AccountEvent {
  const { chat, role, invitation, session, user, candidates } = asked;
  return {
    type: 'chat.invited',
    chatId: chat.id,
    userId: user.id,
    role,
    until: now + config.settings.ringSeconds * 1000,
    why: {
      rule: invitation.skillId === null ? 'invited' : 'invited-skill',
      candidates,
      load: relativeLoad(session, user),
      idleMs: now - session.idleSince,
    },
    invitation,
  };
}

/** Somebody who was asked did not come: if it was for a skill, the event that asks the next one. */
export function inviteNext(context: DecisionContext, event: Uninvited): AccountEvent | null {
  const { chatId, userId, role, invitation, reason } = event;
  const chat = context.state.chats.get(chatId);
  if (chat === undefined || isOver(chat)) return null;
  if (invitation.skillId === null || reason === 'withdrawn') return null;
  const asked = [...invitation.asked, userId];
  return ringNext(context, chat, role, { ...invitation, asked });
}

/** The event by which an open invitation is over; null for the offer to be the chat's agent. */
export function uninvited(
  chatId: string,
  { userId, role, invitation }: Offer,
  reason: UninvitedReason,
): Uninvited | null {
  if (invitation === undefined || (role !== 'assistant' && role !== 'listener')) return null;
  return { type: 'chat.uninvited', chatId, userId, role, invitation, reason };
}

/** Takes back every invitation that rings at a session. */
export function uninviteAll(
  { state }: DecisionContext,
  session: AgentSession,
  reason: UninvitedReason,
): AccountEvent[] {
  return chatsBeside(session, 'asked').flatMap((chatId) => {
    const offers = state.chats.get(chatId)?.offers ?? [];
    const asked = offers.find((offer) => offer.userId === session.userId && offer.role !== 'agent');
    const over = asked === undefined ? null : uninvited(chatId, asked, reason);
    return over === null ? [] : [over];
  });
}

/** Whoever accepts an invitation is in the chat. */
export function join(context: DecisionContext, chat: Chat, offer: Offer): AccountEvent {
  const { userId, role, invitation } = offer;
  if (role === 'agent' || invitation === undefined) throw new Error('it is no invitation');
  return joined(context, chat, { userId, role, channel: invitation.channel });
}

function joined(
  { config, now }: DecisionContext,
  chat: Chat,
  who: { readonly userId: number; readonly role: RoleBeside; readonly channel: string },
): AccountEvent {
  const { entries } = FeedWriter.after(chat, now).collaboration(
    config,
    'joined',
    who.role,
    who.userId,
  );
  return { type: 'chat.joined', chatId: chat.id, ...who, feed: entries };
}

/** Somebody beside the agent goes. */
export function left(
  { config, now }: DecisionContext,
  chat: Chat,
  { userId, role, channel = '' }: ChatParticipant,
  reason: LeftReason,
  byUserId?: number,
): AccountEvent {
  if (role === 'agent') throw new Error(`the agent of chat ${chat.id} is not beside it`);
  const { entries } = FeedWriter.after(chat, now).collaboration(config, 'left', role, userId);
  const by = byUserId === undefined ? {} : { byUserId };
  return {
    type: 'chat.left',
    chatId: chat.id,
    userId,
    role,
    channel,
    reason,
    ...by,
    feed: entries,
  };
}

/** Comes in to supervise. Who does so already is answered the channel they came by. */
export function watch(
  context: DecisionContext,
  { chatId, sessionId }: Command<'chat.watch'>,
): Decision<{ channel: string }> {
  const { state, config } = context;
  const channel = requireNewId(context);
  const session = state.sessions.get(sessionId);
  if (session === undefined) return { rejected: 'unknown-session', sessionId };
  const { userId } = session;
  const found = access(state, config, { by: 'supervisor', userId }, chatId);
  if (found === null) return { rejected: 'unknown-chat', chatId };
  const { chat } = found;
  const own = chat.participants.find((one) => one.userId === userId);
  if (isOver(chat)) return { rejected: 'chat-ended', chatId };
  if (own?.role === 'supervisor') return { events: [], reply: { channel: own.channel ?? '' } };
  if (own !== undefined) return { rejected: 'agent-unavailable', userId, because: 'there' };
  if (chat.participants.length + chat.offers.length >= MAX_IN_CHAT) {
    return { rejected: 'too-many-in-chat', chatId };
  }
  return {
    events: [joined(context, chat, { userId, role: 'supervisor', channel })],
    reply: { channel },
  };
}

/** Leaves a chat, sends somebody away, or takes an invitation back. */
export function closeChannel(
  context: DecisionContext,
  { chatId, sessionId, channel }: Command<'chat.closeChannel'>,
): Decision<Record<never, never>> {
  const found = chatForWriting(context, sessionId, chatId);
  if ('rejected' in found) return found;
  const { chat, session, role, invites } = found;
  const { userId } = session;
  const refused = (to: 'leave' | 'send away') =>
    ({ rejected: 'role-refused', chatId, role, to }) as const;
  if (isOver(chat)) return { rejected: 'chat-ended', chatId };
  if (channel === agentChannel(chat)) return refused(role === 'agent' ? 'leave' : 'send away');
  const there = chat.participants.find((one) => one.channel === channel);
  if (there !== undefined) {
    if (there.userId === userId)
      return { events: [left(context, chat, there, 'asked')], reply: {} };
    // Who supervises was not invited, and is not sent away.
    if (!invites || there.role === 'supervisor') return refused('send away');
    return { events: [left(context, chat, there, 'removed', userId)], reply: {} };
  }
  const offer = chat.offers.find(({ invitation }) => invitation?.channel === channel);
  const over = offer === undefined ? null : uninvited(chatId, offer, 'withdrawn');
  if (over === null) return { rejected: 'unknown-channel', chatId, channel };
  if (!invites && over.invitation.byUserId !== userId) return refused('send away');
  return { events: [over], reply: {} };
}

/** What the agent's own channel is called; null while there is no agent. */
export function agentChannel(chat: Chat): string | null {
  return agentIn(chat) === null ? null : 'agent';
}

/** Who supervises the chat becomes its agent, whoever has it or is asked. */
export function takeOver(
  context: DecisionContext,
  { chatId, sessionId }: Command<'chat.takeOver'>,
): Decision<Record<never, never>> {
  const { state, config, now } = context;
  const session = state.sessions.get(sessionId);
  if (session === undefined) return { rejected: 'unknown-session', sessionId };
  const { userId } = session;
  const found = access(state, config, { by: 'supervisor', userId }, chatId);
  if (found === null) {
    const own = chatForWriting(context, sessionId, chatId);
    if ('rejected' in own) return own;
    if (own.role === 'agent') return { rejected: 'agent-unavailable', userId, because: 'giver' };
    return { rejected: 'role-refused', chatId, role: own.role, to: 'lead' };
  }
  const { chat } = found;
  if (isOver(chat)) return { rejected: 'chat-ended', chatId };
  const agent = agentIn(chat);
  if (agent?.userId === userId) return { rejected: 'agent-unavailable', userId, because: 'giver' };
  const feed = FeedWriter.after(chat, now);
  leaveAs(context, chat, userId, feed);
  if (agent === null) feed.state('chatting');
  const nickname = config.users.get(userId)?.nickname ?? '';
  feed.system(config, chat.visitor.language, 3, { nickname });
  const fromUserId = agent?.userId ?? null;
  const due = answerToWaiting(context, chat, userId);
  return {
    events: [{ type: 'chat.takenOver', chatId, userId, fromUserId, ...due, feed: feed.entries }],
    reply: {},
  };
}

/** Who becomes the agent is not beside it any more: whoever follows who is there reads so. */
export function leaveAs(
  { config }: DecisionContext,
  chat: Chat,
  userId: number,
  feed: FeedWriter,
): void {
  const own = chat.participants.find((one) => one.userId === userId);
  if (own !== undefined && own.role !== 'agent') {
    feed.collaboration(config, 'left', own.role, userId);
  }
}

/** Supervisors in the chat who do not supervise it any more leave it. */
export function supervisorsOut(context: DecisionContext, chat: Chat): AccountEvent | null {
  const { state, config } = context;
  if (isOver(chat)) return null;
  const out = chat.participants.find(
    ({ userId, role }) =>
      role === 'supervisor' &&
      access(state, config, { by: 'supervisor', userId }, chat.id) === null,
  );
  return out === undefined ? null : left(context, chat, out, 'out-of-reach');
}
