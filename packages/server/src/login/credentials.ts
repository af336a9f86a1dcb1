/** Who wants to log in: by password, or by an app key with its secrets. */
import { type LoginRequest, WireError } from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { provePassword } from '../auth/prove-password.js';
import { HASH_OF_NO_SECRET, matchesHash } from '@parley/configuration/secrets/tokens';
import { loginNameKey } from '@parley/configuration/records/names';
import type { Stored } from '@parley/configuration/records/records';
import type { LoginCall } from './context.js';

/** Who logged in, and how they proved it. */
export interface Authenticated {
  readonly user: Stored<'user'>;
  readonly by: 'password' | 'key';
}

/**
 * The user whose credentials these are.
 *
 * Unknown user, wrong secret and disabled user get the same answer after the same work, so that
 * nobody learns which login names exist.
 * @throws WireError 401, with a code of its own when the password is right but must be changed; 429.
 */
export async function authenticate(call: LoginCall, request: LoginRequest): Promise<Authenticated> {
  const password = passwordOf(request);
  if (password === undefined) return { user: await userByKey(call, request), by: 'key' };
  const named = loginNameKey(request.username);
  const asked = call.account.setup.userByLogin.get(request.username);
  const claim = { by: 'login name', named, user: asked, proof: null } as const;
  const user = await provePassword(call, claim, password);
  if (user === null) throw wrongCredentials();
  if (user.mustChangePassword) {
    throw new WireError(
      'passwordChangeRequired',
      `The password is right but must be changed first: PUT configuration/le-users/users/${user.id}/changePassword with oldPassword, newPassword and confirmPassword, then log in with the new one.`,
    );
  }
  return { user, by: 'password' };
}

/** The password to check; undefined for a login by key, which clients also send with an empty one. */
function passwordOf({ password, appKey, secret }: LoginRequest): string | undefined {
  const byKey = appKey !== undefined && secret !== undefined;
  return password === '' && byKey ? undefined : password;
}

/** @throws WireError 401; 429 after too many wrong ones: a right one is never held up. */
async function userByKey(call: LoginCall, request: LoginRequest): Promise<Stored<'user'>> {
  const { server, account } = call;
  const user = ownerOfKey(account, request);
  if (user !== null) return user;
  server.refusals.note(call, 'login.failed', 'wrong-key');
  const address = server.proxies.clientAddress(call.request.raw);
  const attempt = { account: account.id, key: request.appKey ?? '', address };
  throw (await server.throttle.wrongKey(attempt)) ?? wrongCredentials();
}

/**
 * A key that has an access token wants both secrets; one without (an OAuth 2 client) wants the
 * client secret alone, whatever stands in the token fields.
 */
function ownerOfKey(account: LiveAccount, request: LoginRequest): Stored<'user'> | null {
  const { setup } = account;
  const found = setup.appKeys.get(request.appKey ?? '');
  const key = found?.kind === 'agent' ? found : undefined;
  const secretFits = matchesHash(request.secret ?? '', key?.secretHash ?? HASH_OF_NO_SECRET);
  const tokenFits = matchesHash(
    request.accessTokenSecret ?? '',
    key?.accessTokenSecretHash ?? HASH_OF_NO_SECRET,
  );
  const user = setup.userByLogin.get(request.username);
  if (key === undefined || !secretFits || !user?.enabled) return null;
  if (key.accessToken !== null && !(tokenFits && request.accessToken === key.accessToken)) {
    return null;
  }
  return key.userId === null || key.userId === user.id ? user : null;
}

/** The answer to whoever may not log in. */
export function wrongCredentials(): WireError {
  return new WireError(
    'wrongCredentials',
    'The user name or the password or key is wrong, or the user is disabled: check them, or ask an administrator.',
  );
}
