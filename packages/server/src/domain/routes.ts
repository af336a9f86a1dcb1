/** The Domain API: says where an account's services are (rules DOM…). */
import { pathParam } from '../http/query.js';
import { answerWith } from '../http/reply.js';
import { baseUriDocument, baseUrisDocument, SERVICES, WireError } from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import { isAccountId } from '@parley/runtime/accounts/accounts';
import type { Call } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import type { Operation } from '../http/operation.js';
import { plainResource } from '../http/resource.js';
import type { HttpContext } from '../http/context.js';
import type { DomainContext } from './context.js';
import { baseUriFor, baseUrisOf } from './base-uris.js';

const DOMAIN_API = { versions: ['1', '1.0'], cors: 'public' } as const;

/** Both spellings of the path that clients in the field use. */
const PREFIXES = ['/api/account/:account', '/csdr/account/:account'] as const;

/** Registers the Domain API. It asks for no credential. */
export function registerDomain(app: FastifyInstance, server: DomainContext): void {
  for (const prefix of PREFIXES) {
    const one = `${prefix}/service/:service/baseURI`;
    plainResource(app, server, DOMAIN_API, one, { GET: getService });
    plainResource(app, server, DOMAIN_API, `${prefix}/service/baseURI`, { GET: getServices });
  }
}

const version = {
  description: 'Accepted because some clients send it. It has no effect.',
  schema: { type: 'string' },
} as const;

const getService: Operation<Call<DomainContext>> = {
  summary: 'Returns the host that serves one service of the account.',
  query: { version },
  answers: { 200: baseUriDocument },
  errors: ['badAccountId', 'unknownAccount', 'unknownService'],
  handle: oneService,
};

const getServices: Operation<Call<DomainContext>> = {
  summary: 'Returns the hosts that serve all services of the account.',
  query: { version },
  answers: { 200: baseUrisDocument },
  errors: ['badAccountId', 'unknownAccount'],
  handle: allServices,
};

async function oneService(call: Call<DomainContext>): Promise<Answer> {
  const account = await existingAccountId(call.server, pathParam(call, 'account'));
  const service = SERVICES.find((known) => known === pathParam(call, 'service'));
  if (service === undefined) {
    const asked = pathParam(call, 'service').slice(0, 40);
    throw new WireError(
      'unknownService',
      `There is no service "${asked}"; the services are ${SERVICES.join(', ')}.`,
    );
  }
  return answerWith(call, baseUriDocument, { service, account, baseURI: baseUriFor(call) });
}

async function allServices(call: Call<DomainContext>): Promise<Answer> {
  const account = await existingAccountId(call.server, pathParam(call, 'account'));
  return answerWith(call, baseUrisDocument, baseUrisOf(call, account));
}

/**
 * The account of that id, if there is one. Its live state is not loaded for this: with several nodes, every one of
 * them answers for every account.
 * @throws WireError 400 for what cannot be an id, 404 for no account.
 */
export async function existingAccountId(server: HttpContext, id: string): Promise<string> {
  if (!isAccountId(id)) {
    throw new WireError(
      'badAccountId',
      `"${id.slice(0, 40)}" cannot be an account id: 1 to 20 of A-Z a-z 0-9 _.`,
    );
  }
  const { accounts, store } = server;
  if (accounts.loaded(id) === undefined && (await store.accounts.get(id)) === null) {
    throw new WireError('unknownAccount', `There is no account ${id} here: check the account id.`);
  }
  return id;
}
