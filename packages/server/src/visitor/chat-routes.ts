/** A visitor's chat: resources, events, info, name, typing (visitor.md). */
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
import { eventsValue, eventValue, infoValue, visitorNameFor } from '../chat/documents.js';
import { postEvent } from '../chat/new-event.js';
import { eventIdOf, fromOf } from '../chat/positions.js';
import { getTyping, putTyping } from '../chat/typing.js';
import type { Answer } from '../http/call.js';
import type { VisitorChatCall } from './admit.js';

export function getChat(call: VisitorChatCall): Answer {
  const { uri } = call;
  const events = eventsValue(call, fromOf(call));
  const next = events.link[1]?.href ?? '';
  return call.answer(chatDocument, {
    link: [
      { href: uri, rel: REL.self },
      { href: `${uri}/events`, rel: REL.events },
      { href: `${uri}/info`, rel: REL.info },
      { href: `${uri}${next.slice(next.indexOf('?'))}`, rel: REL.next },
      { href: `${uri}/transcriptRequest`, rel: REL.transcriptRequest },
      { href: `${uri}/transcriptWithSubjectRequest`, rel: REL.transcriptWithSubjectRequest },
      { href: `${uri}/exitSurvey`, rel: REL.exitSurvey },
      { href: `${uri}/customVariables`, rel: REL.customVariables },
    ],
    events,
    info: infoValue(call),
  });
}

export function getEvents(call: VisitorChatCall): Answer {
  return call.answer(eventsDocument, eventsValue(call, fromOf(call)));
}

/** A hidden event and one that is not there look the same. */
export function getEvent(call: VisitorChatCall): Answer {
  const entry = readEntry(call.chat, 'visitor', eventIdOf(call));
  if (entry === null) throw new WireError('notFound', 'There is no such event in this chat.');
  return call.answer(eventDocument, eventValue(call, entry));
}

export function addEvent(call: VisitorChatCall): Promise<Answer> {
  return postEvent(call, call.chat.id, call.uri, { party: 'visitor' });
}

export function getInfo(call: VisitorChatCall): Answer {
  return call.answer(chatInfoDocument, infoValue(call));
}

export function getVisitorName(call: VisitorChatCall): Answer {
  return call.answer(visitorNameDocument, visitorNameFor(call));
}

/** 201, as the original answers, though nothing new can be found anywhere. */
export async function putVisitorName(call: VisitorChatCall): Promise<Answer> {
  const name = call.read(visitorNameDocument);
  await call.account.host.execute<'chat.setVisitorName'>({
    type: 'chat.setVisitorName',
    chatId: call.chat.id,
    name,
  });
  return call.answer(visitorNameDocument, name, 201);
}

export function getVisitorTyping(call: VisitorChatCall): Answer {
  return getTyping(call, call.chat.id, 'visitor');
}

export function putVisitorTyping(call: VisitorChatCall): Answer {
  return putTyping(call, call.chat, 'visitor');
}

export function getAgentTyping(call: VisitorChatCall): Answer {
  return getTyping(call, call.chat.id, 'agent');
}
