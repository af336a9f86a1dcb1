/** A request as calls read it: one that came over HTTP, or one that came within a WebSocket. */
import type { FastifyRequest } from 'fastify';

export type AskedRequest = Pick<
  FastifyRequest,
  'body' | 'headers' | 'method' | 'params' | 'query' | 'raw' | 'routeOptions' | 'url'
>;
