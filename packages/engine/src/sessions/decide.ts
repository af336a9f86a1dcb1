/** Decisions about agent sessions. */
import { requireNewId } from '../actor.js';
import type { WithdrawalReason } from '../chats/events.js';
import { FeedWriter } from '../chats/feed.js';
import { serviceOf } from '../chats/service.js';
import type { AccountCommand, Replies } from '../commands.js';
import { mayWork } from '../config.js';
import type { Decision } from '../decision.js';
import type { AccountEvent } from '../events.js';
import type { RoutingReason } from '../routing/reason.js';
import { holds, someoneOnline } from '../routing/routing.js';
import type { DecisionContext } from '../context.js';
import type { SessionEndReason } from './events.js';
import type { AgentSession } from './session.js';
import { whyNot } from './status-reasons.js';

type Open = Extract<AccountCommand, { type: 'session.open' }>;

type SetAvailability = Extract<AccountCommand, { type: 'session.setAvailability' }>;

/** A user has one live session: a new one takes over the chats of the one before. */
export function openSession(
  context: DecisionContext,
  command: Open,
): Decision<{ sessionId: string }> {
  const { state, config } = context;
  const { userId, cookieHash, signedOutAt } = command;
  const sessionId = requireNewId(context);
  if (!mayWork(config, userId)) return { rejected: 'unknown-user', userId };
  const before = state.sessionOfUser.get(userId);
  return {
    events: [
      {
        type: 'session.opened',
        sessionId,
        userId,
        takesOver: before?.id ?? null,
        takenOver: before === undefined ? [] : [...before.chatting],
        cookieHash,
        ...(signedOutAt === undefined ? {} : { signedOutAt }),
      },
    ],
    reply: { sessionId },
  };
}

/** Chats that leave an ending session at once, at most: a bot may have thousands. */
const MAX_LEAVING = 100;

/**
 * Each chat of an ending session goes back to its queue, or ends when nobody could take it. One that
 * has very many is Away first, and ends when the command has been given often enough.
 */
export function closeSession(
  context: DecisionContext,
  sessionId: string,
  reason: Exclude<SessionEndReason, 'takeover'>,
): Decision<Record<never, never>> {
  const session = context.state.sessions.get(sessionId);
  if (session === undefined) return { rejected: 'unknown-session', sessionId };
  const leaving = session.chatting.slice(0, MAX_LEAVING);
  const left: AccountEvent[] = [
    ...withdrawOffers(session, 'session-ended'),
    ...leaving.map((chatId) => requeue(context, session, chatId)),
  ];
  if (leaving.length === session.chatting.length) {
    left.push({ type: 'session.ended', sessionId, userId: session.userId, reason });
    return { events: left, reply: {} };
  }
  const away: AccountEvent = {
    type: 'session.availability',
    sessionId,
    availability: 'Away',
    reason: 'asked',
  };
  const events = session.availability === 'Away' ? left : [away, ...left];
  return { events, reply: {}, again: true };
}

function requeue(context: DecisionContext, session: AgentSession, chatId: string): AccountEvent {
  const { state, config, now } = context;
  const chat = state.chats.get(chatId);
  if (chat === undefined) throw new Error(`session ${session.id} holds unknown chat ${chatId}`);
  const feed = FeedWriter.after(chat, now);
  const { language } = chat.visitor;
  // A skill that does not exist any more asks for nobody in particular.
  const skillId = chat.skillId !== null && config.skills.has(chat.skillId) ? chat.skillId : null;
  if (someoneOnline(state, config, skillId, null, session.userId)) {
    feed.system(config, language, 23).state('waiting');
    return { type: 'chat.requeued', chatId, fromUserId: session.userId, feed: feed.entries };
  }
  feed.system(config, language, 6).state('ended');
  return {
    type: 'chat.ended',
    chatId,
    by: 'system',
    reason: 'agent-gone',
    readableUntil: now + config.settings.readableSeconds * 1000,
    feed: feed.entries,
  };
}

/** Sets the state and its reason; without one the session has none from now on. */
export function setAvailability(
  { state, config }: DecisionContext,
  command: SetAvailability,
): Decision<Replies['session.setAvailability']> {
  const { sessionId, availability } = command;
  const reasonId = command.reasonId ?? null;
  const session = state.sessions.get(sessionId);
  if (session === undefined) return { rejected: 'unknown-session', sessionId };
  const reply = { availability, reasonId };
  if (session.availability === availability && session.reasonId === reasonId) {
    return { events: [], reply };
  }
  const because = reasonId === null ? null : whyNot(config, reasonId, availability);
  if (reasonId !== null && because !== null) {
    return { rejected: 'status-reason-refused', reasonId, availability, because };
  }
  return {
    events: [
      {
        type: 'session.availability',
        sessionId,
        availability,
        reason: 'asked',
        ...(reasonId === null ? {} : { reasonId }),
      },
      ...(availability === 'Away' ? withdrawOffers(session, 'away') : []),
    ],
    reply,
  };
}

function withdrawOffers(session: AgentSession, reason: WithdrawalReason): AccountEvent[] {
  return session.ringing.map((chatId) => offerWithdrawn(session, chatId, reason));
}

function offerWithdrawn(
  session: AgentSession,
  chatId: string,
  reason: WithdrawalReason,
): AccountEvent {
  return { type: 'chat.unrang', chatId, userId: session.userId, reason };
}

/**
 * Rings that routing would not give any more as the configuration is now: beyond the agent's cap
 * (the longest-ringing stay), or of a skill the agent no longer holds. A transfer aimed at the
 * agent asked for neither and stays.
 */
export function ringsToWithdraw({ state, config }: DecisionContext): AccountEvent[] {
  return [...state.sessions.values()].flatMap((session) => {
    const user = config.users.get(session.userId);
    if (user === undefined) return [];
    let room = user.maxChats < 0 ? Number.POSITIVE_INFINITY : user.maxChats;
    room -= session.chatting.length;
    return session.ringing.flatMap((chatId) => {
      const chat = state.chats.get(chatId);
      const service = chat === undefined ? null : serviceOf(chat);
      if (service?.name !== 'ringing' || isAimed(service.offer.why)) return [];
      const named = service.waiting.forUserId !== null;
      if (room > 0 && (named || holds(user, chat?.skillId ?? null))) {
        room -= 1;
        return [];
      }
      return [offerWithdrawn(session, chatId, 'reconfigured')];
    });
  });
}

/** Whether somebody chose the agent: then neither skills nor the cap were asked. */
function isAimed({ rule }: RoutingReason): boolean {
  return rule === 'transfer-to-agent' || rule === 'assigned';
}

/** Accepts the chat that rings longest. */
export function accept(
  { state, config, now }: DecisionContext,
  sessionId: string,
): Decision<{ chatId: string }> {
  const session = state.sessions.get(sessionId);
  if (session === undefined) return { rejected: 'unknown-session', sessionId };
  const chatId = session.ringing[0];
  const chat = chatId === undefined ? undefined : state.chats.get(chatId);
  if (chat === undefined) return { rejected: 'nothing-ringing' };
  const nickname = config.users.get(session.userId)?.nickname ?? '';
  const feed = FeedWriter.after(chat, now)
    .state('chatting')
    .system(config, chat.visitor.language, 3, { nickname });
  return {
    events: [
      { type: 'chat.accepted', chatId: chat.id, userId: session.userId, feed: feed.entries },
    ],
    reply: { chatId: chat.id },
  };
}
