/** What chats become by what happens to them. */
import { isAnswer, noAnswerDue, setAnswerDue } from '../escalation/answer-limit.js';
import { enqueueFailed } from '../escalation/failed.js';
import { requireChat, requireService, requireSessionOfUser } from '../require.js';
import { forgetParticipant } from '../participants/identify.js';
import { countRing } from '../routing/group-share.js';
import { withRouted } from '../routing/reason.js';
import { dequeue, enqueue, noteLate } from '../routing/queues.js';
import { addHandling, addWait } from '../routing/samples.js';
import type { AccountState } from '../state.js';
import { endSuggestions } from '../suggestions/evolve.js';
import { withSurvey } from '../surveys/surveys.js';
import { releaseVisits, setVisitsDeadline, touchVisit } from '../visits/visits.js';
import type { Chat } from './chat.js';
import type { FeedEntry } from './entries.js';
import type { ChatEvent } from './events.js';
import {
  allLeaveBeside,
  becomeAgent,
  leaveAgent,
  ringKey,
  withdraw,
  withoutAgent,
} from './people.js';
import { serviceOf } from './service.js';
import { withVariables } from './variables.js';

/** When a chat that waits for the account to open is to be looked at again. */
export function setOpenDeadline(state: AccountState, chat: Chat): void {
  if (chat.heldUntil === undefined) state.deadlines.clear(`open:${chat.id}`);
  else state.deadlines.set(`open:${chat.id}`, chat.heldUntil);
}

/** Adds entries to the feed of a chat; their ids must go on where it ends. */
export function addToFeed(
  state: AccountState,
  chat: Chat,
  feed: readonly FeedEntry[],
  at: number,
): void {
  for (const entry of feed) {
    if (entry.id !== chat.feed.length) {
      throw new Error(`chat ${chat.id}: event ${entry.id} after ${chat.feed.length - 1}`);
    }
    chat.feed.push(entry);
  }
  state.memory.feedGrew(chat.id, feed);
  state.retries.addEntries(chat.id, feed);
  touch(state, chat, at);
}

/** What the chat says beside its feed has changed. */
function changed(state: AccountState, chat: Chat, at: number): void {
  state.memory.chatChanged(chat);
  touch(state, chat, at);
}

function touch(state: AccountState, chat: Chat, at: number): void {
  chat.lastUpdate = at;
  chat.seq = state.seq;
}

/**
 * Folds an event into the state, in place.
 * @param at when it happened, epoch ms
 * @throws Error when the event does not fit the state
 */
