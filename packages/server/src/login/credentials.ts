/** Who wants to log in: by password, or by an app key with its secrets. */
import { type LoginRequest, WireError } from '@parley/protocol';
import type { LiveAccount } from '../account/accounts.js';
import { verifyPassword } from '../auth/password.js';
import { HASH_OF_NO_SECRET, matchesHash } from '../auth/tokens.js';
import type { Stored } from '../config/records.js';

/** The count of failures that an attempt is held against. */
export interface Gate {
  /** @throws WireError 429 when there were too many. */
  check(): Promise<void>;
  failed(): Promise<void>;
  succeeded(): Promise<void>;
}

/**
 * The user whose credentials these are.
 *
 * Unknown user, wrong secret and disabled user get the same answer after the same work, so that
 * nobody learns which login names exist.
 * @throws WireError 401, with a code of its own when the password is right but must be changed; 429.
 */
export async function authenticate(
  account: LiveAccount,
  request: LoginRequest,
  gate: Gate,
): Promise<Stored<'user'>> {
  await gate.check();
  const password = passwordOf(request);
  const user =
    password === undefined
      ? userByAppKey(account, request)
      : await userByPassword(account, request.username, password, gate);
  if (user === null) {
    await gate.failed();
    throw new WireError(
      'wrongCredentials',
      'The user name or the password or key is wrong, or the user is disabled: check them, or ask an administrator.',
    );
  }
  await gate.succeeded();
  if (password !== undefined && user.mustChangePassword) {
    throw new WireError(
      'passwordChangeRequired',
      `The password is right but must be changed first: PUT configuration/le-users/users/${user.id}/changePassword with oldPassword, newPassword and confirmPassword, then log in with the new one.`,
    );
  }
  return user;
}

/** The password to check; undefined for a login by key, which clients also send with an empty one. */
function passwordOf({ password, appKey, secret }: LoginRequest): string | undefined {
  const byKey = appKey !== undefined && secret !== undefined;
  return password === '' && byKey ? undefined : password;
}

async function userByPassword(
  account: LiveAccount,
  username: string,
  password: string,
  gate: Gate,
): Promise<Stored<'user'> | null> {
  const asked = account.setup.userByLogin.get(username);
  // Checked again when its turn comes: attempts that waited together must not all get one.
  const right = await verifyPassword(asked?.passwordHash ?? null, password, () => gate.check());
  if (!right || asked === undefined) return null;
  // The user may have been changed while the password was being checked.
  const user = account.setup.users.get(asked.id);
  return user?.enabled && user.passwordHash === asked.passwordHash ? user : null;
}

/**
 * A key that has an access token wants both secrets; one without (an OAuth 2 client) wants the
 * client secret alone, whatever stands in the token fields.
 */
function userByAppKey(account: LiveAccount, request: LoginRequest): Stored<'user'> | null {
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
