/** Decisions about chats. */
import { authorOf, requireNewId } from '../actor.js';
import type { AccountCommand } from '../commands.js';
import type { Decision } from '../decision.js';
import { answerToLine } from '../escalation/answer-limit.js';
import type { AccountEvent } from '../events.js';
import { bytesOf } from '../memory/bytes.js';
import { BYTES_PER_CHAT, bytesOfEntry } from '../memory/memory.js';
import type { NoRoom } from '../memory/no-room.js';
import { refusalFor, standingOf } from '../memory/room.js';
import { waitingParticipant } from '../participants/identify.js';
import { isOpen, nextOpening } from '../routing/opening-hours.js';
import {
  agentsForTransfer,
  canTakeTransfer,
  mayTransfer,
  relativeLoad,
  someoneOnline,
} from '../routing/routing.js';
import type { AgentSession } from '../sessions/session.js';
import type { DecisionContext } from '../context.js';
import { type FilledSurvey, sameAnswers } from '../surveys/surveys.js';
import { type Access, access } from './access.js';
import type { Chat } from './chat.js';
import type { Party } from './commands.js';
import type { FeedEntry, Source } from './entries.js';
import type { ChatEndReason } from './events.js';
import { hasRoom, mostIn } from './feed-limits.js';
import { FeedWriter } from './feed.js';
import { chatForWriting } from './former-agents.js';
import { isOver } from './service.js';
import type { NotYours } from './whereabouts.js';

type Command<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>;

export function requestChat(
  context: DecisionContext,
  command: Command<'chat.request'>,
): Decision<{ chatId: string }> {
  const { state, config, now, room } = context;
  const { skillId, forUserId, visitor, participant } = command;
  const chatId = requireNewId(context);
  const skill = skillId === null ? undefined : config.skills.get(skillId);
  if (skillId !== null && skill === undefined) return { rejected: 'unknown-skill', skillId };
  if (forUserId !== null && !config.users.get(forUserId)?.enabled) {
    return { rejected: 'unknown-user', userId: forUserId };
  }
  const identified = participant === undefined ? null : waitingParticipant(context, participant);
  if (participant !== undefined && identified === null) return { rejected: 'unknown-participant' };
  const { settings } = config;
  const open = isOpen(settings, now);
  if (
    settings.nobodyOnline.atStart === 'refuse' &&
    !(open && someoneOnline(state, config, skillId, forUserId))
  ) {
    return { rejected: 'nobody-online' };
  }
  const feed = new FeedWriter(0, now).state('waiting').system(config, visitor.language, 4);
  for (const line of command.preChatLines) feed.hidden(line, 'info', 'system', 'visitor');
  const requested: AccountEvent = {
    type: 'chat.requested',
    chatId,
    skillId,
    forUserId,
    visitor,
    timeout: command.timeout ?? settings.visitorTimeoutSeconds,
    maxWait: command.maxWait ?? skill?.maxWaitTime ?? settings.maxWaitSeconds,
    feed: feed.entries,
    ...(command.variables?.length ? { variables: command.variables } : {}),
    ...(command.preChat === undefined ? {} : { preChat: command.preChat }),
    ...(participant === undefined ? {} : { conversationId: participant.conversationId }),
  };
  const { sharkSessionId, sharkVisitorId, visitorId, ip } = visitor;
  const visits = state.memory.bytesToUse(sharkSessionId, [sharkVisitorId, visitorId]);
  const bytes = BYTES_PER_CHAT + bytesOf(requested) + bytesOf(identified) + visits;
  const refusal = refusalFor(state, room, { ip, standing: 'stranger', bytes });
  if (refusal !== null) return refusal;
  return {
    events: [
      requested,
      ...(open ? [] : [{ type: 'chat.held', chatId, until: nextOpening(settings, now) } as const]),
    ],
    reply: { chatId },
  };
}

