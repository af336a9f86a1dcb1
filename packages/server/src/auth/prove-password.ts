/** Whether a password proves that a caller is the user they say to be; slow and silent alike for users there are not. */
import { WireError } from '@parley/protocol';
import type { Stored } from '@parley/configuration/records/records';
import type { AuthCall } from './context.js';
import { networkOf } from '../http/network.js';
import { knownDevice } from './devices.js';
import { verifyPassword } from '@parley/configuration/secrets/password';
import type { RefusedReason } from './refusal-log.js';
import type { Held, NamedBy } from './throttle.js';

/** Whom a caller says to be. */
export interface Claim {
  readonly by: NamedBy;
  /** The login name as it is compared, or the id, whether there is such a user or not. */
  readonly named: string;
  readonly user: Stored<'user'> | undefined;
  /** What else shows that it is them, such as their login; null for nothing. */
  readonly proof: string | null;
}

/**
 * The user, as stored now, when the password is right and the user may log in; else null.
 * @throws WireError 429 when too many attempts like this one failed lately; QueueFull.
 */
export async function provePassword(
  call: AuthCall,
  { by, named, user, proof }: Claim,
  password: string,
): Promise<Stored<'user'> | null> {
  const { server, account } = call;
  const address = server.proxies.clientAddress(call.request.raw);
  const device = proof ?? knownDevice(call, user);
  const attempt = { account: account.id, by, user: named, address, device };
  const held: Held[] = [];
  try {
    await server.throttle.check(attempt);
    const lane = device === null ? networkOf(address) : `device ${device}`;
    // Held when its turn comes: those who wait together must not all be let through by one check.
    const right = await verifyPassword(user?.passwordHash ?? null, password, lane, async () => {
      held.push(await server.throttle.hold(attempt));
    });
    // The user may have been changed while the password was being checked.
    const now = account.setup.users.get(user?.id ?? 0);
    if (right && now?.enabled && now.passwordHash === user?.passwordHash) {
      for (const each of held) await server.throttle.succeeded(each);
      return now;
    }
    server.refusals.note(call, 'login.failed', reasonOf(user, right), user?.id);
    return null;
  } catch (error) {
    for (const each of held) await server.throttle.withdrawn(each);
    if (error instanceof WireError && error.code === 'loginThrottled') {
      server.refusals.note(call, 'login.failed', 'throttled', user?.id);
    }
    throw error;
  }
}

function reasonOf(user: Stored<'user'> | undefined, right: boolean): RefusedReason {
  if (user === undefined) return 'unknown-user';
  return right ? 'user-disabled' : 'wrong-password';
}
