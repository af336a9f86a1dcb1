/** The Login Service API: login, refresh, logout (rules LOGIN…). */
import { readBody } from '../http/read-body.js';
import { answerEmpty, answerWith } from '../http/reply.js';
import { csrfDocument, loginDocument, loginRequestDocument, WireError } from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import { setCookie } from '../auth/cookies.js';
import { deviceCookie } from '../auth/devices.js';
import type { LoginCall, LoginContext } from './context.js';
import type { Answer } from '../http/answer.js';
import type { Operation } from '../http/operation.js';
import { type Api, resource } from '../http/resource.js';
import { authenticate, wrongCredentials } from './credentials.js';
import { LOGIN_COOKIE, liveLogin, loginCookiesOf } from './live-login.js';
import { lastSignOut } from '@parley/configuration/records/sign-out-times';
import { loginDocumentOf } from './login-document.js';

const LOGIN_API: Api<LoginCall, LoginContext> = {
  versions: ['1', '1.0', '1.1', '1.2', '1.3'],
  cors: 'agent',
  authorize: (call) => call,
};

/** Registers `/login`, `/refresh` and `/logout` of an account. */
export function registerLogin(app: FastifyInstance, server: LoginContext): void {
  resource(app, server, LOGIN_API, '/login', { POST: postLogin });
  resource(app, server, LOGIN_API, '/refresh', { POST: postRefresh });
  resource(app, server, LOGIN_API, '/logout', { POST: postLogout });
}

const postLogin: Operation<LoginCall> = {
  summary: 'Logs a user in with a password or an app key.',
  body: loginRequestDocument,
  answers: { 200: loginDocument },
  gives: ['Set-Cookie'],
  errors: ['wrongCredentials', 'passwordChangeRequired', 'loginThrottled'],
  handle: login,
};

const postRefresh: Operation<LoginCall> = {
  summary: 'Extends the login.',
  description:
    'A client that stays logged in calls this every 3 to 5 minutes. The cookie keeps its value: if the request carries it, the response sets it again with its new expiry.',
  body: csrfDocument,
  answers: { 200: null },
  gives: ['Set-Cookie'],
  errors: ['unauthorized', 'badCsrf', 'originNotAllowed'],
  handle: refresh,
};

const postLogout: Operation<LoginCall> = {
  summary: "Ends the login and the user's agent session.",
  body: csrfDocument,
  answers: { 200: null },
  gives: ['Set-Cookie'],
  errors: ['unauthorized', 'badCsrf', 'originNotAllowed'],
  handle: logout,
};

async function login(call: LoginCall): Promise<Answer> {
  const { account } = call;
  const { user, by } = await authenticate(call, readBody(call, loginRequestDocument));
  // Dropped while the password was checked: another password may have been given since.
  account.host.requireServing();
  const ttl = account.setup.engine.settings.sessionTtlSeconds * 1000;
  const opened = await account.logins.open(user.id, ttl, lastSignOut(user));
  // Signed out while it was being opened.
  if (account.logins.byBearer(opened.bearer) === null) throw wrongCredentials();
  call.server.metrics.loggedIn();
  return answerWith(call, loginDocument, loginDocumentOf(call, user, opened), 200, {
    // The login's own first: some clients read no further.
    'set-cookie': [
      loginCookie(call, opened.cookie, ttl),
      ...(by === 'password' ? [deviceCookie(call, user)] : []),
    ],
  });
}

async function refresh(call: LoginCall): Promise<Answer> {
  const record = liveLogin(call);
  const { logins } = call.account;
  const renewed = await logins.renew(record);
  if (!renewed) throw new WireError('unauthorized', 'The login has ended: log in again.');
  // Only its hash is kept: the value is known here when the client sent it.
  const cookie = loginCookiesOf(call).find((value) => logins.cookieFits(record, value));
  if (cookie === undefined) return answerEmpty(call, 200);
  return answerEmpty(call, 200, { 'set-cookie': loginCookie(call, cookie, record.ttl) });
}

async function logout(call: LoginCall): Promise<Answer> {
  const record = liveLogin(call);
  const { logins, host } = call.account;
  // Asked for at the same moment, they share one transaction: a crash finds both done or neither.
  await Promise.all([
    logins.close(record),
    host.execute<'user.logout'>({
      command: { type: 'user.logout', userId: record.userId },
      actor: { by: 'user', userId: record.userId },
    }),
  ]);
  return answerEmpty(call, 200, { 'set-cookie': loginCookie(call, '', 0) });
}

/** Sent to this account's paths only. Workspaces on other origins need it: the csrf token guards it. */
function loginCookie(call: LoginCall, value: string, ttl: number): string {
  const path = `/api/account/${call.account.id}`;
  const maxAge = Math.floor(ttl / 1000);
  return setCookie(LOGIN_COOKIE, value, path, { maxAge, sameSite: 'None' });
}
