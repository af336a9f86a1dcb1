/** The HTTP application: every API registered, and the limits that hold for all of them. */
import { WireError } from '@parley/protocol';
import fastify, { type FastifyInstance } from 'fastify';
import { registerAgent } from './apis/agent.js';
import { registerDomainLookup } from './browser-sdk/domain-lookup.js';
import { registerFrames } from './browser-sdk/frames.js';
import { registerConfiguration } from './configuration/routes.js';
import { reasonNotHere } from './domain/not-here.js';
import { registerDomain } from './domain/routes.js';
import { registerLogin } from './login/routes.js';
import { registerOAuth2 } from './oauth2/routes.js';
import { registerReference } from './reference/routes.js';
import type { Server } from './server.js';
import { registerSupervision } from './supervision/routes.js';
import { registerSuggestionFigures } from './supervision/suggestion-figures.js';
import { registerVisitor } from './apis/visitor.js';
import { DEFAULT_BODY_LIMIT, readBodies } from './http/body.js';
import { ALWAYS, sendError } from './http/errors.js';
import { requireRoom, SMALL_ANSWER } from './http/room.js';

/** Longest part of a path that is looked at: chat ids are 63 characters. */
const MAX_PATH_PART = 128;

export interface AppOptions {
  readonly bodyLimit?: number;
}

/**
 * Makes the application; it listens nowhere yet: hand `app.routing`, behind `gate`, to a listener.
 */
export function buildApp(server: Server, options: AppOptions = {}): FastifyInstance {
  const { bodyLimit = DEFAULT_BODY_LIMIT } = options;
  const app: FastifyInstance = fastify({
    routerOptions: { maxParamLength: MAX_PATH_PART },
    requestIdHeader: false,
    frameworkErrors: (error, request, reply) => sendError(server, request, reply, error),
  });
  readBodies(app, server, bodyLimit);
  app.setErrorHandler((error, request, reply) => sendError(server, request, reply, error));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const message =
      reasonNotHere(path) ??
      `There is nothing at ${path.slice(0, 200)}: follow the links of the documents, or see /docs for what there is.`;
    sendError(server, request, reply, new WireError('notFound', message));
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    // What is the same for everybody says itself how it may be kept.
    const cached = reply.getHeader('cache-control');
    reply.headers(cached === undefined ? ALWAYS : { ...ALWAYS, 'cache-control': cached });
    if (typeof payload !== 'string' || payload.length <= SMALL_ANSWER) {
      done(null, payload);
      return;
    }
    // Bytes are held outside of the heap, a text in it and once more outside.
    const bytes = Buffer.from(payload);
    try {
      requireRoom(server, request.raw, bytes.length);
    } catch (error) {
      done(error as WireError);
      return;
    } finally {
      server.largeAnswers.noticed(request.raw.url ?? '', bytes.length);
    }
    done(null, bytes);
  });

  registerDomain(app, server);
  registerLogin(app, server);
  registerOAuth2(app, server);
  registerAgent(app, server);
  registerConfiguration(app, server);
  registerSupervision(app, server);
  registerSuggestionFigures(app, server);
  registerVisitor(app, server);
  registerDomainLookup(app, server);
  registerFrames(app, server);
  registerReference(app, server);
  return app;
}
