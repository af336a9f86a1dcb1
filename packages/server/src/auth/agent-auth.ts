/** Who an agent-side request comes from: a login's bearer, an OAuth 2 bearer, or a signature. */
import { WireError } from '@parley/protocol';
import type { LoginRecord } from '@parley/store';
import type { Stored } from '@parley/configuration/records/records';
import type { AuthCall } from './context.js';
import { keyOfClientToken } from './client-token.js';
import { isSigned } from './oauth-header.js';
import { signerOf } from './signed-request.js';
import { wrongCredential } from './wrong-credential.js';

/** Who calls, and how they proved it. */
export type Principal =
  | { readonly by: 'login'; readonly user: Stored<'user'>; readonly login: LoginRecord }
  | { readonly by: 'signature'; readonly user: Stored<'user'>; readonly key: Stored<'appKey'> }
  | { readonly by: 'client'; readonly user: Stored<'user'>; readonly key: Stored<'appKey'> };

const BEARER = /^bearer +([A-Za-z0-9._~+/=-]{1,512}) *$/i;

/**
 * The user behind the request, which counts for its credential.
 * @throws WireError 429 for more than one credential may bring; 401 when the credential is missing, malformed, unknown, expired or used before,
 *   or its user may no longer log in; 403 for a key that names no user; 429 after too many of them.
 */
export function principalOf(call: AuthCall): Principal {
  const principal = provenBy(call);
  call.server.credentials.count(call, credentialOf(principal));
  return principal;
}

/** A user who logs in again is no other one. */
function credentialOf(principal: Principal): string {
  return principal.by === 'login' ? `user ${principal.user.id}` : `key ${principal.key.id}`;
}

function provenBy(call: AuthCall): Principal {
  const { authorization } = call.proof.headers;
  if (authorization === undefined) {
    throw unauthorized(
      'Authorization is missing: log in and send "Authorization: Bearer {token}".',
    );
  }
  if (isSigned(authorization)) {
    const key = signerOf(call, authorization);
    return { by: 'signature', user: userOfKey(call, key), key };
  }
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    call.server.refusals.note(call, 'credential.refused', 'malformed');
    throw unauthorized('Authorization is not understood: send "Bearer {token}" from the login.');
  }
  const caller = byLogin(call, token) ?? byClient(call, token);
  if (caller === null) {
    const error = unauthorized('The bearer is unknown or has expired: log in again.');
    throw wrongCredential(call, error, 'unknown-bearer');
  }
  return caller;
}

function byLogin({ account }: AuthCall, token: string): Principal | null {
  const login = account.logins.byBearer(token);
  const user = login === null ? undefined : account.setup.users.get(login.userId);
  return login === null || !user?.enabled ? null : { by: 'login', user, login };
}

function byClient({ account, server }: AuthCall, token: string): Principal | null {
  const { setup } = account;
  const key = keyOfClientToken(server.secrets, setup, token, server.clock);
  const user = setup.users.get(key?.userId ?? 0);
  return key === null || !user?.enabled ? null : { by: 'client', user, key };
}

/** The user that an app key acts for. */
function userOfKey({ account }: AuthCall, key: Stored<'appKey'>): Stored<'user'> {
  if (key.userId === null) {
    throw new WireError(
      'forbidden',
      'This app key names no user to act for: log in with it, or make a key for one user.',
    );
  }
  const user = account.setup.users.get(key.userId);
  if (user?.enabled) return user;
  throw unauthorized('The user of the app key may no longer log in: ask an administrator.');
}

function unauthorized(message: string): WireError {
  return new WireError('unauthorized', message, { 'www-authenticate': 'Bearer' });
}
