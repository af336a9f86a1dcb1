/** A call on the configuration: who calls, and how much of it they may see. */
import type { ConfigurationContext } from './context.js';
import type { Actor } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { principalOf } from '../auth/agent-auth.js';
import type { Stored } from '@parley/configuration/records/records';
import { type AccountCall, authorizedCall } from '../http/call.js';
import type { Admission } from '../http/resource.js';
import { withGroupsBelow } from '@parley/configuration/changes/groups';
import type { ChangeContext } from '@parley/configuration/changes/change';

/** What a caller may see of the users. */
export type ReadScope =
  | { readonly of: 'everything' }
  /** A manager sees these groups. */
  | { readonly of: 'groups'; readonly groupIds: ReadonlySet<number> }
  | { readonly of: 'self' };

export interface ConfigurationCall extends AccountCall<ConfigurationContext> {
  readonly user: Stored<'user'>;
  readonly readScope: ReadScope;
}

/** What the audit of what a call changes needs. */
export function changeContextOf({
  server,
  account,
  user,
  request,
}: ConfigurationCall): ChangeContext {
  return {
    store: server.store,
    accountId: account.id,
    actor: `user:${user.id}`,
    from: server.proxies.clientAddress(request.raw),
    now: () => server.clock.now(),
    live: server.accounts.liveSetup(account),
  };
}

/** @throws WireError 403 unless the caller is an administrator. */
export function requireAdministrator({ readScope, user }: ConfigurationCall): void {
  if (readScope.of === 'everything') return;
  throw new WireError(
    'forbidden',
    `${user.loginName} may not change the configuration: ask an administrator.`,
  );
}

/** @throws WireError 403 unless the caller is an administrator or a manager. */
export function requireManager({ readScope, user }: ConfigurationCall): void {
  if (readScope.of !== 'self') return;
  throw new WireError(
    'forbidden',
    `${user.loginName} may not read this part of the configuration: ask an administrator.`,
  );
}

/** @throws WireError 401 without a credential. */
export function configurationCallOf(call: AccountCall<ConfigurationContext>): ConfigurationCall {
  const { user } = principalOf(call);
  const actor: Actor = { by: 'user', userId: user.id };
  return authorizedCall(call, actor, { user, readScope: readScopeOf(call, user) });
}

/** @throws WireError as `configurationCallOf` */
export function authorizeConfiguration(
  call: AccountCall<ConfigurationContext>,
): Admission<ConfigurationCall> {
  const authorized = configurationCallOf(call);
  if (call.attempt === null) return authorized;
  return call.attempt
    .claimStored(authorized, authorized.user.id)
    .then((again) => again ?? authorized);
}

/** How much of the account's users somebody may see. */
export function readScopeOf(
  { account }: Pick<AccountCall, 'account'>,
  { roles, managerOf }: Stored<'user'>,
): ReadScope {
  if (roles.includes('administrator')) return { of: 'everything' };
  if (!roles.includes('manager')) return { of: 'self' };
  const managed = managerOf.map(({ groupId }) => groupId);
  return { of: 'groups', groupIds: withGroupsBelow(account.setup.groups, managed) };
}
