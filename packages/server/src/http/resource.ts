/**
 * Registers a resource: a path, its methods, and what every call of its API goes through before a
 * handler sees it. Handlers that need not wait answer without a promise.
 */
import { CONTENT_TYPES, WireError } from '@parley/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LiveAccount } from '../account/accounts.js';
import { isAccountId } from '../account/accounts.js';
import type { Server } from '../server.js';
import { AccountCall, type Answer, Call, partsOf, versionOf } from './call.js';
import { allowOrigin, type CorsKind, preflightHeaders } from './cors.js';
import { sendError } from './errors.js';
import type { Holding } from './held-memory.js';
import { METHODS, type Method, type Operation } from './operation.js';
import { requireRoom, SMALL_ANSWER } from './room.js';
import { holdRequest } from './under-way.js';

/** The operations of a resource, by method. */
export type Handlers<C> = Readonly<Partial<Record<Method, Operation<C>>>>;

/** What the resources of one API have in common. */
export interface Api<C> {
  /** Values of `v` that are understood. */
  readonly versions: readonly string[];
  readonly cors: CorsKind;
  /** Who calls, and what the path names: makes the call that handlers get. */
  readonly admit: (call: AccountCall) => C | Promise<C>;
}

/** Registers a resource of an account; `path` comes after `/api/account/{account}`. */
export function resource<C>(
  app: FastifyInstance,
  server: Server,
  api: Api<C>,
  path: string,
  handlers: Handlers<C>,
): void {
  resourceAt(app, server, api, `/api/account/:account${path}`, handlers);
}

/** Registers a resource of an account at another address of it; `url` names the account. */
export function resourceAt<C>(
  app: FastifyInstance,
  server: Server,
  api: Api<C>,
  url: string,
  handlers: Handlers<C>,
): void {
  register(app, server, api, url, handlers, (request) => {
    const id = (request.params as { account: string }).account;
    const loaded = server.accounts.loaded(id);
    if (loaded !== undefined) return api.admit(new AccountCall(partsOf(server, request), loaded));
    return loadAccount(server, id).then((account) =>
      api.admit(new AccountCall(partsOf(server, request), account)),
    );
  });
}

/** Registers a resource outside of an account's own live state, such as the Domain API. */
export function plainResource(
  app: FastifyInstance,
  server: Server,
  api: Pick<Api<Call>, 'versions' | 'cors'>,
  url: string,
  handlers: Handlers<Call>,
): void {
  register(app, server, api, url, handlers, (request) => new Call(partsOf(server, request)));
}

/**
 * @throws WireError 400 for what cannot be an account's id, 404 when there is none.
 */
export async function loadAccount(server: Server, id: string): Promise<LiveAccount> {
  if (!isAccountId(id)) {
    throw new WireError(
      'badAccountId',
      `"${id.slice(0, 40)}" cannot be an account id: 1 to 20 of A-Z a-z 0-9 _.`,
    );
  }
  const account = await server.accounts.get(id);
  if (account === null) {
    throw new WireError('unknownAccount', `There is no account ${id} here: check the account id.`);
  }
  return account;
}

function register<C>(
  app: FastifyInstance,
  server: Server,
  api: Pick<Api<C>, 'versions' | 'cors'>,
  url: string,
  handlers: Handlers<C>,
  admit: (request: FastifyRequest) => C | Promise<C>,
): void {
  const offered = METHODS.filter((method) => handlers[method] !== undefined);
  const allow = [...offered, ...(handlers.GET === undefined ? [] : ['HEAD']), 'OPTIONS'];

  const config = { cors: api.cors };

  for (const method of offered) {
    const operation = handlers[method];
    if (operation === undefined) continue;
    server.operations.push({ method, url, versions: api.versions, operation });
    const handler = operation.handle;
    app.route({
      method,
      url,
      config,
      handler(request, reply) {
        allowOrigin(server, request, reply);
        let holding: Holding | null = null;
        const release = () => {
          if (holding !== null) server.underWay.release(holding);
        };
        try {
          checkVersion(request, api.versions);
          holding = holdRequest(server, request);
          const call = admit(request);
          const answer = call instanceof Promise ? call.then(handler) : handler(call);
          if (answer instanceof Promise || answer.settled !== undefined) {
            sendLater(server, request, reply, answer)
              .catch((error) => cutOff(server, request, error))
              .finally(release);
          } else {
            release();
            send(reply, answer);
          }
        } catch (error) {
          release();
          sendError(server, request, reply, error);
        }
      },
    });
  }

  app.route({
    method: 'OPTIONS',
    url,
    config,
    handler(request, reply) {
      const done = () => {
        allowOrigin(server, request, reply);
        void reply
          .code(204)
          .headers({ allow: allow.join(', '), ...preflightHeaders(allow) })
          .send();
      };
      const failed = (error: unknown) => cutOff(server, request, error);
      const { account } = request.params as { account?: string };
      if (account === undefined || server.accounts.loaded(account) !== undefined) return done();
      server.accounts.get(account).then(done, done).catch(failed);
    },
  });

  app.route({
    method: [...METHODS, 'PATCH' as const].filter(
      (method) => method === 'PATCH' || handlers[method] === undefined,
    ),
    url,
    config,
    handler(request, reply) {
      const message = `${request.method} is not possible here: use ${allow.join(', ')}.`;
      sendError(
        server,
        request,
        reply,
        new WireError('methodNotAllowed', message, { allow: allow.join(', ') }),
      );
    },
  });
}

function checkVersion(request: FastifyRequest, supported: readonly string[]): void {
  const version = versionOf(request);
  if (version === '') return;
  if (supported.includes(version)) return;
  throw new WireError(
    'unsupportedVersion',
    `Version v=${version.slice(0, 20)} is not supported here: use ${supported.join(' or ')}, or leave v out.`,
  );
}

/** An answer, or an error's document, could not be sent: the connection says so by its end. */
function cutOff(server: Server, request: FastifyRequest, error: unknown): void {
  server.log.error({ err: error, route: request.routeOptions.url }, 'an answer could not be sent');
  request.raw.socket.destroy();
}

/** Sends an answer that is still being made, or that tells of what is not on disk yet. */
async function sendLater(
  server: Server,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer | Promise<Answer>,
): Promise<void> {
  try {
    const made = await answer;
    if (made.settled !== undefined) await durable(server, request, made, made.settled);
    send(reply, made);
  } catch (error) {
    sendError(server, request, reply, error);
  }
}

/** Waits until what an answer tells of is on disk; a large one counts as held meanwhile. */
async function durable(
  server: Server,
  request: FastifyRequest,
  { body }: Answer,
  settled: Promise<void>,
): Promise<void> {
  const bytes = body?.length ?? 0;
  if (bytes <= SMALL_ANSWER) return settled;
  // Whatever becomes of it, it was waited for.
  settled.catch(() => {});
  requireRoom(server, request.raw, bytes);
  const holding = server.held.hold(server.proxies.network(request.raw), bytes, null);
  try {
    await settled;
  } finally {
    server.held.release(holding);
  }
}

function send(reply: FastifyReply, answer: Answer): void {
  reply.code(answer.status);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  if (answer.body === null) {
    reply.send();
    return;
  }
  reply.header('content-type', CONTENT_TYPES[answer.spelling]);
  reply.send(answer.body);
}
