/** Decisions that time brings: rings that nobody answered, waits that grew too long. */
import type { Chat } from './chats/chat.js';
import { ended } from './chats/decide.js';
import { FeedWriter } from './chats/feed.js';
import { agentOffer, queuedAs } from './chats/service.js';
import { uninviteAll, uninvited } from './collaboration/decide.js';
import type { Decision } from './decision.js';
import { delegationOver } from './delegations/decide.js';
import { DELEGATION } from './delegations/delegation.js';
import { answerOverdue, extendAnswers } from './escalation/decide.js';
import type { AccountEvent } from './events.js';
import { PARTICIPANTS_DEADLINE, forgetParticipants } from './participants/identify.js';
import { isOpen, nextOpening } from './routing/opening-hours.js';
import { someoneFor } from './routing/routing.js';
import { chatsBeside } from './sessions/beside.js';
import type { DecisionContext } from './context.js';
import { suggestionOver } from './suggestions/decide.js';
import { SUGGESTION } from './suggestions/evolve.js';
import { VISITS_DEADLINE, forgetSilentVisits } from './visits/visits.js';

/**
 * @param due Keys of deadlines that came due; those that no longer mean anything, or whose time has
 *   moved since, are passed over.
 */
export function tick(
  context: DecisionContext,
  due: readonly string[],
): Decision<Record<never, never>> {
  const { state, now } = context;
  const events: AccountEvent[] = [];
  const forgotten: string[] = [];
  const turnedAway = new Set<string>();
  /** Chats that end by this tick: a late look may find several deadlines of one chat. */
  const over = new Set<string>();
  for (const key of due) {
    if (key === VISITS_DEADLINE) {
      events.push(...forgetSilentVisits(context));
      continue;
    }
    if (key === PARTICIPANTS_DEADLINE) {
      events.push(...forgetParticipants(context));
      continue;
    }
    if (key.startsWith(`${DELEGATION}:`)) {
      const [sessionId = '', id = ''] = key.slice(DELEGATION.length + 1).split(' ');
      events.push(...delegationOver(context, sessionId, id));
      continue;
    }
    const [what, chatId, offerId] = split(key);
    const chat = state.chats.get(chatId);
    if (chat === undefined) continue;
    if (what === SUGGESTION) events.push(...suggestionOver(context, chat, offerId ?? 0));
    else if (offerId !== null) events.push(...invitationOver(context, chat, offerId));
    else if (what === 'ring') events.push(...ringOver(context, chat, turnedAway));
    else if (what === 'answer') events.push(...answerOverdue(context, chat));
    else if (what === 'busy') {
      const news = waitedTooLong(context, chat);
      if (news.some(({ type }) => type === 'chat.ended')) over.add(chatId);
      events.push(...news);
    } else if (what === 'open' && !over.has(chatId)) events.push(...holdOrRelease(context, chat));
    else if (what === 'forget' && isForgettable(chat, now)) {
      forgotten.push(chatId);
    }
  }
  if (forgotten.length > 0) events.push({ type: 'chats.forgotten', chatIds: forgotten });
  return { events, reply: {} };
}

function isForgettable({ phase }: Chat, now: number): boolean {
  return phase.name === 'ended' && now >= phase.readableUntil;
}

function split(key: string): readonly [string, string, number | null] {
  const colon = key.indexOf(':');
  const [chatId = '', offerId] = key.slice(colon + 1).split(' ');
  return [key.slice(0, colon), chatId, offerId === undefined ? null : Number(offerId)];
}

/** An invitation that nobody answered changes no availability. */
function invitationOver({ now }: DecisionContext, chat: Chat, offerId: number): AccountEvent[] {
  const offer = chat.offers.find(({ id }) => id === offerId);
  if (offer === undefined || now < offer.until) return [];
  const over = uninvited(chat.id, offer, 'unanswered');
  return over === null ? [] : [over];
}

