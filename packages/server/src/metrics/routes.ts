/** Registers `/metrics`. */
import type { FastifyInstance } from 'fastify';
import { sendError } from '../http/errors.js';
import type { HttpContext } from '../http/context.js';
import type { LiveParts } from './live.js';
import type { Metrics } from './metrics.js';
import { requireMayReadMetrics } from './access.js';

/** @param tokenHash what is kept of the token that readers bring; null: only this machine reads them */
export function registerMetrics(
  app: FastifyInstance,
  server: HttpContext & LiveParts & { readonly metrics: Metrics },
  tokenHash: string | null,
): void {
  app.get('/metrics', async (request, reply) => {
    try {
      requireMayReadMetrics(request.raw, tokenHash);
    } catch (error) {
      sendError(server, request, reply, error);
      return reply;
    }
    const text = await server.metrics.text(server);
    return reply.header('content-type', server.metrics.contentType).send(text);
  });
}
