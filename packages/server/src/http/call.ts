/** One request as a route sees it. */
import type { Actor } from '@parley/engine';
import { type Representation, WireError } from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import type { AskedRequest } from './asked.js';
import type { HttpContext } from './context.js';
import { representationOf } from './representation.js';
import { originOf } from './origin.js';
import type { Attempt } from './retry.js';
import { proofOf } from './proof.js';
import { FIRST_TURN, type Turn } from './wait.js';

/**
 * One request as a handler sees it: a plain value. Authorizing a call makes a value of it that says more;
 * functions do something with one (`query.ts`, `read-body.ts`, `execute.ts`, `reply.ts`).
 *
 * The fields that all have are written out, here alone: a spread of so many takes V8 up to ten microseconds.
 */
export interface Call<X extends HttpContext = HttpContext> {
  /** What the handlers of this API work with. */
  readonly server: X;
  readonly request: AskedRequest;
  /** The request that credentials are read from: nearly always this one itself. */
  readonly proof: AskedRequest;
  readonly representation: Representation;
  /** `https://host:port` that links are made on. */
  readonly origin: string;
  /** The same as the client used it; `origin` is the public domain's, where there is one. */
  readonly askedOrigin: string;
  /** Of a request that waits, how often its call was made. */
  readonly turn: Turn;
  /** Set when the request may come again. */
  readonly attempt: Attempt<AccountCall> | null;
}

/** A call whose path names an account that exists. */
export interface AccountCall<X extends HttpContext = HttpContext> extends Call<X> {
  readonly account: LiveAccount;
  /** `https://host/api/account/{account}`. */
  readonly base: string;
  /**
   * Who calls, as authentication found it. Whoever brings no credential is the visitor of a page;
   * calls that were authenticated say more.
   */
  readonly actor: Actor;
}

const VISITOR: Actor = { by: 'visitor' };

/**
 * A request's call.
 * @throws WireError 406 when nothing acceptable can be given, 400 for a host that is none.
 */
export function callOf<X extends HttpContext>(
  server: X,
  request: AskedRequest,
  turn: Turn = FIRST_TURN,
  attempt: Attempt<AccountCall> | null = null,
): Call<X> {
  const chosen = representationOf(request);
  // Lines and streams are asked for by names of their own; errors before the first of them are JSON then.
  const { lines, stream } = request.routeOptions.config ?? {};
  const isNamed = chosen === 'none' && (lines !== undefined || stream !== undefined);
  const representation = isNamed ? 'json' : chosen;
  if (representation === 'none') {
    const accept = (request.headers.accept ?? '').slice(0, 80);
    throw new WireError(
      'notAcceptable',
      `Accept "${accept}" names nothing that can be given: ask for application/json, application/xml or application/hal+json.`,
    );
  }
  const askedOrigin = originOf(request.raw, server.proxies);
  const { publicDomain } = server;
  const origin = publicDomain === null ? askedOrigin : `https://${publicDomain}`;
  return {
    server,
    request,
    proof: proofOf(request),
    representation,
    origin,
    askedOrigin,
    turn,
    attempt,
  };
}

/** The same call, on an account. */
export function onAccount<X extends HttpContext>(
  call: Call<X>,
  account: LiveAccount,
): AccountCall<X> {
  const { server, request, proof, representation, origin, askedOrigin, turn, attempt } = call;
  return {
    server,
    request,
    proof,
    representation,
    origin,
    askedOrigin,
    turn,
    attempt,
    account,
    base: `${origin}/api/account/${account.id}`,
    actor: VISITOR,
  };
}

/** The same call, by whom authorization found to make it, with what else it found. */
export function authorizedCall<X extends HttpContext, F extends object>(
  call: AccountCall<X>,
  actor: Actor,
  found: F,
): AccountCall<X> & F {
  return Object.assign(
    {
      server: call.server,
      request: call.request,
      proof: call.proof,
      representation: call.representation,
      origin: call.origin,
      askedOrigin: call.askedOrigin,
      turn: call.turn,
      attempt: call.attempt,
      account: call.account,
      base: call.base,
      actor,
    },
    found,
  );
}
