/** Decisions about agent sessions. */
import { requireNewId } from '../actor.js';
import type { WithdrawalReason } from '../chats/events.js';
import { FeedWriter } from '../chats/feed.js';
import type { Chat, Offer } from '../chats/chat.js';
import { serviceOf } from '../chats/service.js';
import { maySupervise } from '../chats/supervision.js';
import { join, leaveAs, left, uninviteAll, uninvited } from '../collaboration/decide.js';
import type { AccountCommand, Replies } from '../commands.js';
import { type AccountConfig, mayWork } from '../config.js';
import type { Decision } from '../decision.js';
import { answerToWaiting, isProgram } from '../escalation/answer-limit.js';
import type { AccountEvent } from '../events.js';
import type { RoutingReason } from '../routing/reason.js';
import { holds, someoneOnline } from '../routing/routing.js';
import type { DecisionContext } from '../context.js';
import type { AccountState } from '../state.js';
import type { SessionEndReason } from './events.js';
import { chatsBeside } from './beside.js';
import { type AgentSession, loadOf } from './session.js';
import { whyNot } from './status-reasons.js';

type Open = Extract<AccountCommand, { type: 'session.open' }>;

type SetAvailability = Extract<AccountCommand, { type: 'session.setAvailability' }>;

/** Whether a user may have such a session. */
export function mayHave(
  config: AccountConfig,
  { userId, supervises }: { readonly userId: number; readonly supervises?: true | undefined },
): boolean {
  return supervises === true ? maySupervise(config, userId) : mayWork(config, userId);
}

