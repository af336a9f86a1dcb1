/** Adding to a chat: a line, or its end. The same for agents and visitors. */
import type { Party } from '@parley/engine';
import {
  type ChatEvent,
  chatEventLocationDocument,
  LINE_MAX,
  newEventDocument,
  REL,
  WireError,
} from '@parley/protocol';
import type { AccountCall, Answer } from '../http/call.js';
import { cleanHtml } from './html.js';

type NewEventType = ChatEvent['type'];

/** POST …/events: answers 201 once the event is on disk. */
export async function postEvent(
  call: AccountCall,
  chatId: string,
  uri: string,
  from: Party,
): Promise<Answer> {
  const { host } = call.account;
  const event = call.read(newEventDocument);
  if (event.type === 'state') {
    const { eventId } = await host.execute<'chat.end'>({ type: 'chat.end', chatId, from });
    return located(call, uri, eventId, event.type);
  }
  const text = event.textType === 'html' ? cleanHtml(event.text) : event.text;
  if (text === '' && event.json === undefined) {
    throw new WireError('invalidField', 'event.text holds nothing that may be shown in a chat.');
  }
  if (text.length > LINE_MAX) {
    throw new WireError(
      'textTooLong',
      `event.text has ${text.length} characters after cleaning; at most ${LINE_MAX} fit in a line.`,
    );
  }
  const { eventId } = await host.execute<'chat.addLine'>({
    type: 'chat.addLine',
    chatId,
    from,
    text,
    textType: event.textType,
    subType: event.subType,
    ...(event.json === undefined ? {} : { json: event.json }),
  });
  return located(call, uri, eventId, event.type);
}

function located(call: AccountCall, uri: string, eventId: number, type: NewEventType): Answer {
  const href = `${uri}/events/${eventId}`;
  const link = { href, rel: REL.location };
  const value = type === 'state' ? { link, chatLocation: { link } } : { link };
  return call.created(chatEventLocationDocument, value, href);
}
