import type { AccountConfiguration } from '@parley/configuration/records/records';
import type { LoginRegistry } from '../logins/login-registry.js';
import type { AccountHost } from './account-host.js';
import type { Changes } from './changes.js';

/** An account, ready to serve. */
export interface LiveAccount {
  readonly id: string;
  readonly host: AccountHost;
  readonly logins: LoginRegistry;
  /** Another one when the configuration changes. */
  setup: AccountConfiguration;
  /** Makes changes take effect. */
  readonly changes: Changes;
}
