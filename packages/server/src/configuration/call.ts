/** A call on the configuration: who calls, and how much of it they may see. */
import type { ConfigurationContext } from './context.js';
import type { Actor } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { principalOf } from '../auth/agent-auth.js';
import type { Stored } from '@parley/configuration/records/records';
import { AccountCall } from '../http/call.js';
import type { Admission } from '../http/resource.js';
import { withGroupsBelow } from '@parley/configuration/changes/groups';
import type { ChangeContext } from '@parley/configuration/changes/change';

/** What a caller may see of the users. */
export type ReadScope =
  | { readonly of: 'everything' }
  /** A manager sees these groups. */
  | { readonly of: 'groups'; readonly groupIds: ReadonlySet<number> }
  | { readonly of: 'self' };

export class ConfigurationCall extends AccountCall<ConfigurationContext> {
  readonly user: Stored<'user'>;
  readonly readScope: ReadScope;

  constructor(call: AccountCall<ConfigurationContext>, user: Stored<'user'>) {
    super(call, call.account);
    this.user = user;
    this.readScope = readScopeOf(call, user);
  }

  override get actor(): Actor {
    return { by: 'user', userId: this.user.id };
  }

  /** For the audit of what this call changes. */
  get desk(): ChangeContext {
    const { server, account, user, request } = this;
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
  requireAdministrator(): void {
    if (this.readScope.of === 'everything') return;
    throw new WireError(
      'forbidden',
      `${this.user.loginName} may not change the configuration: ask an administrator.`,
    );
  }

  /** @throws WireError 403 unless the caller is an administrator or a manager. */
  requireManager(): void {
    if (this.readScope.of !== 'self') return;
    throw new WireError(
      'forbidden',
      `${this.user.loginName} may not read this part of the configuration: ask an administrator.`,
    );
  }
}

/** @throws WireError 401 without a credential. */
export function configurationCallOf(call: AccountCall<ConfigurationContext>): ConfigurationCall {
  return new ConfigurationCall(call, principalOf(call).user);
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
