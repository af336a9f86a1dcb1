/** What `parley serve` was started with. */
import type { LogLevel } from '@parley/server/defaults';
import type { LimitFlags } from './limit-options.js';
import type { ServerFlags } from './options.js';

export interface ServeFlags extends ServerFlags, LimitFlags {
  readonly demo?: boolean;
  /** The demo's bots. */
  readonly bots?: boolean;
  /** False for `--no-ui`. */
  readonly ui?: boolean;
  readonly json?: boolean;
  readonly logLevel?: LogLevel;
  readonly trustedProxies?: readonly string[];
  readonly outgoingAllow?: readonly string[];
  readonly geoDb?: string;
  readonly scrubHours?: number;
  readonly secretKeyFile?: string;
  readonly metricsTokenFile?: string;
}