export function addLine(
  context: DecisionContext,
  command: Command<'chat.addLine'>,
): Decision<{ eventId: number }> {
  const { state, config, now, actor } = context;
  const { chatId, from, text, textType, json } = command;
  const speaker = speakerOf(context, chatId, from);
  if ('rejected' in speaker) return speaker;
  const { chat, session, role } = speaker;
  // A visitor cannot whisper: what they say is for everybody in the chat.
  const subType = session === null ? 'REGULAR' : command.subType;
  // Nor does what a visitor says ever become markup.
  const spoken = session === null ? 'plain' : textType;
  if (subType === 'REGULAR' && !speaker.speaks && role !== 'visitor') {
    return { rejected: 'role-refused', chatId, role, to: 'speak' };
  }
  // The last agent may still leave a note in a chat that is over.
  const noteAfterEnd = role === 'agent' && subType === 'ONLY_TO_REP';
  if (isOver(chat) && !noteAfterEnd) return { rejected: 'chat-ended', chatId };
  const feed = FeedWriter.after(chat, now).line({
    text,
    textType: spoken,
    by: session === null ? chat.visitorName : (config.users.get(session.userId)?.nickname ?? ''),
    source: session === null ? 'visitor' : 'agent',
    subType,
    author: authorOf(actor),
    ...(spoken === 'rich-content' && json !== undefined ? { json } : {}),
  });
  feed.keyed(context.idempotency);
  if (!feed.entries.every((line) => hasRoom(state, chat, line))) {
    return { rejected: 'chat-full', chatId, most: mostIn(chat) };
  }
  const bytes = feed.entries.reduce((sum, entry) => sum + bytesOfEntry(entry), 0);
  const refusal = refusalOf(context, { chat, session }, bytes);
  if (refusal !== null) return refusal;
  const due = session === null ? answerToLine(context, chat) : {};
  return {
    events: [{ type: 'chat.line', chatId, ...due, feed: feed.entries }],
    reply: { eventId: chat.feed.length },
  };
}

export function endChat(
  context: DecisionContext,
  chatId: string,
  from: Party,
): Decision<{ eventId: number }> {
  const speaker = speakerOf(context, chatId, from);
  if ('rejected' in speaker) return speaker;
  const { chat, session, role } = speaker;
  if (!speaker.ends && role !== 'visitor') {
    return { rejected: 'role-refused', chatId, role, to: 'end' };
  }
  if (isOver(chat)) return { rejected: 'chat-ended', chatId };
  const feed = FeedWriter.after(chat, context.now);
  if (session !== null) feed.system(context.config, chat.visitor.language, 5);
  feed.state('ended').keyed(context.idempotency);
  const by = session === null ? 'visitor' : 'agent';
  return {
    events: [ended(context, chat, by, by, feed.entries)],
    reply: { eventId: chat.feed.length + feed.entries.length - 1 },
  };
}

export function visitorLost(
  context: DecisionContext,
  chatId: string,
): Decision<Record<never, never>> {
  const { state, config, now } = context;
  const chat = state.chats.get(chatId);
  if (chat === undefined || isOver(chat)) return { events: [], reply: {} };
  const feed = FeedWriter.after(chat, now).system(config, chat.visitor.language, 6).state('ended');
  return {
    events: [ended(context, chat, 'system', 'visitor-silent', feed.entries)],
    reply: {},
  };
}

/** The fact that a chat is over. */
export function ended(
  { config, now }: DecisionContext,
  chat: Chat,
  by: Source,
  reason: ChatEndReason,
  feed: readonly FeedEntry[],
): Extract<AccountEvent, { type: 'chat.ended' }> {
  const readableUntil = now + config.settings.readableSeconds * 1000;
  return { type: 'chat.ended', chatId: chat.id, by, reason, readableUntil, feed };
}

export function setVisitorName(
  context: DecisionContext,
  chatId: string,
  name: string,
): Decision<Record<never, never>> {
  const chat = context.state.chats.get(chatId);
  if (chat === undefined) return { rejected: 'unknown-chat', chatId };
  if (isOver(chat)) return { rejected: 'chat-ended', chatId };
  if (chat.visitorName === name) return { events: [], reply: {} };
  const refusal = refusalOf(context, { chat, session: null }, bytesOf(name));
  if (refusal !== null) return refusal;
  return { events: [{ type: 'chat.visitorNamed', chatId, name }], reply: {} };
}

