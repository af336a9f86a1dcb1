/** Cross-origin browsers (rules CORS…): allowed origins only, never reflected without being on the list. */
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccountConfiguration } from '@parley/configuration/records/records';
import type { HttpContext } from './context.js';
import type { LinesOperation } from '@parley/protocol';
import { lists } from '@parley/configuration/origin-list';
import type { StreamAnswer } from './stream.js';

/** Whose list of origins counts for a path. */
export type CorsKind = 'visitor' | 'agent' | 'public';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on routes that cross-origin browsers may use. */
    readonly cors?: CorsKind;
    /** Set on routes that read and answer lines. */
    readonly lines?: LinesOperation | undefined;
    /** Set on routes that answer with a stream. */
    readonly stream?: StreamAnswer['over'] | undefined;
  }
}

/** What pages may read of an answer beside its body. */
export const EXPOSED =
  'Location, Retry-After, ETag, Idempotency-Replayed, RateLimit, RateLimit-Policy, X-Request-Id, traceparent';
const ALLOWED_HEADERS =
  'Authorization, Content-Type, Content-Encoding, Accept, X-HTTP-Method-Override, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Approval-For, X-Request-Id, traceparent, tracestate';

/** Lets a cross-origin browser read the answer to the request, errors too, if its origin may. */
export function allowOrigin(
  server: Pick<HttpContext, 'accounts'>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (request.headers.origin === undefined) return;
  const cors = request.routeOptions.config?.cors;
  if (cors === undefined) return;
  const { account } = request.params as { account?: string };
  const setup = account === undefined ? undefined : server.accounts.loaded(account)?.setup;
  const headers = corsHeaders(request.raw, cors, setup);
  if (headers !== null) void reply.headers(headers);
}

/** Whether pages of an origin may reach what visitors may of the account. */
export function allowsVisitorOrigin(
  { visitorOrigins }: AccountConfiguration,
  origin: string,
): boolean {
  return visitorOrigins.includes('*') || lists(visitorOrigins, origin);
}

/**
 * The origin of the page that a browser's request comes from: as the browser says or, for what a
 * transport frame of this server carries, the page around the frame. Another page cannot set that
 * header: browsers would ask first, and it is not among those allowed.
 * @param own the server's own origin, as the client used it
 */
export function pageOriginOf({ headers }: IncomingMessage, own: string): string | undefined {
  const carried = headers['x-parley-page-origin'];
  const isOwnPage = headers.origin === undefined || headers.origin === own;
  return typeof carried === 'string' && isOwnPage ? carried : headers.origin;
}

/** The headers that let this origin read the answer; null when the request is not cross-origin. */
function corsHeaders(
  raw: IncomingMessage,
  kind: CorsKind,
  setup: AccountConfiguration | undefined,
): Record<string, string> | null {
  const { origin } = raw.headers;
  if (origin === undefined) return null;
  const allowed =
    kind === 'public'
      ? ['*']
      : ((kind === 'visitor' ? setup?.visitorOrigins : setup?.agentOrigins) ?? []);
  if (lists(allowed, origin)) {
    return {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': EXPOSED,
      vary: 'Origin',
    };
  }
  if (!allowed.includes('*')) return { vary: 'Origin' };
  return { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED };
}

/** What a preflight is answered besides. */
export function preflightHeaders(methods: readonly string[]): Record<string, string> {
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': '600',
  };
}
