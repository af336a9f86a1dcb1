/** The streams of agent sessions and of visitors' chats (rules STREAM…). */
import { queryParam } from '../http/query.js';
import { answerWith } from '../http/reply.js';
import type { IncomingHttpHeaders } from 'node:http';
import { lists } from '@parley/configuration/origin-list';
import { ticketDocument, WireError } from '@parley/protocol';
import type { SessionCall } from '../agent/authorize.js';
import { pageOriginOf } from '../http/cors.js';
import { upgradeOf } from '../http/upgrade.js';
import { TICKET_SECONDS, ticketPlace } from '../http/tickets.js';
import type { AccountCall } from '../http/call.js';
import type { Parameter } from '@parley/protocol';
import type { Operation } from '../http/operation.js';
import type { StreamAnswer, StreamReader } from '../http/stream.js';
import type { VisitorChatCall } from '../visitor/authorize.js';

const POSITION = 'Where the reader was: the position of the last frame that it got.';

const POSITION_QUERY: Readonly<Record<'position', Parameter>> = {
  position: { description: POSITION, schema: { type: 'string' } },
};

const LAST_EVENT_ID: Readonly<Record<'last-event-id', Parameter>> = {
  'last-event-id': {
    description: `${POSITION} Browsers send it by themselves when they come again.`,
    schema: { type: 'string' },
  },
};

const FRAMES =
  'The first frame is hello. From then on events come as soon as they are on disk, per chat in order and without a gap, from the position next of the chat on; what is before is read as ever. Frames have an id: whoever brings the last one again gets what came since, or a frame resync when that is too long ago. Every fifteen seconds comes a comment. The last frame is bye, and says why.\n\nA stream is no heartbeat of its reader, since proxies keep dead ones open: make any call in time besides.';

/** GET …/stream, of whoever this says. */
function streamOf<C extends AccountCall>(
  whose: string,
  reader: (call: C) => StreamReader,
): Operation<C> {
  return {
    summary: `All that concerns ${whose}, as server-sent events.`,
    description: FRAMES,
    stream: 'sse',
    query: POSITION_QUERY,
    headers: LAST_EVENT_ID,
    answers: { 200: null },
    errors: ['invalidQuery', 'tooManyRequests'],
    handle: (call) => streamAnswer(call, 'sse', reader(call)),
  };
}

export function streamAnswer(
  call: AccountCall,
  over: StreamAnswer['over'],
  reader: StreamReader,
): StreamAnswer {
  const given = call.request.headers['last-event-id'];
  const position =
    queryParam(call, 'position') || (typeof given === 'string' ? given : '') || undefined;
  return { kind: 'stream', over, account: call.account, reader, position };
}

export const readerOfSession = ({ session, sessionUri }: SessionCall): StreamReader => ({
  by: 'agent',
  session,
  uri: sessionUri,
});

export const readerOfChat = ({ chat, uri }: VisitorChatCall): StreamReader => ({
  by: 'visitor',
  chat,
  uri,
});

/** GET …/ws, of whoever this says. */
function webSocketOf<C extends AccountCall>(
  whose: string,
  reader: (call: C) => StreamReader,
  origins: (call: C) => readonly string[],
): Operation<C> {
  return {
    summary: `All that concerns ${whose}, over a WebSocket.`,
    description:
      'The frames are those of the stream, each one text of JSON: `{"type","position","data"}`. Lines, typing, reading positions and accepting may be asked for within it: `{"type":"request","id","method","target","body"}`, and `idempotencyKey`; the answer is `{"type":"response","id","status","body"}`. While pongs come the reader is alive.\n\nPages bring a ticket.',
    stream: 'websocket',
    query: {
      ...POSITION_QUERY,
      ticket: {
        description: 'What tickets gave, in place of a credential.',
        schema: { type: 'string' },
      },
    },
    answers: { 101: null },
    errors: ['upgradeRequired', 'originNotAllowed', 'invalidQuery', 'tooManyRequests'],
    handle(call) {
      const { raw } = call.request;
      if (call.turn.kind === 'look') return streamAnswer(call, 'websocket', reader(call));
      if (upgradeOf(raw) === undefined || !isHandshake(raw.headers)) {
        throw new WireError('upgradeRequired', undefined, {
          upgrade: 'websocket',
          'sec-websocket-version': '13',
        });
      }
      requireOrigin(call, origins(call));
      return streamAnswer(call, 'websocket', reader(call));
    },
  };
}

/** Whether a WebSocket can begin with that (RFC 6455, 4.2.1). */
function isHandshake(headers: IncomingHttpHeaders): boolean {
  const key = headers['sec-websocket-key'] ?? '';
  return /^[A-Za-z0-9+/]{22}==$/.test(key) && headers['sec-websocket-version'] === '13';
}

/** Browsers let any page open a WebSocket to anywhere. @throws WireError 403 for a foreign one */
function requireOrigin(call: AccountCall, allowed: readonly string[]): void {
  const origin = pageOriginOf(call.request.raw, call.origin);
  if (origin === undefined || origin === call.origin || origin === call.askedOrigin) return;
  if (allowed.includes('*') || lists(allowed, origin)) return;
  throw new WireError(
    'originNotAllowed',
    `A page of ${origin.slice(0, 80)} may not open this WebSocket: an administrator can add that origin to those allowed.`,
  );
}

/** POST …/tickets, of whoever this says. */
function ticketOf<C extends AccountCall>(whose: string): Operation<C> {
  return {
    summary: `A ticket that opens one WebSocket of ${whose}.`,
    description:
      'It stands for the credential of this request, and for the security cookie. It is good once, for as long as expiresIn says, in seconds; bring it as ?ticket=.',
    answers: { 201: ticketDocument },
    handle(call) {
      const ticket = call.server.tickets.give(ticketPlace(call.request), call.proof);
      return answerWith(call, ticketDocument, { ticket, expiresIn: TICKET_SECONDS }, 201);
    },
  };
}

export const getSessionSocket = webSocketOf(
  'the agent session',
  readerOfSession,
  ({ account }) => account.setup.agentOrigins,
);
export const getChatSocket = webSocketOf(
  'the chat',
  readerOfChat,
  ({ account }) => account.setup.visitorOrigins,
);
export const giveSessionTicket = ticketOf<SessionCall>('the agent session');
export const giveChatTicket = ticketOf<VisitorChatCall>('the chat');

export const getSessionStream = streamOf('the agent session', readerOfSession);
export const getChatStream = streamOf('the chat', readerOfChat);
