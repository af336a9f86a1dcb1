/**
 * One connection: its requests are carried out one after the other, also when the client sends many
 * at once, and what is no request is refused behind the answers that are still due.
 */
import {
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorDocument } from '@parley/protocol';
import { ALWAYS } from './errors.js';
import type { Flaw } from './well-formed.js';

/** Requests that may wait for their turn before no more are read. */
const READ_AHEAD = 16;
/** Beyond, which a single packet can bring, the connection is cut. */
const MAX_WAITING = 1_000;

/** How long a refused connection stays open for its answer to be read, ms. */
const LINGER = 1_000;

interface Turn {
  readonly raw: IncomingMessage;
  readonly response: ServerResponse;
}

/** What is known of a connection beside its socket. */
interface Connection {
  /** The request that came last, and its answer. */
  last: Turn | null;
  /** Those before it that wait, and it. */
  readonly waiting: Turn[];
  /** What came behind the last request, or in it, was no HTTP. */
  refusal: Flaw | null;
  /** Nothing more is answered. */
  over: boolean;
}

const connection = Symbol('parley.connection');

interface Marked {
  [connection]?: Connection;
}

function connectionOf(socket: Duplex): Connection {
  const marked = socket as Duplex & Marked;
  marked[connection] ??= { last: null, waiting: [], refusal: null, over: false };
  return marked[connection];
}

/** Lets each connection have one request under way at a time. */
export function oneByOne(serve: RequestListener): RequestListener {
  return (raw, response) => {
    const state = connectionOf(raw.socket);
    if (state.over || state.refusal !== null) return;
    const turn = { raw, response };
    const before = state.last;
    state.last = turn;
    if (before === null || before.response.closed) {
      serve(raw, response);
      return;
    }
    state.waiting.push(turn);
    if (state.waiting.length > MAX_WAITING) {
      state.over = true;
      raw.socket.destroy();
      return;
    }
    if (state.waiting.length === READ_AHEAD) raw.socket.pause();
    before.response.once('close', () => next(raw.socket, state, serve));
  };
}

/** Goes on with the request whose turn it is. */
function next(socket: Socket, state: Connection, serve: RequestListener): void {
  const turn = state.waiting.shift();
  if (turn === undefined || state.over || !socket.writable) return;
  if (state.waiting.length === READ_AHEAD - 1) socket.resume();
  if (state.refusal !== null && turn === state.last && !turn.raw.complete) {
    refuse(socket, state, state.refusal);
  } else {
    serve(turn.raw, turn.response);
  }
}

/** The answer under way is the last one of its connection, whatever is sent on it. */
export function answersNoMore(socket: Duplex): void {
  connectionOf(socket).over = true;
}

/** The largest headers, bytes. */
export const MAX_HEADER_SIZE = 16 * 1024;

/** What can be said of some failures, by the parser's code. */
const UNREADABLE: Readonly<Record<string, Flaw>> = {
  HPE_HEADER_OVERFLOW: {
    code: 'headersTooLarge',
    message: `The headers are larger than ${MAX_HEADER_SIZE} bytes: send less in cookies and URL.`,
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    code: 'tooLarge',
    message: 'The chunk extensions are larger than 16384 bytes: send none.',
  },
  HPE_INVALID_URL: {
    code: 'malformedBody',
    message:
      'This is not a readable HTTP/1.1 request: its address holds a character that must be percent-encoded.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'malformedBody',
    message: 'The request did not arrive in time: send it at once.',
  },
};

const NO_HTTP: Flaw = {
  code: 'malformedBody',
  message: 'This is not a readable HTTP/1.1 request: check the request.',
};

/** Answers what is not HTTP, as far as the connection still takes an answer. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const { code = '' } = error;
  const state = connectionOf(socket);
  const wasHttp = code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';
  // What failed below HTTP (a reset, a broken TLS handshake) has nobody who could read an answer.
  if (!wasHttp || !socket.writable) {
    socket.destroy();
    return;
  }
  // The parser tells of each packet that comes behind the one it gave up at.
  if (state.refusal !== null) return;
  const flaw = UNREADABLE[code] ?? NO_HTTP;
  state.refusal = flaw;
  const { last } = state;
  if (last === null || last.response.closed) {
    refuse(socket, state, flaw);
  } else if (last.raw.complete || last.response.headersSent) {
    last.response.once('close', () => {
      if (last.raw.complete) refuse(socket, state, flaw);
      else socket.destroy();
    });
  } else if (state.waiting.length === 0) {
    // It is the one under way, and waits for the rest of its body.
    refuse(socket, state, flaw);
  }
}

/** Writes the last answer of a connection. */
function refuse(socket: Duplex, state: Connection, flaw: Flaw): void {
  if (state.over || !socket.writable) return;
  state.over = true;
  const answer = errorDocument({ ...flaw, time: Date.now(), timeZone: 'UTC' });
  const body = answer.write('json');
  // Whoever goes on sending, or never closes, is cut; who reads gets the time to do so.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER).unref();
  socket.end(
    [
      `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
      `Content-Type: ${answer.contentType('json')}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...Object.entries(ALWAYS).map(([name, value]) => `${name}: ${value}`),
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
