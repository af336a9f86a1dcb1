/** Requests within a WebSocket: read, carried out, answered. */
import type { FastifyRequest } from 'fastify';
import type { Answer } from './answer.js';
import { errorAnswer } from './errors.js';
import type { InnerAsk } from './inner.js';
import type { AskedRequest } from './asked.js';
import { holdRequest } from './under-way.js';
import { FIRST_TURN } from './wait.js';
import type { HttpContext } from './context.js';

interface RequestFrame extends InnerAsk {
  readonly id: string | number;
}

/** Longest id of a request, characters. */
const MAX_ID = 128;

/** The request in a frame; null when it is none. */
function requestIn(text: string): RequestFrame | null {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof frame !== 'object' || frame === null) return null;
  const { type, id, method, target, body, idempotencyKey } = frame as Readonly<
    Record<string, unknown>
  >;
  const isId = typeof id === 'number' || (typeof id === 'string' && id.length <= MAX_ID);
  if (type !== 'request' || !isId) return null;
  if (typeof method !== 'string' || typeof target !== 'string') return null;
  if (idempotencyKey !== undefined && typeof idempotencyKey !== 'string') return null;
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '');
  const json = body === undefined ? '' : JSON.stringify(body);
  return { id, method, target: path, body: json, idempotencyKey };
}

/**
 * Carries out what a frame asks for.
 * @param place the session or chat that the WebSocket is for
 * @returns the frame that answers it; null for a frame that is not understood
 */
export async function answerFrame(
  server: HttpContext,
  opened: FastifyRequest,
  place: string,
  text: string,
): Promise<string | null> {
  const asked = requestIn(text);
  if (asked === null) return null;
  const answer = await carryOut(server, opened, place, asked);
  const { status, body, headers } = answer;
  const after = Number(headers?.['retry-after'] ?? Number.NaN);
  const retryAfter = Number.isFinite(after) ? `,"retryAfter":${after}` : '';
  const id = JSON.stringify(asked.id);
  return `{"type":"response","id":${id},"status":${status},"body":${body ?? 'null'}${retryAfter}}`;
}

type InnerAnswer = Pick<Answer, 'body' | 'headers' | 'status'>;

async function carryOut(
  server: HttpContext,
  opened: FastifyRequest,
  place: string,
  asked: InnerAsk,
): Promise<InnerAnswer> {
  let request: AskedRequest = opened;
  try {
    const { account } = opened.params as Readonly<Record<string, string>>;
    const inner = server.inner.request(
      opened,
      asked,
      (params) => params['account'] === account && (params['session'] ?? params['chat']) === place,
    );
    request = inner.request;
    const holding = holdRequest(server, request);
    try {
      const made = await inner.route.ask(request, FIRST_TURN);
      if (made.kind !== 'document') throw new Error('a request within a WebSocket waits');
      await made.durable;
      return made;
    } finally {
      if (holding !== null) server.underWay.release(holding);
    }
  } catch (error) {
    return errorAnswer(server, request, error);
  }
}
