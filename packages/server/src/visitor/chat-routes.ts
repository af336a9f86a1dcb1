/** What only the visitor does with a chat. */
import { answerByMeaning, answerWith } from '../http/reply.js';
import { readBody } from '../http/read-body.js';
import { execute } from '../http/execute.js';
import {
  type ChatDocument,
  chatDocument,
  newCustomVariablesDocument,
  REL,
  visitorNameDocument,
  visitorTypingDocument,
  WireError,
} from '@parley/protocol';
import {
  type ChatView,
  eventsValue,
  infoSeq,
  infoValue,
  lastingChat,
  nextLink,
} from '../chat/documents.js';
import { addEventBy } from '../chat/new-event.js';
import { markReadBy } from '../chat/reading.js';
import { COLLABORATION_QUERY, FROM_QUERY, fromOf, viewAsked } from '../chat/event-ids.js';
import { noteTyping, previewIn } from '../chat/typing.js';
import { watchedFrom } from '../chat/watched.js';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import { answerOrWait, WAIT_QUERY } from '../waits/answer-or-wait.js';
import type { VisitorChatCall } from './authorize.js';

export const getChat: Operation<VisitorChatCall> = {
  summary: 'Reads the chat: its links, its events from one position on, and its info.',
  ...TAGGED,
  query: { ...FROM_QUERY, ...COLLABORATION_QUERY, ...WAIT_QUERY },
  answers: { 200: chatDocument, 304: null },
  errors: ['invalidQuery', 'tooManyRequests'],
  handle(call) {
    const from = fromOf(call);
    const view = viewAsked(call);
    return answerOrWait(
      call,
      () => watchedFrom(call, view, from),
      () => {
        const value = chatValue(view, from);
        return answerByMeaning(call, chatDocument, value, infoSeq(call), lastingChat(value));
      },
    );
  },
};

/** A chat as its visitor sees it: links, events from one position on, info. */
function chatValue(view: ChatView, from: number): ChatDocument {
  const { uri } = view;
  const events = eventsValue(view, from);
  return {
    link: [
      { href: uri, rel: REL.self },
      { href: `${uri}/events`, rel: REL.events },
      { href: `${uri}/info`, rel: REL.info },
      nextLink(uri, events),
      { href: `${uri}/transcriptRequest`, rel: REL.transcriptRequest },
      { href: `${uri}/transcriptWithSubjectRequest`, rel: REL.transcriptWithSubjectRequest },
      { href: `${uri}/exitSurvey`, rel: REL.exitSurvey },
      { href: `${uri}/customVariables`, rel: REL.customVariables },
      // What Parley adds comes after the original's, in the order of the extensions.
      { href: `${uri}/stream`, rel: REL.stream },
      { href: `${uri}/ws`, rel: REL.webSocket },
      { href: `${uri}/tickets`, rel: REL.tickets },
      { href: `${uri}/read`, rel: REL.read },
    ],
    events,
    info: infoValue(view),
  };
}

const asVisitor = () => ({ party: 'visitor' }) as const;

const add = addEventBy<VisitorChatCall>('chat', asVisitor);

export const putRead = markReadBy<VisitorChatCall>(asVisitor);

export const addEvent: Operation<VisitorChatCall> = {
  ...add,
  errors: [...(add.errors ?? []), 'tooManyRequests'],
  handle(call) {
    call.server.visitors.authorizeEvent(call);
    return add.handle(call);
  },
};

export const putVisitorName: Operation<VisitorChatCall> = {
  summary: "Changes the visitor's name in this chat.",
  body: visitorNameDocument,
  answers: { 200: visitorNameDocument },
  errors: ['chatEnded'],
  async handle(call) {
    const name = readBody(call, visitorNameDocument);
    await execute<'chat.setVisitorName'>(call, {
      type: 'chat.setVisitorName',
      chatId: call.chat.id,
      name,
    });
    return answerWith(call, visitorNameDocument, name);
  },
};

export const putVisitorTyping: Operation<VisitorChatCall> = {
  summary: 'Sets whether the visitor is typing; renew "typing" every few seconds.',
  body: visitorTypingDocument,
  answers: { 200: visitorTypingDocument },
  description:
    'If the account shows what visitors are typing (the setting visitorPreview), `"preview"` is shown to the agent for ten seconds, through streams only: plain text, 2,000 characters at most. Send it only if the visitor has agreed.',
  errors: ['chatEnded', 'forbidden', 'invalidField'],
  overWebSocket: true,
  handle(call) {
    const said = readBody(call, visitorTypingDocument);
    const preview = previewIn(call);
    if (preview !== undefined && !call.account.setup.settings.visitorPreview) {
      throw new WireError(
        'forbidden',
        'This account does not show what visitors are typing: leave preview out.',
      );
    }
    const typing = noteTyping(call, 'visitor', said, preview);
    return answerWith(call, visitorTypingDocument, typing);
  },
};

export const putCustomVariables: Operation<VisitorChatCall> = {
  summary:
    'Adds variables to the chat for the agent to see; if a name repeats, the last value counts.',
  body: newCustomVariablesDocument,
  answers: { 200: newCustomVariablesDocument },
  errors: ['chatEnded', 'invalidField'],
  async handle(call) {
    const { customVariable } = readBody(call, newCustomVariablesDocument);
    await execute<'chat.setVariables'>(call, {
      type: 'chat.setVariables',
      chatId: call.chat.id,
      variables: customVariable,
    });
    const kept = (call.chat.variables ?? []).map(({ name, value }) => ({ name, value }));
    return answerWith(call, newCustomVariablesDocument, { customVariable: kept });
  },
};