export function evolveChats(state: AccountState, event: ChatEvent, at: number): void {
  switch (event.type) {
    case 'chat.requested': {
      const chat: Chat = {
        id: event.chatId,
        requestedAt: at,
        requestedSeq: state.seq,
        timeout: event.timeout,
        maxWait: event.maxWait,
        visitor: event.visitor,
        visitorName: event.visitor.name,
        skillId: event.skillId,
        phase: { name: 'waiting', waiting: { since: at, forUserId: null, transferredBy: null } },
        participants: [],
        offers: [],
        busyAnnounced: false,
        acceptedAt: null,
        variables: withVariables(null, event.variables ?? [], at),
        surveys:
          event.preChat === undefined ? null : withSurvey(null, 'preChat', event.preChat, at),
        transcripts: 0,
        read: null,
        formerAgents: [],
        participant: state.participants.get(event.conversationId ?? '') ?? null,
        feed: [],
        lastUpdate: at,
        seq: state.seq,
      };
      if (event.conversationId !== undefined) forgetParticipant(state, event.conversationId);
      state.chats.set(chat.id, chat);
      state.memory.addChat(chat);
      addToFeed(state, chat, event.feed, at);
      enqueue(state, chat, { since: at, forUserId: event.forUserId, transferredBy: null });
      const visit = state.visits.get(event.visitor.sharkSessionId ?? '');
      if (visit === undefined) setVisitsDeadline(state);
      else touchVisit(state, visit, at);
      return;
    }
    case 'chat.busy': {
      const chat = requireChat(state, event.chatId);
      chat.busyAnnounced = true;
      state.late.delete(chat.id);
      state.deadlines.clear(`busy:${chat.id}`);
      addToFeed(state, chat, event.feed, at);
      return;
    }
    case 'chat.held': {
      const chat = requireChat(state, event.chatId);
      const { waiting } = requireService(chat, 'waiting');
      const wasLate = state.late.has(chat.id);
      dequeue(state, chat, waiting);
      chat.heldUntil = event.until ?? undefined;
      enqueue(state, chat, waiting);
      setOpenDeadline(state, chat);
      if (wasLate) noteLate(state, chat, waiting);
      return;
    }
    case 'chat.rang': {
      const chat = requireChat(state, event.chatId);
      dequeue(state, chat, requireService(chat, 'waiting').waiting);
      const { userId, until, why } = event;
      chat.offers = [
        ...chat.offers,
        { id: state.seq, userId, role: 'agent', since: at, until, why },
      ];
      chat.seq = state.seq;
      chat.routed = withRouted(chat.routed, { userId, role: 'agent', at, why });
      const session = requireSessionOfUser(state, event.userId);
      session.ringing.push(chat.id);
      session.idleSince = at;
      session.seq = state.seq;
      state.deadlines.set(`ring:${chat.id}`, event.until);
      if (event.why.group !== undefined && chat.skillId !== null) {
        countRing(state, chat.skillId, event.why.group);
      }
      return;
    }
    case 'rings.extended': {
      for (const chatId of event.chatIds) {
        const chat = requireChat(state, chatId);
        const { until } = event;
        chat.offers = chat.offers.map((offer) => ({ ...offer, until }));
        chat.seq = state.seq;
        for (const offer of chat.offers) {
          requireSessionOfUser(state, offer.userId).seq = state.seq;
          state.deadlines.set(ringKey(chat.id, offer), until);
        }
      }
      return;
    }
    case 'chat.offerWithdrawn': {
      const chat = requireChat(state, event.chatId);
      const { offer, waiting } = requireService(chat, 'ringing');
      withdraw(state, chat, offer);
      // A transfer to one agent that was not answered falls back to the chat's skill; a chat whose
      // visitor named an agent keeps waiting for that agent.
      const forUserId = waiting.transferredBy === null ? waiting.forUserId : null;
      enqueue(state, chat, { ...waiting, forUserId });
      return;
    }
    case 'chat.accepted': {
      const chat = requireChat(state, event.chatId);
      const { offer } = requireService(chat, 'ringing');
      becomeAgent(state, chat, event.userId, at);
      if (chat.acceptedAt === null) {
        chat.acceptedAt = at;
        addWait(state, chat, at, at - offer.since);
      }
      setAnswerDue(state, chat, event.answerBy);
      addToFeed(state, chat, event.feed, at);
      return;
    }
    case 'chat.line': {
      const chat = requireChat(state, event.chatId);
      if (event.feed.some(isAnswer)) noAnswerDue(state, chat);
      setAnswerDue(state, chat, event.answerBy);
      addToFeed(state, chat, event.feed, at);
      return;
    }
    case 'chat.requeued': {
      const chat = requireChat(state, event.chatId);
      leaveAgent(state, chat, at);
      withoutAgent(chat);
      addToFeed(state, chat, event.feed, at);
      if (event.lost === true) enqueueFailed(state, chat, event.fromUserId, at);
      else enqueue(state, chat, { since: at, forUserId: null, transferredBy: null });
      return;
    }
    case 'chat.transferred': {
      const chat = requireChat(state, event.chatId);
      addHandling(state, chat, requireService(chat, 'chatting').since, at);
      leaveAgent(state, chat, at);
      withoutAgent(chat);
      addToFeed(state, chat, event.feed, at);
      const waiting = { since: at, transferredBy: event.fromUserId };
      if ('skillId' in event.to) {
        chat.skillId = event.to.skillId;
        enqueue(state, chat, { ...waiting, forUserId: null });
      } else {
        enqueue(state, chat, { ...waiting, forUserId: event.to.userId });
      }
      return;
    }
    case 'chat.reassigned': {
      const chat = requireChat(state, event.chatId);
      const { waiting } = requireService(chat, 'waiting');
      dequeue(state, chat, waiting);
      addToFeed(state, chat, event.feed, at);
      chat.skillId = event.skillId;
      enqueue(state, chat, { ...waiting, forUserId: event.forUserId });
      return;
    }
    case 'chat.ended': {
      const chat = requireChat(state, event.chatId);
      const service = serviceOf(chat);
      if (service.name === 'waiting') dequeue(state, chat, service.waiting);
      else if (service.name === 'chatting') {
        addHandling(state, chat, service.since, at);
        leaveAgent(state, chat, at);
      }
      for (const offer of chat.offers) withdraw(state, chat, offer);
      allLeaveBeside(state, chat);
      endSuggestions(state, chat);
      if (chat.heldUntil !== undefined) {
        chat.heldUntil = undefined;
        setOpenDeadline(state, chat);
      }
      addToFeed(state, chat, event.feed, at);
      const { by, readableUntil } = event;
      chat.phase = { name: 'ended', at, by, readableUntil };
      state.deadlines.set(`forget:${chat.id}`, event.readableUntil);
      releaseVisits(state, state.memory.endChat(chat), at);
      return;
    }
    case 'chat.visitorNamed': {
      const chat = requireChat(state, event.chatId);
      chat.visitorName = event.name;
      changed(state, chat, at);
      return;
    }
    case 'chat.read': {
      const chat = requireChat(state, event.chatId);
      chat.read = { agent: null, visitor: null, ...chat.read, [event.party]: event.read };
      // To have read something changes nothing of what was said: lastUpdate stays.
      chat.seq = state.seq;
      return;
    }
    case 'chats.forgotten': {
      for (const chatId of event.chatIds) {
        state.chats.delete(chatId);
        state.memory.forgetChat(chatId);
        state.memory.forgetRetries(state.retries.forgetChat(chatId));
        state.deadlines.clear(`forget:${chatId}`);
      }
      return;
    }
    case 'chat.variables': {
      const chat = requireChat(state, event.chatId);
      chat.variables = withVariables(chat.variables, event.variables, at);
      changed(state, chat, at);
      return;
    }
    case 'chat.surveyAnswered': {
      const chat = requireChat(state, event.chatId);
      chat.surveys = withSurvey(chat.surveys, event.kind, event.survey, at);
      changed(state, chat, at);
      return;
    }
    default:
      event satisfies never;
  }
}
