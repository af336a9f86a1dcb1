/** What the configuration API works with. */
import type { FindHost } from '@parley/runtime/mail/mailer';
import type { Outgoing } from '@parley/runtime/outgoing/request';
import type { RetentionKeeper } from '@parley/runtime/retention/keeper';
import type { AuthContext } from '../auth/context.js';

export interface ConfigurationContext extends AuthContext {
  /** Requests of others that the configuration names. */
  readonly outgoing: Outgoing;
  /** Where an account's mail server may be connected to. */
  readonly findMailHost: FindHost;
  readonly retention: RetentionKeeper;
}