/** Not accepted in time: the agent turns Away, and whatever else rings there goes on at once. */
function ringOver(context: DecisionContext, chat: Chat, turnedAway: Set<string>): AccountEvent[] {
  const { state, now } = context;
  const offer = agentOffer(chat);
  if (offer === null || now < offer.until) return [];
  const { userId } = offer;
  const session = state.sessionOfUser.get(userId);
  if (session === undefined || turnedAway.has(session.id)) return [];
  turnedAway.add(session.id);
  return [
    ...session.ringing.map(
      (chatId): AccountEvent => ({
        type: 'chat.offerWithdrawn',
        chatId,
        userId,
        reason: chatId === chat.id ? 'unanswered' : 'away',
      }),
    ),
    ...uninviteAll(context, session, 'away'),
    {
      type: 'session.availability',
      sessionId: session.id,
      availability: 'Away',
      reason: 'ring-unanswered',
    },
  ];
}

/** Announced once, and only while nobody is there for it; then the account's choice. */
export function waitedTooLong(context: DecisionContext, chat: Chat): AccountEvent[] {
  const { state, config, now } = context;
  const waiting = queuedAs(chat);
  if (waiting === null || chat.busyAnnounced) return [];
  if (now < waiting.since + chat.maxWait * 1000) return [];
  if (someoneFor(state, config, chat, waiting, now)) return [];
  const feed = FeedWriter.after(chat, now).system(config, chat.visitor.language, 2);
  if (config.settings.nobodyOnline.afterMaxWait === 'wait') {
    return [{ type: 'chat.busy', chatId: chat.id, feed: feed.entries }];
  }
  return [ended(context, chat, 'system', 'nobody-online', feed.state('ended').entries)];
}

/** The late chats that nobody is there for any more, by id. Deadlines cover the moment a wait is over. */
export function lateChatsOfNobody({ state, config, now }: DecisionContext): string[] {
  const ids: string[] = [];
  for (const group of state.late.groups()) {
    const [first = ''] = group;
    const chat = state.chats.get(first);
    const waiting = chat === undefined ? null : queuedAs(chat);
    if (chat === undefined || waiting === null) continue;
    if (!someoneFor(state, config, chat, waiting, now)) ids.push(...group);
  }
  return ids;
}

/** A chat that waits for the account to open goes on when it is open, and waits on when it is not. */
export function holdOrRelease(context: DecisionContext, chat: Chat): AccountEvent[] {
  if (chat.heldUntil === undefined) return [];
  const until = opensAt(context);
  return until === chat.heldUntil ? [] : [{ type: 'chat.held', chatId: chat.id, until }];
}

/** When the account opens, epoch ms; null when it is open. Finding it out takes a while. */
function opensAt(context: DecisionContext): number | null {
  const known = openings.get(context);
  if (known !== undefined) return known;
  const { settings } = context.config;
  const until = isOpen(settings, context.now) ? null : nextOpening(settings, context.now);
  openings.set(context, until);
  return until;
}

const openings = new WeakMap<DecisionContext, number | null>();

/**
 * After a stop of any length whoever is being rung has the whole time again, and programs that were to
 * answer meanwhile have as long. `execute` looks at the
 * configuration anew afterwards, since it may have changed meanwhile.
 */
export function resume(context: DecisionContext, moved: number): Decision<Record<never, never>> {
  const { state, config, now } = context;
  const events = moveDeadlines(context, moved);
  const ringing = [...state.sessions.values()].flatMap((session) => [
    ...session.ringing,
    ...chatsBeside(session, 'asked'),
  ]);
  const chatIds = [...new Set(ringing)];
  const until = now + config.settings.ringSeconds * 1000;
  events.push(...extendAnswers(context, until));
  if (chatIds.length > 0) {
    events.push({ type: 'rings.extended', chatIds, until });
  }
  return { events, reply: {} };
}

/** What was to come after some time comes after that time, however the clock was set meanwhile. */
export function moveDeadlines({ state }: DecisionContext, by: number): AccountEvent[] {
  const { chats, visits, outbox, participants, retries, sessions } = state;
  const isNothingDue =
    [chats, visits, outbox, participants, retries.records].every(({ size }) => size === 0) &&
    [...sessions.values()].every(({ delegations }) => delegations === undefined);
  return by === 0 || isNothingDue ? [] : [{ type: 'clock.moved', by }];
}
