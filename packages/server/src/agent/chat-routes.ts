/** What only the agent does with a chat. */
import { answerByMeaning, answerWith } from '../http/reply.js';
import { readBody } from '../http/read-body.js';
import { access, type ChatRole, type FeedBudget } from '@parley/engine';
import {
  agentTypingDocument,
  type ChatDocument,
  chatDocument,
  REL,
  WireError,
} from '@parley/protocol';
import { type ChatView, eventsValue, infoValue, lastingChat, nextLink } from '../chat/documents.js';
import { visitIdOf } from '@parley/runtime/accounts/visit-id';
import { addEventBy } from '../chat/new-event.js';
import { markReadBy } from '../chat/reading.js';
import {
  COLLABORATION_QUERY,
  FROM_QUERY,
  fromOf,
  asksForCollaboration,
} from '../chat/event-ids.js';
import { noteTyping, previewIn } from '../chat/typing.js';
import { watchedFrom } from '../chat/watched.js';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import { answerOrWait, WAIT_QUERY } from '../waits/answer-or-wait.js';
import type { AgentChatCall } from './authorize.js';

/** A chat as its agent sees it: links, events from one position on, info. */
export function chatValue(
  view: ChatView & { readonly role?: ChatRole },
  sessionUri: string,
  from: number,
  budget?: FeedBudget,
): ChatDocument {
  const { uri, chat, role } = view;
  const events = eventsValue(view, from, budget);
  return {
    link: [
      { href: uri, rel: REL.self },
      { href: `${uri}/events`, rel: REL.events },
      { href: `${uri}/info`, rel: REL.info },
      nextLink(uri, events),
      { href: `${uri}/collaborationChannels`, rel: REL.collaborationChannels },
      { href: `${sessionUri}/visits/visit/${visitIdOf(chat.id)}`, rel: REL.visitId },
      { href: `${uri}/transfer`, rel: REL.transfer },
      { href: `${uri}/transferAccount`, rel: REL.transferAccount },
      { href: `${uri}/survey`, rel: REL.agentSurvey },
      // What Parley adds comes after the original's, in the order of the extensions.
      ...(role === 'supervisor' ? [{ href: `${uri}/takeOver`, rel: REL.takeOver }] : []),
      { href: `${uri}/suggestions`, rel: REL.suggestions },
      ...(role === 'agent' ? [{ href: `${uri}/escalation`, rel: REL.escalation }] : []),
      { href: `${uri}/read`, rel: REL.read },
      { href: `${uri}/routing`, rel: REL.routing },
    ],
    events,
    info: infoValue(view),
  };
}

export const getChat: Operation<AgentChatCall> = {
  summary: 'Reads the chat: its links, its events from one position on, and its info.',
  ...TAGGED,
  query: { ...FROM_QUERY, ...COLLABORATION_QUERY, ...WAIT_QUERY },
  answers: { 200: chatDocument, 304: null },
  errors: ['invalidQuery', 'tooManyRequests'],
  handle(call) {
    const from = fromOf(call);
    const { account, chat, reader, uri, role } = call;
    const collaboration = asksForCollaboration(call);
    const view = { account, chat, reader, uri, collaboration, role };
    return answerOrWait(
      call,
      () => watchedFrom(call, view, from),
      () => {
        const value = chatValue(view, call.sessionUri, from);
        return answerByMeaning(call, chatDocument, value, call.chat.seq, lastingChat(value));
      },
    );
  },
};

/** What is answered to who types without being heard. */
const SILENT =
  'Your role in this chat does not speak to the visitor, so the visitor does not see you type: whisper with ONLY_TO_REP, or be invited as assistant.';

const asAgent = ({ session }: AgentChatCall) =>
  ({ party: 'agent', sessionId: session.id }) as const;

const add = addEventBy<AgentChatCall>('user', asAgent);

export const addEvent: Operation<AgentChatCall> = {
  ...add,
  errors: [...(add.errors ?? []), 'forbidden', 'roleMayNotSpeak'],
};

/** Only the agent who has the chat reads it for the agents' side. */
export const putRead = markReadBy<AgentChatCall>(asAgent);

export const putAgentTyping: Operation<AgentChatCall> = {
  summary: 'Sets whether the agent is typing; renew "typing" every few seconds.',
  body: agentTypingDocument,
  answers: { 200: agentTypingDocument },
  description:
    '`"preview"` adds the text being typed. It is shown to the visitor and to other agents for ten seconds, through streams only, until the line takes its place. Plain text, 2,000 characters at most.',
  errors: ['chatEnded', 'roleMayNotSpeak', 'invalidField'],
  overWebSocket: true,
  handle(call) {
    const { account, chat, session } = call;
    const said = readBody(call, agentTypingDocument);
    const reader = { by: 'session', sessionId: session.id } as const;
    if (access(account.host.state, account.host.config, reader, chat.id)?.speaks !== true) {
      throw new WireError('roleMayNotSpeak', SILENT);
    }
    const typing = noteTyping(call, session.userId, said, previewIn(call));
    return answerWith(call, agentTypingDocument, typing);
  },
};
