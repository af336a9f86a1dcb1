/**
 * What a request is known by, in logs here and at whoever sent it: `X-Request-Id`, and the trace that it
 * belongs to (W3C Trace Context). Both are taken from the request where they are well formed, made
 * anew where not, and go out with every answer.
 */
import { randomFillSync, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A place in a trace: which one, and which span of it. */
export interface SpanPlace {
  /** 32 hexadecimal digits, lower case. */
  readonly traceId: string;
  /** 16 hexadecimal digits, lower case. */
  readonly spanId: string;
  /** `01`: whoever made the span recorded it. */
  readonly flags: string;
}

/** The facts by which a request is found in the log. */
export interface RequestIds {
  readonly requestId: string;
  readonly traceId: string;
}

interface Correlation {
  readonly requestId: string;
  /** The span that the request stands for here. */
  span: SpanPlace;
}

/** Characters that need no escaping in a header, a URL's query, a shell or a line of JSON. */
const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._~:+/=@-]{0,127}$/;

/** Of a later version more may follow, which is passed over (Trace Context, 3.2.4 and 4.3). */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);
/** The first version, in which nothing follows the flags. */
const FIRST_VERSION = '00';

const NOT_RECORDED = '00';

/**
 * Where the sender of the request stands in its trace.
 * @returns null for a header that is absent, malformed, or sent more than once
 */
export function readTraceparent(header: string | readonly string[] | undefined): SpanPlace | null {
  if (typeof header !== 'string') return null;
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (version === FIRST_VERSION && more !== undefined) return null;
  return traceId === NO_TRACE || spanId === NO_SPAN ? null : { traceId, spanId, flags };
}

/** The header that names a place in a trace. */
export function writeTraceparent({ traceId, spanId, flags }: SpanPlace): string {
  return `${FIRST_VERSION}-${traceId}-${spanId}-${flags}`;
}

const correlation = Symbol('parley.correlation');

interface Marked {
  [correlation]?: Correlation;
}

/** Made when it is first asked for, and then the same for as long as the request lasts. */
function correlationOf(raw: IncomingMessage): Correlation {
  const marked = raw as Marked;
  marked[correlation] ??= begin(raw.headers);
  return marked[correlation];
}

function begin(headers: IncomingMessage['headers']): Correlation {
  const given = headers['x-request-id'];
  const isGood = typeof given === 'string' && REQUEST_ID.test(given);
  return { requestId: isGood ? given : randomUUID(), span: newSpan(headers) };
}

/** A span of the sender's trace; of a new one, where the sender names none. */
function newSpan(headers: IncomingMessage['headers']): SpanPlace {
  const sender = readTraceparent(headers['traceparent']);
  const random = randomHex();
  const traceId = sender?.traceId ?? random.slice(0, 32);
  return { traceId, spanId: random.slice(32), flags: NOT_RECORDED };
}

const DRAWN_AT_ONCE = 4096;
const BYTES = 24;
const pool = Buffer.alloc(DRAWN_AT_ONCE - (DRAWN_AT_ONCE % BYTES));
let drawn = pool.length;

/** 48 random hexadecimal digits: drawn for many requests at once, since each draw costs. */
function randomHex(): string {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += BYTES;
  return pool.toString('hex', drawn - BYTES, drawn);
}

/** The request's id and trace, for log lines about it. */
export function idsOf(raw: IncomingMessage): RequestIds {
  const { requestId, span } = correlationOf(raw);
  return { requestId, traceId: span.traceId };
}

/** The span that the request stands for. */
export function spanOf(raw: IncomingMessage): SpanPlace {
  return correlationOf(raw).span;
}

/** Says that the request's span is recorded, and which it is. */
export function recordedAs(raw: IncomingMessage, span: SpanPlace): void {
  correlationOf(raw).span = span;
}

/**
 * Names and values, one after the other, of the headers that an answer carries.
 * @param raw null for an answer to what was no request
 */
export function correlationHeaders(raw: IncomingMessage | null): readonly string[] {
  const { requestId, span } = raw === null ? begin({}) : correlationOf(raw);
  return ['X-Request-Id', requestId, 'traceparent', writeTraceparent(span)];
}