/** A user has one live session: a new one takes over the chats of the one before. */
export function openSession(
  context: DecisionContext,
  command: Open,
): Decision<{ sessionId: string }> {
  const { state, config } = context;
  const { userId, cookieHash, signedOutAt, supervises } = command;
  const sessionId = requireNewId(context);
  if (!mayHave(config, { userId, supervises })) return { rejected: 'unknown-user', userId };
  const before = state.sessionOfUser.get(userId);
  return {
    events: [
      // Nothing rings where somebody watches.
      ...(before === undefined || supervises === undefined ? [] : silence(context, before, 'away')),
      {
        type: 'session.opened',
        sessionId,
        userId,
        takesOver: before?.id ?? null,
        takenOver: before === undefined ? [] : [...before.chatting],
        cookieHash,
        ...(signedOutAt === undefined ? {} : { signedOutAt }),
        ...(supervises === undefined ? {} : { supervises }),
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
  const beside = chatsBeside(session, 'in').slice(0, MAX_LEAVING);
  const leaving = session.chatting.slice(0, MAX_LEAVING - beside.length);
  const events: AccountEvent[] = [
    ...silence(context, session, 'session-ended'),
    ...beside.map((chatId) => leaveBeside(context, session, chatId)),
    ...leaving.map((chatId) => requeue(context, session, chatId, reason)),
  ];
  const all = session.chatting.length + chatsBeside(session, 'in').length;
  if (leaving.length + beside.length === all) {
    events.push({ type: 'session.ended', sessionId, userId: session.userId, reason });
    return { events, reply: {} };
  }
  const away: AccountEvent = {
    type: 'session.availability',
    sessionId,
    availability: 'Away',
    reason: 'asked',
  };
  const first = session.availability === 'Away' ? [] : [away];
  return { events: [...first, ...events], reply: {}, again: true };
}

function leaveBeside(
  context: DecisionContext,
  { id, userId }: AgentSession,
  chatId: string,
): AccountEvent {
  const chat = context.state.chats.get(chatId);
  const own = chat?.participants.find((one) => one.userId === userId);
  if (chat === undefined || own === undefined) throw new Error(`session ${id} is not in ${chatId}`);
  return left(context, chat, own, 'session-ended');
}

function requeue(
  context: DecisionContext,
  session: AgentSession,
  chatId: string,
  reason: SessionEndReason,
): AccountEvent {
  const { state, config, now } = context;
  const chat = state.chats.get(chatId);
  if (chat === undefined) throw new Error(`session ${session.id} holds unknown chat ${chatId}`);
  const feed = FeedWriter.after(chat, now);
  const { language } = chat.visitor;
  // A skill that does not exist any more asks for nobody in particular.
  const skillId = chat.skillId !== null && config.skills.has(chat.skillId) ? chat.skillId : null;
  const { userId: fromUserId } = session;
  if (someoneOnline(state, config, skillId, null, fromUserId)) {
    feed.system(config, language, 23).state('waiting');
    const back = { type: 'chat.requeued', chatId, fromUserId, feed: feed.entries } as const;
    if (reason !== 'lost' || !isProgram(config, fromUserId)) return back;
    const name = config.users.get(fromUserId)?.nickname ?? '';
    feed.hidden(`${name} gave no heartbeat any more.`, 'info', 'system', 'system');
    return { ...back, lost: true, feed: feed.entries };
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
  context: DecisionContext,
  command: SetAvailability,
): Decision<Replies['session.setAvailability']> {
  const { state, config } = context;
  const { sessionId, availability } = command;
  const reasonId = command.reasonId ?? null;
  const session = state.sessions.get(sessionId);
  if (session === undefined) return { rejected: 'unknown-session', sessionId };
  if (session.supervises === true && availability !== 'Away') {
    return { rejected: 'session-watches', sessionId };
  }
  const reply = { availability, reasonId };
  if (session.availability === availability && session.reasonId === reasonId) {
    return { events: [], reply };
  }
  const { actor } = context;
  const byOther = actor.by === 'user' && actor.userId !== session.userId ? actor.userId : null;
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
        ...(byOther === null ? {} : { byUserId: byOther }),
      },
      ...(availability === 'Away' ? silence(context, session, 'away') : []),
    ],
    reply,
  };
}

/** Takes back all that rings at a session: chats, and invitations. */
function silence(
  context: DecisionContext,
  session: AgentSession,
  reason: 'away' | 'session-ended',
): AccountEvent[] {
  return [
    ...session.ringing.map((chatId) => offerWithdrawn(session, chatId, reason)),
    ...uninviteAll(context, session, reason),
  ];
}

function offerWithdrawn(
  session: AgentSession,
  chatId: string,
  reason: WithdrawalReason,
): AccountEvent {
  return { type: 'chat.offerWithdrawn', chatId, userId: session.userId, reason };
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
    room -= loadOf(session) - session.ringing.length;
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

/** An open offer to a user, and its chat. */
interface Ringing {
  readonly chat: Chat;
  readonly offer: Offer;
}

/** All that ring at a session, the longest-ringing first. */
export function ringingAt({ chats }: AccountState, session: AgentSession): readonly Ringing[] {
  const ids = new Set([...session.ringing, ...chatsBeside(session, 'asked')]);
  return [...ids]
    .flatMap((chatId) => {
      const chat = chats.get(chatId);
      const own = chat?.offers.filter(({ userId }) => userId === session.userId) ?? [];
      return chat === undefined ? [] : own.map((offer) => ({ chat, offer }));
    })
    .sort((a, b) => a.offer.id - b.offer.id);
}

/** What rings at a session by this id; the longest-ringing for null. */
function ringingBy(
  state: AccountState,
  session: AgentSession,
  offerId: number | null,
): Ringing | undefined {
  const all = ringingAt(state, session);
  return offerId === null ? all[0] : all.find(({ offer }) => offer.id === offerId);
}

/** Accepts an offer: to be a chat's agent, or to come in beside it. */
export function accept(
  context: DecisionContext,
  sessionId: string,
  offerId: number | null,
): Decision<{ chatId: string }> {
  const { state, config, now } = context;
  const session = state.sessions.get(sessionId);
  if (session === undefined) return { rejected: 'unknown-session', sessionId };
  const ringing = ringingBy(state, session, offerId);
  if (ringing === undefined) return { rejected: 'nothing-ringing' };
  const { chat, offer } = ringing;
  const reply = { chatId: chat.id };
  if (offer.role !== 'agent') return { events: [join(context, chat, offer)], reply };
  const { userId } = session;
  const nickname = config.users.get(userId)?.nickname ?? '';
  const feed = FeedWriter.after(chat, now);
  leaveAs(context, chat, userId, feed);
  feed.state('chatting').system(config, chat.visitor.language, 3, { nickname });
  const due = answerToWaiting(context, chat, userId);
  return {
    events: [{ type: 'chat.accepted', chatId: chat.id, userId, ...due, feed: feed.entries }],
    reply,
  };
}

/**
 * Declines an offer. Who declines a chat turns Away, as who lets it ring, so that it is not given to them
 * again; who declines an invitation stays what they are.
 */
export function decline(
  context: DecisionContext,
  sessionId: string,
  offerId: number,
): Decision<Record<never, never>> {
  const session = context.state.sessions.get(sessionId);
  if (session === undefined) return { rejected: 'unknown-session', sessionId };
  const ringing = ringingBy(context.state, session, offerId);
  if (ringing === undefined) return { rejected: 'nothing-ringing' };
  const { chat, offer } = ringing;
  const declined = uninvited(chat.id, offer, 'declined');
  if (declined !== null) return { events: [declined], reply: {} };
  return {
    events: [
      ...session.ringing.map((chatId) =>
        offerWithdrawn(session, chatId, chatId === chat.id ? 'declined' : 'away'),
      ),
      ...uninviteAll(context, session, 'away'),
      { type: 'session.availability', sessionId, availability: 'Away', reason: 'ring-declined' },
    ],
    reply: {},
  };
}
