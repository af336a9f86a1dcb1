/** What every request works with, whatever API it is for. */
import type { SecretBox } from '@parley/configuration/secrets/secret-box';
import type { ErrorCode, RegisteredOperation } from '@parley/protocol';
import type { Accounts } from '@parley/runtime/accounts/accounts';
import type { SteadyClock } from '@parley/runtime/clock/steady-clock';
import type { Store } from '@parley/store';
import type { Log } from '../log.js';
import type { FailureLog } from './failure-log.js';
import type { FairQueue } from './fair-queue.js';
import type { HeldMemory } from './held-memory.js';
import type { TrustedProxies } from './origin.js';
import type { InnerRoutes } from './inner.js';
import type { Tickets } from './tickets.js';
import type { LargeAnswers } from './room.js';
import type { Tracing } from './tracing.js';
import type { StreamOpener, Waiters } from './waiters.js';

export interface HttpContext {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly clock: SteadyClock;
  readonly log: Log;
  readonly proxies: TrustedProxies;
  /** What clients make the server hold. */
  readonly held: HeldMemory;
  /** What requests hold that were not answered yet. */
  readonly underWay: HeldMemory;
  readonly largeAnswers: LargeAnswers;
  /** Whose request is next, when more come than can be carried out at once. */
  readonly turns: FairQueue;
  /** The requests that wait for news. */
  readonly polls: Waiters;
  /** The streams that are open. */
  readonly streams: StreamOpener;
  /** What pages open WebSockets with. */
  readonly tickets: Tickets;
  /** Operations that may be asked for within a WebSocket, filled as they are registered. */
  readonly inner: InnerRoutes;
  /** Counts what is refused. */
  readonly metrics: { readonly requests: { refused(code: ErrorCode): void } };
  /** Null where nobody collects spans. */
  readonly tracing: Tracing | null;
  readonly failures: FailureLog;
  /** Opens what is kept of secrets that must be read again. */
  readonly secrets: SecretBox;
  /**
   * `host[:port]` that the Domain API names, when one is configured; otherwise it names the
   * host they asked, with the TLS port.
   */
  readonly publicDomain: string | null;
  /** Every operation of every API, filled as they are registered. */
  readonly operations: RegisteredOperation[];
}
