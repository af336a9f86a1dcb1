/** Which live login a refresh or logout is about. */
import { readBody } from '../http/read-body.js';
import { csrfDocument, WireError } from '@parley/protocol';
import type { LoginRecord } from '@parley/store';
import { principalOf } from '../auth/agent-auth.js';
import { cookieValues } from '../auth/cookies.js';
import type { LoginCall } from './context.js';
import { originIsOurs } from './request-origin.js';

/** Name of the login's cookie. */
export const LOGIN_COOKIE = 'session_id';

/**
 * The login behind the request, by its bearer or else its cookie, once the csrf token of the body
 * proved that the caller is who logged in.
 *
 * The bearer is accepted too because many clients drop `Secure` cookies on plain HTTP.
 * @throws WireError 401 without a live login or with a wrong csrf token; 403 when another site's
 * page sent the cookie along.
 */
export function liveLogin(call: LoginCall): LoginRecord {
  const login = call.request.headers.authorization === undefined ? byCookie(call) : byBearer(call);
  const csrf = csrfOf(call);
  if (csrf === null || !call.account.logins.csrfFits(login, csrf)) {
    call.server.refusals.note(call, 'credential.refused', 'wrong-csrf', login.userId);
    throw new WireError(
      'badCsrf',
      'The csrf token is missing or not that of this login: send {"csrf": …} with the value from the login answer.',
    );
  }
  return login;
}

function byBearer(call: LoginCall): LoginRecord {
  const caller = principalOf(call);
  if (caller.by === 'login') return caller.login;
  throw new WireError(
    'unauthorized',
    'This credential comes from no login, so there is none to refresh or to end: send the bearer of a login.',
    { 'www-authenticate': 'Bearer' },
  );
}

function byCookie(call: LoginCall): LoginRecord {
  if (!originIsOurs(call)) {
    const origin = (call.request.headers.origin ?? 'another site').slice(0, 80);
    throw new WireError(
      'originNotAllowed',
      `A page of ${origin} may not use this login's cookie: send the bearer, or allow that origin in the account's settings.`,
    );
  }
  const { server, account } = call;
  const sent = loginCookiesOf(call);
  for (const cookie of sent) {
    const login = account.logins.byCookie(cookie);
    if (login !== null && account.setup.users.get(login.userId)?.enabled) return login;
  }
  if (sent.length > 0) server.refusals.note(call, 'credential.refused', 'unknown-cookie');
  throw new WireError(
    'unauthorized',
    `There is no live login in the request: send the cookie ${LOGIN_COOKIE} or "Authorization: Bearer {token}", or log in again.`,
    { 'www-authenticate': 'Bearer' },
  );
}

/** The values of the login cookie; its name is read in any case, as clients in the field spell it. */
export function loginCookiesOf({ request }: LoginCall): readonly string[] {
  return cookieValues(request.raw, LOGIN_COOKIE, 'in any case');
}

/** The csrf token of the body; null when there is none. Malformed bodies are refused as such. */
function csrfOf(call: LoginCall): string | null {
  try {
    return readBody(call, csrfDocument).csrf;
  } catch (error) {
    if (error instanceof WireError && error.code === 'invalidField') return null;
    throw error;
  }
}
