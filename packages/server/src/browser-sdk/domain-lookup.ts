/** The Domain API as the original's browser SDK asks it, by script tag (rules SDK…). */
import { SERVICES, WireError } from '@parley/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existingAccountId } from '../domain/routes.js';
import { type BaseUri, baseUriFor, baseUrisOf } from '../domain/base-uris.js';
import { sendError } from '../http/errors.js';
import { originOf } from '../http/origin.js';
import type { DomainContext } from '../domain/context.js';

/** Names of functions of the page; longer ones, and anything else that scripts can say, are refused. */
const CALLBACK = /^[\w.$]{1,64}$/;

/** Registers `…/service/baseURI.lpCsds` and `…/service/{service}/baseURI.lpCsds`. */
export function registerDomainLookup(app: FastifyInstance, server: DomainContext): void {
  for (const prefix of ['/api/account/:account', '/csdr/account/:account']) {
    app.get(`${prefix}/service/baseURI.lpCsds`, (request, reply) =>
      respond(request, reply, ({ account, call }) => ({ baseURIs: baseUrisOf(call, account) })),
    );
    app.get(`${prefix}/service/:service/baseURI.lpCsds`, (request, reply) =>
      respond(request, reply, ({ account, call }) => [oneOf(request, account, baseUriFor(call))]),
    );
  }

  async function respond(
    request: FastifyRequest,
    reply: FastifyReply,
    lpData: (asked: {
      readonly account: string;
      readonly call: Parameters<typeof baseUriFor>[0];
    }) => unknown,
  ): Promise<void> {
    try {
      const { account: id = '' } = request.params as { readonly account?: string };
      const callback = callbackOf(request);
      const account = await existingAccountId(server, id);
      const origin = originOf(request.raw, server.proxies);
      const data = lpData({ account, call: { server, origin } });
      void reply
        .header('content-type', 'text/javascript; charset=utf-8')
        // A comment in front: what a page is sent can be nothing but this call.
        .send(`/**/${callback}(${forScript({ ResultSet: { lpData: data } })});`);
    } catch (error) {
      sendError(server, request, reply, error);
    }
  }
}

/** One service as old pages read it: `ResultSet.lpData[0].lpServer`. */
function oneOf(
  request: FastifyRequest,
  account: string,
  baseURI: string,
): BaseUri & { readonly lpServer: string } {
  const { service: asked = '' } = request.params as { readonly service?: string };
  const service = SERVICES.find((known) => known === asked);
  if (service === undefined) {
    throw new WireError(
      'unknownService',
      `There is no service "${asked.slice(0, 40)}"; the services are ${SERVICES.join(', ')}.`,
    );
  }
  return { lpServer: baseURI, baseURI, service, account };
}

/** @throws WireError 400 without a function's name, or for what cannot be one. */
function callbackOf(request: FastifyRequest): string {
  const { cb } = request.query as { readonly cb?: string | readonly string[] };
  if (typeof cb === 'string' && CALLBACK.test(cb)) return cb;
  throw new WireError(
    'invalidQuery',
    'cb must name the function to be called: 1 to 64 letters, digits, "_", "." and "$".',
  );
}

/** JSON that is the same in a script. */
function forScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
