/** Adding to a chat: a line, its end, or what was read of it. The same for agents and visitors. */
import { readBody } from '../http/read-body.js';
import { execute } from '../http/execute.js';
import { pathParam } from '../http/query.js';
import { answerCreated } from '../http/reply.js';
import type { CommandType, Party, Replies } from '@parley/engine';
import {
  chatEventLocationDocument,
  chatLocationDocument,
  LINE_MAX,
  type NewEvent,
  newEventDocument,
  readStructuredContent,
  REL,
  WireError,
} from '@parley/protocol';
import type { AccountCall } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import type { Operation } from '../http/operation.js';
import { plainText } from '../http/loose-body.js';
import { cleanHtml } from '@parley/runtime/html/html';
import type { ChatCall } from './documents.js';
import { markRead } from './reading.js';

type NewLine = Extract<NewEvent, { type: 'line' }>;

/** POST …/events by one of the parties: answers 201 once the event is on disk. */
export function addEventBy<C extends ChatCall>(
  caller: 'user' | 'chat',
  party: (call: C) => Party,
): Operation<C> {
  return {
    summary: 'Adds a line, ends the chat, or reports which line was read.',
    description:
      'Once you get the response, the event is on disk. After ending the chat, the response has the same link twice, as chatEventLocation and chatLocation; XML, which allows only one root, has just chatLocation. HTML from agents is cleaned first: scripts, styles, forms and frames are removed, and links open in a new page. Text from visitors is always plain, whatever type it declares.\n\nA `line-status`, which the original’s browser SDK sends, does not add an event: it moves the reading position to the event in refSequenceId and returns that event’s address.',
    body: newEventDocument,
    answers: { 201: [chatEventLocationDocument, chatLocationDocument] },
    gives: ['Location'],
    retry: { name: 'events', caller, again: locatedAgain },
    overWebSocket: true,
    errors: ['textTooLong', 'chatEnded', 'chatFull'],
    async handle(call) {
      const { chat } = call;
      const event = readBody(call, newEventDocument);
      const from = party(call);
      if (event.type === 'line-status') {
        return readUpTo(
          call,
          call.uri,
          await markRead(call, from, positionIn(event.refSequenceId)),
        );
      }
      if (event.type === 'state') {
        const ended = { type: 'chat.end', chatId: chat.id, from } as const;
        const { eventId } = await execute<'chat.end'>(call, ended);
        return located(call, call.uri, eventId, event.type);
      }
      const { eventId } = await execute<'chat.addLine'>(call, {
        type: 'chat.addLine',
        chatId: chat.id,
        from,
        textType: event.textType,
        subType: event.subType,
        // A visitor's line is plain, whatever it calls itself.
        ...(from.party === 'agent' ? keptLine(event) : { text: event.text }),
      });
      return located(call, call.uri, eventId, event.type);
    },
  };
}

/**
 * An agent's line as it is kept: HTML is cleaned, structured content has its addresses whole, any
 * other text stays as it was sent.
 * @throws WireError 400 when nothing is left of it, or its structured content may not be shown.
 */
function keptLine(event: NewLine): { readonly text: string; readonly json?: unknown } {
  const { text, textType, json } = event;
  switch (textType) {
    case 'plain':
      return { text };
    case 'html':
      return { text: cleanedText(text) };
    case 'rich-content': {
      const read = readStructuredContent(json, 'event.json');
      if (!read.ok) throw new WireError('invalidField', `${read.problem}.`);
      return { text, json: read.content };
    }
    default:
      return textType satisfies never;
  }
}

/**
 * HTML as it is kept.
 * @param field what it is called in messages
 * @throws WireError 400 when nothing is left of it, or it is too long.
 */
export function cleanedText(html: string, field = 'event.text'): string {
  const text = cleanHtml(html);
  if (text === '') {
    throw new WireError('invalidField', `${field} holds nothing that may be shown in a chat.`);
  }
  const length = text.length > LINE_MAX ? [...text].length : text.length;
  if (length > LINE_MAX) {
    throw new WireError(
      'textTooLong',
      `${field} has ${length} characters after cleaning; at most ${LINE_MAX} fit in a line.`,
    );
  }
  return text;
}

/** The event id that a browser SDK names; -1, which moves nothing, for anything else. */
function positionIn(refSequenceId: unknown): number {
  const id = plainText(refSequenceId);
  return /^\d{1,9}$/.test(id) ? Number(id) : -1;
}

/** What was answered to an event that came before. */
function locatedAgain(call: AccountCall, reply: Replies[CommandType], uri: string): Answer {
  if ('read' in reply) return readUpTo(call, uri, reply.read);
  if (!('eventId' in reply)) throw new Error('no event was answered to this request');
  const { eventId } = reply;
  const chat = call.account.host.state.chats.get(pathParam(call, 'chat'));
  return located(call, uri, eventId, chat?.feed[eventId]?.type === 'state' ? 'state' : 'line');
}

function readUpTo(call: AccountCall, uri: string, position: number): Answer {
  const href = `${uri}/events/${position}`;
  return answerCreated(
    call,
    chatEventLocationDocument,
    { link: { href, rel: REL.location } },
    href,
  );
}

function located(call: AccountCall, uri: string, eventId: number, type: 'line' | 'state'): Answer {
  const href = `${uri}/events/${eventId}`;
  const link = { href, rel: REL.location };
  if (type === 'line') return answerCreated(call, chatEventLocationDocument, { link }, href);
  // XML has one root element: the one that clients look for after ending a chat.
  if (call.representation === 'xml')
    return answerCreated(call, chatLocationDocument, { link }, href);
  return answerCreated(call, chatEventLocationDocument, { link, chatLocation: { link } }, href);
}