export function transfer(
  context: DecisionContext,
  command: Command<'chat.transfer'>,
): Decision<Record<never, never>> {
  const { state, config, now, actor } = context;
  const { chatId, sessionId, to, text } = command;
  const found = chatForWriting(context, sessionId, chatId);
  if ('rejected' in found) return found;
  const { chat, session, role } = found;
  if (!found.leads) return { rejected: 'role-refused', chatId, role, to: 'lead' };
  if (chat.phase.name !== 'active') return { rejected: 'chat-ended', chatId };
  const fromUserId = session.userId;
  const me = config.users.get(fromUserId)?.nickname ?? '';
  const feed = FeedWriter.after(chat, now);
  const { language } = chat.visitor;
  if ('skillId' in to) {
    const { skillId } = to;
    const skill = config.skills.get(skillId);
    const refused = (because: 'unknown' | 'kept' | 'nobody') =>
      ({ rejected: 'skill-unavailable', skillId, because }) as const;
    if (skill === undefined) return refused('unknown');
    if (!mayTransfer(config, chat.skillId, skillId)) return refused('kept');
    // An agent cannot give a chat away to themselves: somebody else must serve the skill.
    if (agentsForTransfer(state, config, skillId, fromUserId) === 0) return refused('nobody');
    feed.system(config, language, 15, { skill: skill.name }).state('waiting');
    if (text !== null) feed.hidden(text, me, 'agent', authorOf(actor));
    return {
      events: [{ type: 'chat.transferred', chatId, fromUserId, to, feed: feed.entries }],
      reply: {},
    };
  }
  const target = config.users.get(to.userId);
  const theirs = state.sessionOfUser.get(to.userId);
  const refused = (because: 'unknown' | 'giver' | 'absent' | 'full') =>
    ({ rejected: 'agent-unavailable', userId: to.userId, because }) as const;
  if (!target?.enabled) return refused('unknown');
  if (target.id === fromUserId) return refused('giver');
  if (theirs === undefined || theirs.availability === 'Away') return refused('absent');
  if (!canTakeTransfer(state, config, target.id)) return refused('full');
  feed.system(config, language, 13, { nickname: target.nickname }).state('waiting');
  if (text !== null) feed.hidden(text, me, 'agent', authorOf(actor));
  const load = relativeLoad(theirs, target);
  const idleMs = now - theirs.idleSince;
  return {
    events: [
      { type: 'chat.transferred', chatId, fromUserId, to, feed: feed.entries },
      {
        type: 'chat.rang',
        chatId,
        userId: target.id,
        until: now + config.settings.ringSeconds * 1000,
        why: { rule: 'transfer-to-agent', candidates: 1, load, idleMs },
      },
    ],
    reply: {},
  };
}

/** The visitor's is the exit survey, the agent's their own; the last answers given count. */
export function answerSurvey(
  context: DecisionContext,
  chatId: string,
  from: Party,
  survey: FilledSurvey,
): Decision<Record<never, never>> {
  const speaker = speakerOf(context, chatId, from);
  if ('rejected' in speaker) return speaker;
  const { role } = speaker;
  if (role !== 'visitor' && !speaker.leads) {
    return { rejected: 'role-refused', chatId, role, to: 'lead' };
  }
  const kind = from.party === 'visitor' ? 'exit' : 'agent';
  const before = speaker.chat.surveys?.[kind] ?? null;
  if (before !== null && sameAnswers(before, survey)) return { events: [], reply: {} };
  const refusal = refusalOf(context, speaker, bytesOf(survey));
  if (refusal !== null) return refusal;
  const byUserId = speaker.session?.userId ?? null;
  return {
    events: [{ type: 'chat.surveyAnswered', chatId, kind, byUserId, survey }],
    reply: {},
  };
}

type Speaker = Access & { readonly session: AgentSession | null };

type Holder = Pick<Speaker, 'chat' | 'session'>;

/** Who does something in a chat, and what they may do: its visitor, or somebody of the account who is in it. */
export function speakerOf(
  context: DecisionContext,
  chatId: string,
  from: Party,
): Speaker | NotYours {
  if (from.party === 'agent') return chatForWriting(context, from.sessionId, chatId);
  const found = access(context.state, context.config, { by: 'visitor' }, chatId);
  return found === null ? { rejected: 'unknown-chat', chatId } : { ...found, session: null };
}

/** Null when what somebody adds to a chat finds room; what is added to an ended one makes its own. */
function refusalOf(
  { state, room }: DecisionContext,
  { chat, session }: Holder,
  bytes: number,
): NoRoom | null {
  if (isOver(chat)) return null;
  const standing = session === null ? standingOf(chat) : 'user';
  return refusalFor(state, room, { ip: chat.visitor.ip, standing, bytes });
}
