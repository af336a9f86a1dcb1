/** What agents and visitors alike may read of a chat: events, info, names, typing. */
import {
  answerByMeaning,
  answerLive,
  answerTagged,
  answerWith,
  refuseCall,
} from '../http/reply.js';
import { FeedBudget, MAX_IN_PAGE, readEntry } from '@parley/engine';
import {
  agentTypingDocument,
  type ChatEvent,
  type ChatInfo,
  type DocumentType,
  type EventsDocument,
  visitorNameDocument,
  visitorTypingDocument,
  WireError,
} from '@parley/protocol';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import {
  type ChatCall,
  earlierEventsValue,
  eventsValue,
  eventValue,
  infoSeq,
  infoValue,
  lastingInfo,
  visitorNameFor,
} from './documents.js';
import { isNothingNew, nothingNew } from './empty-poll-cache.js';
import { answerOrWait, WAIT_QUERY } from '../waits/answer-or-wait.js';
import {
  asksForCollaboration,
  COLLABORATION_QUERY,
  EARLIER_QUERY,
  earlierOf,
  eventIdOf,
  FROM_QUERY,
  fromOf,
  limitOf,
  viewAsked,
} from './event-ids.js';
import { watchedFrom } from './watched.js';
import { typingOf } from './typing.js';

/** Reads the events, written as this document has them. */
export function readEvents(document: DocumentType<EventsDocument>): Operation<ChatCall> {
  return {
    summary: 'Reads the events of the chat from one position on.',
    description:
      'To continue, follow the link next: it starts after the last event of this response. If there is nothing new, it leads to the same position, and event is absent. Ids have gaps where an event is hidden from the reader.\n\nWith wait, the response comes as soon as there is something new, and after that many seconds in any case. Keep following next with wait and you miss nothing, even if connections break. A waiting request counts as a heartbeat.',
    ...TAGGED,
    query: { ...FROM_QUERY, ...EARLIER_QUERY, ...COLLABORATION_QUERY, ...WAIT_QUERY },
    answers: { 200: document, 304: null },
    errors: ['invalidQuery', 'tooManyRequests'],
    handle(call) {
      const view = viewAsked(call);
      const from = fromOf(call);
      const earlier = earlierOf(call);
      if (earlier !== null) {
        const value = earlierEventsValue(view, earlier.before, earlier.limit);
        return answerTagged(call, document, value, call.chat.seq);
      }
      const limit = limitOf(call);
      return answerOrWait(
        call,
        () => watchedFrom(call, view, from),
        () =>
          isNothingNew(call, from)
            ? nothingNew(call, view, document, from)
            : answerTagged(call, document, eventsValue(view, from, budgetOf(limit)), call.chat.seq),
      );
    },
  };
}

/** @param limit events at most; as many as fit when undefined */
function budgetOf(limit: number | undefined): FeedBudget | undefined {
  return limit === undefined
    ? undefined
    : new FeedBudget({ ...MAX_IN_PAGE, entries: Math.min(limit, MAX_IN_PAGE.entries) });
}

/** Reads one event, written as this document has it. */
export function readEvent(document: DocumentType<ChatEvent>): Operation<ChatCall> {
  return {
    summary: 'Returns one event of the chat.',
    query: COLLABORATION_QUERY,
    answers: { 200: document },
    errors: ['invalidQuery'],
    handle(call) {
      const { chat, reader } = call;
      const collaboration = asksForCollaboration(call);
      const id = eventIdOf(call);
      const entry = id === null ? null : readEntry(chat, reader, id, collaboration);
      // A hidden event and one that is not there look the same.
      if (entry === null) {
        return refuseCall(
          call,
          new WireError(
            'notFound',
            'There is no such event in this chat: read its events for the ids there are.',
          ),
        );
      }
      return answerLive(call, document, eventValue(call, entry), chat.seq);
    },
  };
}

/** Reads the facts of the chat alone, written as this document has them. */
export function readInfo(document: DocumentType<ChatInfo>): Operation<ChatCall> {
  return {
    summary: 'Returns the info of the chat.',
    ...TAGGED,
    answers: { 200: document, 304: null },
    handle(call) {
      const info = infoValue(call);
      return answerByMeaning(call, document, info, infoSeq(call), lastingInfo(info));
    },
  };
}

export const getVisitorName: Operation<ChatCall> = {
  summary: 'Returns the visitor’s name in this chat.',
  answers: { 200: visitorNameDocument },
  handle: (call) => answerLive(call, visitorNameDocument, visitorNameFor(call), call.chat.seq),
};

export const getVisitorTyping: Operation<ChatCall> = {
  summary: 'Returns whether the visitor is typing.',
  answers: { 200: visitorTypingDocument },
  handle: (call) => answerWith(call, visitorTypingDocument, typingOf(call, 'visitor')),
};

export const getAgentTyping: Operation<ChatCall> = {
  summary: 'Returns whether the agent is typing.',
  answers: { 200: agentTypingDocument },
  handle: (call) => answerWith(call, agentTypingDocument, typingOf(call, 'agent')),
};
