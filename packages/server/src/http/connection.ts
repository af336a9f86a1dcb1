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
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ErrorCode, errorDocument } from '@parley/protocol';
import { correlationHeaders } from './correlation.js';
import { ALWAYS } from './errors.js';
import { usualName } from './header-names.js';
import type { HeldMemory, Holding } from './held-memory.js';
import type { Flaw } from './well-formed.js';

/** Requests that may wait for their turn before no more are read. */
const READ_AHEAD = 16;
/** Beyond, which a single packet can bring, the connection is cut. */
const MAX_WAITING = 1_000;
/** What a request takes that waits for its turn, bytes. */
const WAITING_BYTES = 8 * 1024;

/** How long a refused connection stays open for its answer to be read, ms. */
const LINGER = 1_000;

/** What is known of a connection beside its socket. */
interface Connection {
  /**
   * The answer to the request that came last; null when it is over. Connections are quiet for seconds:
   * what they still held of their last request would outlive its generation of the heap, all of it.
   */
  last: ServerResponse | null;
  /** Those before it that wait, and it. */
  readonly waiting: ServerResponse[];
  /** What those take; null while none ever waited. */
  holding: Holding | null;
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
  marked[connection] ??= { last: null, waiting: [], holding: null, refusal: null, over: false };
  return marked[connection];
}

/** What counts the requests that wait. */
export interface Counting {
  readonly held: HeldMemory;
  readonly networkOf: (raw: IncomingMessage) => string;
}

/** Lets each connection have one request under way at a time. */
export function oneByOne(serve: RequestListener, counting: Counting): RequestListener {
  return (raw, response) => {
    const state = connectionOf(raw.socket);
    if (state.over || state.refusal !== null) return;
    const before = state.last;
    state.last = response;
    response.on('close', forget);
    if (before === null) {
      serve(raw, response);
      return;
    }
    state.waiting.push(state.last);
    if (!countWaiting(state, raw, counting)) {
      state.over = true;
      cut(raw.socket);
      return;
    }
    if (state.waiting.length === READ_AHEAD) raw.socket.pause();
    before.once('close', () => {
      next(raw.socket, state, serve);
      countWaiting(state, raw, counting);
    });
  };
}

/** Forgets the request that is over. */
function forget(this: ServerResponse): void {
  const state = connectionOf(this.req.socket);
  if (state.last === this) state.last = null;
}

/** Counts the requests that wait; false when they are too many. */
function countWaiting(
  state: Connection,
  raw: IncomingMessage,
  { held, networkOf }: Counting,
): boolean {
  const { socket } = raw;
  // Nobody would hear of its end, and the rest of what waits is dropped there.
  if (socket.destroyed) return false;
  if (state.holding === null) socket.once('close', () => release(state, held));
  else held.release(state.holding);
  const network = networkOf(raw);
  const bytes = state.waiting.length * WAITING_BYTES;
  state.holding = held.hold(network, bytes, () => cut(socket));
  return state.waiting.length <= MAX_WAITING && held.lacks(network, 0) === null;
}

function release(state: Connection, held: HeldMemory): void {
  state.over = true;
  state.waiting.length = 0;
  if (state.holding !== null) held.release(state.holding);
}

/** Goes on with the request whose turn it is. */
function next(socket: Socket, state: Connection, serve: RequestListener): void {
  const turn = state.waiting.shift();
  if (turn === undefined || state.over || !socket.writable) return;
  if (state.waiting.length === READ_AHEAD - 1) socket.resume();
  if (state.refusal !== null && turn === state.last && !turn.req.complete) {
    refuse(socket, state, state.refusal);
  } else {
    serve(turn.req, turn);
  }
}

const carrier = Symbol('parley.carrier');

interface Carried {
  [carrier]?: Socket;
}

/** Notes the connection that a TLS connection goes over. */
export function carriedBy(socket: Duplex & Carried, over: Socket): void {
  socket[carrier] = over;
}

/**
 * Ends a connection at once, and what the system still has for it: whoever does not read would hold
 * that for as long as it likes.
 */
export function cut(socket: Duplex & Carried): void {
  const over = socket[carrier] ?? socket;
  if (over instanceof Socket) over.resetAndDestroy();
  socket.destroy();
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
    code: 'requestTimeout',
    message: 'The request did not arrive in time: send it again, without pauses in it.',
  },
};

const NO_HTTP: Flaw = {
  code: 'malformedBody',
  message: 'This is not a readable HTTP/1.1 request: check the request.',
};

/**
 * Answers what is not HTTP, as far as the connection still takes an answer.
 * @returns why it was refused; null where it was already, or nobody could read that
 */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): ErrorCode | null {
  const { code = '' } = error;
  const state = connectionOf(socket);
  const wasHttp = code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';
  // What failed below HTTP (a reset, a broken TLS handshake) has nobody who could read an answer.
  if (!wasHttp || !socket.writable) {
    socket.destroy();
    return null;
  }
  // The parser reports each packet that comes behind the one it gave up at.
  if (state.refusal !== null) return null;
  const flaw = UNREADABLE[code] ?? NO_HTTP;
  state.refusal = flaw;
  const { last } = state;
  if (last === null) {
    refuse(socket, state, flaw);
  } else if (last.req.complete || last.headersSent) {
    last.once('close', () => {
      if (last.req.complete) refuse(socket, state, flaw);
      else socket.destroy();
    });
  } else if (state.waiting.length === 0) {
    // It is the one under way, and waits for the rest of its body.
    refuse(socket, state, flaw);
  }
  return flaw.code;
}

/** Writes the last answer of a connection. */
function refuse(socket: Duplex, state: Connection, flaw: Flaw): void {
  if (state.over || !socket.writable) return;
  state.over = true;
  // Whoever goes on sending, or never closes, is cut; who reads gets the time to do so.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER).unref();
  const { last } = state;
  // Headers that cannot be read belong to no request; a body that cannot be does.
  socket.end(textOf(flaw, last === null || last.req.complete ? null : last.req));
}

/** Answers whoever speaks plain HTTP to the TLS port: TLS itself only ends the connection. */
export function refusePlainHttp(carrier: Socket): void {
  if (!carrier.writable) return;
  const message = 'This port speaks HTTPS only: use an address that begins with https://.';
  carrier.write(textOf({ code: 'malformedBody', message }, null));
}

/** The whole answer, as it goes over the connection. */
function textOf(flaw: Flaw, raw: IncomingMessage | null): string {
  const answer = errorDocument({ ...flaw, time: Date.now(), timeZone: 'UTC' });
  const body = answer.write('json');
  const [requestId, id, traceparent, place] = correlationHeaders(raw);
  return [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
    `Content-Type: ${answer.contentType('json')}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(ALWAYS).map(([name, value]) => `${usualName(name)}: ${value}`),
    `${requestId}: ${id}`,
    `${traceparent}: ${place}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
