/** OAuth 2, client credentials: an app key and its secret for a short-lived bearer (rules OAUTH…). */
import {
  keySetDocument,
  tokenDocument,
  tokenErrorDocument,
  type TokenError,
  tokenRequestDocument,
  visible,
} from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import { CLIENT_TOKEN_TTL_MS, newClientToken } from '../auth/client-token.js';
import { HASH_OF_NO_SECRET, matchesHash } from '@parley/configuration/secrets/tokens';
import type { Stored } from '@parley/configuration/records/records';
import type { Call } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import type { Operation } from '../http/operation.js';
import { type Api, plainResource, resource, resourceAt } from '../http/resource.js';
import type { AuthCall, AuthContext } from '../auth/context.js';
import { type ClientCredentials, credentialsOf } from './token-request.js';

const OAUTH2_API: Api<AuthCall, AuthContext> = {
  versions: ['1', '1.0'],
  cors: 'agent',
  authorize: (call) => call,
};

/**
 * Registers the token service, at Parley's address and at those of the original API's service
 * `sentinel`, and the keys of its bearers.
 */
export function registerOAuth2(app: FastifyInstance, server: AuthContext): void {
  resource(app, server, OAUTH2_API, '/oauth2/token', { POST: postToken });
  for (const base of ['/sentinel/api/account', '/sentinel/api/v2/account'] as const) {
    resourceAt(app, server, OAUTH2_API, `${base}/:account/app/token`, { POST: postToken });
  }
  plainResource(app, server, KEYS_API, '/sentinel/well-known/jwks', { GET: getKeys });
}

const KEYS_API = { versions: OAUTH2_API.versions, cors: 'public' } as const;

const getKeys: Operation<Call> = {
  summary: 'The key set for verifying bearer tokens, which is always empty.',
  description:
    'OAuth 2 bearer tokens are opaque: only the server that issued one can check it, and revoking it takes effect at once. Clients that fetch the keys get an empty set.',
  jsonOnly: true,
  answers: { 200: keySetDocument },
  handle: () => inJson(200, keySetDocument.write({ keys: [] }, 'json')),
};

const postToken: Operation<AuthCall> = {
  summary:
    'Issues a bearer token, valid for one hour, to an app key (RFC 6749, client_credentials).',
  body: tokenRequestDocument,
  formBody: true,
  jsonOnly: true,
  answers: {
    200: tokenDocument,
    400: tokenErrorDocument,
    401: tokenErrorDocument,
    429: tokenErrorDocument,
  },
  async handle(call) {
    const client = credentialsOf(call);
    if ('refused' in client) return refuse(client.refused, client.message);
    const { server, account } = call;
    const key = keyOf(call, client);
    if (key === null) return wrongClient(call, client);
    if (key.userId === null) {
      return refuse(
        'unauthorized_client',
        'This app key names no user to act for: ask an administrator for one that does.',
      );
    }
    server.metrics.loggedIn();
    const bearer = newClientToken(server.secrets, account.setup, key, server.clock.now());
    const token = {
      access_token: bearer,
      token_type: 'Bearer' as const,
      expires_in: CLIENT_TOKEN_TTL_MS / 1000,
    };
    return inJson(200, tokenDocument.write(token, 'json'));
  },
};

/** Wrong ones are slowed down where they come from; a right one is never held up. */
async function wrongClient(call: AuthCall, { id }: ClientCredentials): Promise<Answer> {
  const { server, account, request } = call;
  server.refusals.note(call, 'login.failed', 'wrong-key');
  const address = server.proxies.clientAddress(request.raw);
  const tooMany = await server.throttle.wrongKey({ account: account.id, key: id, address });
  if (tooMany !== null) return refuse('temporarily_unavailable', tooMany.message, tooMany.headers);
  return refuse(
    'invalid_client',
    'Client id or secret is wrong, or the user of the key is disabled: check them, or ask an administrator.',
  );
}

/** The key whose secret this is, unless its user may not log in. An unknown key takes the same work. */
function keyOf({ account }: AuthCall, client: ClientCredentials): Stored<'appKey'> | null {
  const { appKeys, users } = account.setup;
  const found = appKeys.get(client.id);
  const key = found?.kind === 'visitor' ? undefined : found;
  const right = matchesHash(client.secret, key?.secretHash ?? HASH_OF_NO_SECRET);
  if (key === undefined || !right) return null;
  const disabled = key.userId !== null && !users.get(key.userId)?.enabled;
  return disabled ? null : key;
}

const STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  temporarily_unavailable: 429,
} as const satisfies Record<TokenError['error'], number>;

function refuse(
  error: TokenError['error'],
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const challenge =
    error === 'invalid_client'
      ? { 'www-authenticate': 'Basic realm="Parley", charset="UTF-8"' }
      : {};
  const body = tokenErrorDocument.write({ error, error_description: visible(message) }, 'json');
  return inJson(STATUS[error], body, { ...headers, ...challenge });
}

/** Always JSON, whatever is accepted: so RFC 6749 has it. */
function inJson(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const all = { ...headers, pragma: 'no-cache' };
  return { kind: 'document', status, body, representation: 'json', headers: all };
}
