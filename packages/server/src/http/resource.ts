/**
 * Registers a resource: a path, its methods, and what every call of its API goes through before a
 * handler sees it. Handlers that need not wait answer without a promise.
 */
import { WireError, METHODS, type Method } from '@parley/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type LiveAccount, isAccountId } from '@parley/runtime/accounts/accounts';
import type { HttpContext } from './context.js';
import { type AccountCall, type Call, callOf, onAccount } from './call.js';
import type { Answer } from './answer.js';
import { versionOf } from './representation.js';
import { idsOf } from './correlation.js';
import { allowOrigin, type CorsKind, preflightHeaders } from './cors.js';
import { sendError } from './errors.js';
import { Exchange, type Route } from './exchange.js';
import type { Holding } from './held-memory.js';
import { noteOperation } from './measured.js';
import type { Operation } from './operation.js';
import { Attempt } from './retry.js';
import { holdRequest } from './under-way.js';
import { TICKET_SECONDS, ticketPlace } from './tickets.js';
import type { AskedRequest } from './asked.js';
import { provedBy } from './proof.js';
import type { Turn, Wait } from './wait.js';

/** The operations of a resource, by method. */
export type Handlers<C> = Readonly<Partial<Record<Method, Operation<C>>>>;

/** What the resources of one API have in common. */
export interface Api<C, X extends HttpContext = HttpContext> {
  /** Values of `v` that are understood. */
  readonly versions: readonly string[];
  readonly cors: CorsKind;
  /**
   * Who calls, and what the path names: makes the call that handlers get, or answers at once, when the
   * request came before.
   */
  readonly authorize: (call: AccountCall<X>) => Admission<C>;
}

/** A call that goes on, or the answer to it; or it waits before it goes on. */
export type Admission<C> = C | Answer | Wait | Promise<C | Answer | Wait>;

function isAnswer(authorized: Call | Answer | Wait): authorized is Answer | Wait {
  return 'kind' in authorized;
}

/** Registers a resource of an account; `path` comes after `/api/account/{account}`. */
export function resource<C extends Call, X extends HttpContext>(
  app: FastifyInstance,
  server: X,
  api: Api<C, X>,
  path: string,
  handlers: Handlers<C>,
): void {
  resourceAt(app, server, api, `/api/account/:account${path}`, handlers);
}

/** Registers a resource of an account at another address of it; `url` names the account. */
export function resourceAt<C extends Call, X extends HttpContext>(
  app: FastifyInstance,
  server: X,
  api: Api<C, X>,
  url: string,
  handlers: Handlers<C>,
): void {
  register(app, server, api, url, handlers, (request, turn, attempt) => {
    const id = accountIdOf(request);
    const authorize = (account: LiveAccount) =>
      api.authorize(onAccount(callOf(server, request, turn, attempt), account));
    const loaded = server.accounts.loaded(id);
    return loaded === undefined ? loadAccount(server, id).then(authorize) : authorize(loaded);
  });
}

function accountIdOf(request: AskedRequest): string {
  return (request.params as { account: string }).account;
}

/** Registers a resource outside of an account's own live state, such as the Domain API. */
export function plainResource<X extends HttpContext>(
  app: FastifyInstance,
  server: X,
  api: Pick<Api<Call<X>>, 'versions' | 'cors'>,
  url: string,
  handlers: Handlers<Call<X>>,
): void {
  register(app, server, api, url, handlers, (request) => callOf(server, request));
}

/**
 * @throws WireError 400 for what cannot be an account's id, 404 when there is none.
 */
export async function loadAccount(server: HttpContext, id: string): Promise<LiveAccount> {
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

function register<C extends Call>(
  app: FastifyInstance,
  server: HttpContext,
  api: Pick<Api<C>, 'versions' | 'cors'>,
  url: string,
  handlers: Handlers<C>,
  authorize: (
    request: AskedRequest,
    turn: Turn,
    attempt: Attempt<AccountCall> | null,
  ) => Admission<C>,
): void {
  const offered = METHODS.filter((method) => handlers[method] !== undefined);
  const allow = [...offered, ...(handlers.GET === undefined ? [] : ['HEAD']), 'OPTIONS'];

  const config = { cors: api.cors };

  for (const method of offered) {
    const operation = handlers[method];
    if (operation === undefined) continue;
    const registered = { method, url, versions: api.versions, operation };
    server.operations.push(registered);
    const { handle, retry } = operation;
    const answerTo = (authorized: C | Answer | Wait) =>
      isAnswer(authorized) ? authorized : handle(authorized);
    const route: Route = {
      server,
      ask(request, turn) {
        const attempt = retry === undefined ? null : Attempt.of(request, retry);
        const make = () => {
          const authorized = authorize(request, turn, attempt);
          return authorized instanceof Promise ? authorized.then(answerTo) : answerTo(authorized);
        };
        return attempt === null ? make() : attempt.run(make);
      },
    };
    if (operation.overWebSocket) server.inner.add(method, url, route, { cors: api.cors });
    app.route({
      method,
      url,
      config: { ...config, lines: operation.lines, stream: operation.stream },
      handler(request, reply) {
        noteOperation(request.raw, registered);
        allowOrigin(server, request, reply);
        let holding: Holding | null;
        try {
          checkVersion(request, api.versions);
          if (operation.stream === 'websocket') redeemTicket(server, request);
          holding = holdRequest(server, request);
        } catch (error) {
          sendError(server, request, reply, error);
          return;
        }
        new Exchange(route, request, reply).serve(() => {
          if (holding !== null) server.underWay.release(holding);
        });
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

/**
 * The credentials of who brings a ticket are those of the request that it was given to.
 * @throws WireError 401 for one that is none, or none any more
 */
function redeemTicket(server: HttpContext, request: FastifyRequest): void {
  const { ticket } = request.query as Readonly<Record<string, string | string[]>>;
  const [brought] = [ticket ?? []].flat();
  if (brought === undefined) return;
  const proof = server.tickets.take(brought, ticketPlace(request));
  if (proof === null) {
    throw new WireError(
      'unauthorized',
      `The ticket is unknown, was used, or is older than ${TICKET_SECONDS} seconds: ask for another.`,
      { 'www-authenticate': 'Bearer' },
    );
  }
  provedBy(request, proof);
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
function cutOff(server: HttpContext, request: FastifyRequest, error: unknown): void {
  const facts = { err: error, route: request.routeOptions.url, ...idsOf(request.raw) };
  server.failures.lines.error(facts, 'an answer could not be sent');
  request.raw.socket.destroy();
}
