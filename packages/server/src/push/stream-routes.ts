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

const POSITION = 'The position of the last frame that the reader received.';

const POSITION_QUERY: Readonly<Record<'position', Parameter>> = {
  position: { description: POSITION, schema: { type: 'string' } },
};

const LAST_EVENT_ID: Readonly<Record<'last-event-id', Parameter>> = {
  'last-event-id': {
    description: `${POSITION} Browsers send it automatically when they reconnect.`,
    schema: { type: 'string' },
  },
};

const FRAMES =
  'The first frame is hello. After that, events arrive as soon as they are on disk, in order and without gaps within each chat, starting at the chat’s position next; read earlier events in the usual way. Each frame has an id: reconnect with the last one and you get everything since, or a frame resync if that is too long ago. A comment is sent every fifteen seconds. The last frame is bye, which says why the stream ends.\n\nAn open stream does not count as a heartbeat, because proxies keep dead connections open. Make some other call in time.';

/** GET …/stream, of whoever this says. */
function streamOf<C extends AccountCall>(
  whose: string,
  reader: (call: C) => StreamReader,
): Operation<C> {
  return {
    summary: `Streams everything that concerns ${whose} as server-sent events.`,
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
    summary: `Streams everything that concerns ${whose} over a WebSocket.`,
    description:
      'The frames are those of the stream, each sent as one JSON text: `{"type","position","data"}`. The client can also send lines, typing and reading positions, and accept chats, over the same connection: `{"type":"request","id","method","target","body"}`, with an optional `idempotencyKey`. The server replies with `{"type":"response","id","status","body"}`. As long as the client answers pings, it counts as alive.\n\nWeb pages authenticate with a ticket.',
    stream: 'websocket',
    query: {
      ...POSITION_QUERY,
      ticket: {
        description: 'A ticket issued by tickets, in place of a credential.',
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
    summary: `Issues a ticket that opens one WebSocket of ${whose}.`,
    description:
      'The ticket stands in for the credential of this request and for the security cookie. It works once, within expiresIn seconds. Send it as ?ticket=.',
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
