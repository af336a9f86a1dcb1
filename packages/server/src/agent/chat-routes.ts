/** An agent's chats: resources, events, info, typing (agent.md, 11 to 20). */
import { readEntry } from '@parley/engine';
import {
  chatDocument,
  chatInfoDocument,
  eventDocument,
  eventsDocument,
  REL,
  visitorNameDocument,
  WireError,
} from '@parley/protocol';
import {
  eventsValue,
  eventValue,
  infoValue,
  visitIdOf,
  visitorNameFor,
} from '../chat/documents.js';
import { postEvent } from '../chat/new-event.js';
import { eventIdOf, fromOf } from '../chat/positions.js';
import { getTyping, putTyping } from '../chat/typing.js';
import type { Answer } from '../http/call.js';
import type { AgentChatCall } from './admit.js';

export function getChat(call: AgentChatCall): Answer {
  const { uri, chat } = call;
  const events = eventsValue(call, fromOf(call));
  const next = events.link[1]?.href ?? '';
  const session = uri.slice(0, uri.lastIndexOf('/chat/'));
  return call.answer(chatDocument, {
    link: [
      { href: uri, rel: REL.self },
      { href: `${uri}/events`, rel: REL.events },
      { href: `${uri}/info`, rel: REL.info },
      { href: `${uri}${next.slice(next.indexOf('?'))}`, rel: REL.next },
      { href: `${uri}/collaborationChannels`, rel: REL.collaborationChannels },
      { href: `${session}/visits/visit/${visitIdOf(chat.id)}`, rel: REL.visitId },
      { href: `${uri}/transfer`, rel: REL.transfer },
      { href: `${uri}/transferAccount`, rel: REL.transferAccount },
      { href: `${uri}/survey`, rel: REL.agentSurvey },
    ],
    events,
    info: infoValue(call),
  });
}

export function getEvents(call: AgentChatCall): Answer {
  return call.answer(eventsDocument, eventsValue(call, fromOf(call)));
}

export function getEvent(call: AgentChatCall): Answer {
  const entry = readEntry(call.chat, 'agent', eventIdOf(call));
  if (entry === null) throw new WireError('notFound', 'There is no such event in this chat.');
  return call.answer(eventDocument, eventValue(call, entry));
}

export function addEvent(call: AgentChatCall): Promise<Answer> {
  return postEvent(call, call.chat.id, call.uri, { party: 'agent', sessionId: call.session.id });
}

export function getInfo(call: AgentChatCall): Answer {
  return call.answer(chatInfoDocument, infoValue(call));
}

export function getVisitorName(call: AgentChatCall): Answer {
  return call.answer(visitorNameDocument, visitorNameFor(call));
}

export function getVisitorTyping(call: AgentChatCall): Answer {
  return getTyping(call, call.chat.id, 'visitor');
}

export function getAgentTyping(call: AgentChatCall): Answer {
  return getTyping(call, call.chat.id, 'agent');
}

export function putAgentTyping(call: AgentChatCall): Answer {
  return putTyping(call, call.chat, 'agent');
}
