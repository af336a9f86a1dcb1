/** Who an agent-side request comes from: a login's bearer token. */
import { WireError } from '@parley/protocol';
import type { LoginRecord } from '@parley/store';
import type { Stored } from '../config/records.js';
import type { AccountCall } from '../http/call.js';

export interface Caller {
  readonly user: Stored<'user'>;
  readonly login: LoginRecord;
}

const BEARER = /^bearer +([A-Za-z0-9._~+/=-]{1,512}) *$/i;

/**
 * The user behind the request.
 * @throws WireError 401 when the credential is missing, malformed, unknown or expired, or its user may no longer log in.
 */
export function callerOf(call: AccountCall): Caller {
  const { authorization } = call.request.headers;
  if (authorization === undefined) {
    throw unauthorized(
      'Authorization is missing: log in and send "Authorization: Bearer {token}".',
    );
  }
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    throw unauthorized('Authorization is not understood: send "Bearer {token}" from the login.');
  }
  const login = call.account.logins.byBearer(token, call.server.clock.now());
  const user = login === null ? undefined : call.account.setup.users.get(login.userId);
  if (login === null || !user?.enabled) {
    throw unauthorized('The bearer is unknown or has expired: log in again.');
  }
  return { user, login };
}

function unauthorized(message: string): WireError {
  return new WireError('unauthorized', message, { 'www-authenticate': 'Bearer' });
}
