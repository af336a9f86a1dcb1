/** What the routes share. */
import type { Store } from '@parley/store';
import type { Accounts } from '@parley/runtime/accounts/accounts';
import type { Scrub } from '@parley/runtime/integrity/scrub';
import type { ProcessMemory } from '@parley/runtime/accounts/process-memory';
import type { SteadyClock } from '@parley/runtime/clock/steady-clock';
import type { NameGuesses } from './auth/name-guesses.js';
import type { NonceStore } from './auth/nonces.js';
import type { SecretBox } from '@parley/configuration/secrets/secret-box';
import type { RefusalLog } from './auth/refusal-log.js';
import type { LoginThrottle } from './auth/throttle.js';
import type { WrongCredentials } from './auth/wrong-credentials.js';
import type { FailureLog } from './http/failure-log.js';
import type { HeldMemory } from './http/held-memory.js';
import type { RegisteredOperation } from '@parley/protocol';
import type { LargeAnswers } from './http/room.js';
import type { TrustedProxies } from './http/origin.js';
import type { VisitorIdentity } from './identity/identity.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics/metrics.js';
import type { Outgoing } from '@parley/runtime/outgoing/request';
import type { LongPolls } from './push/long-polls.js';
import type { RetentionKeeper } from '@parley/runtime/retention/keeper';
import type { Streams } from './push/streams.js';
import type { TranscriptThrottle } from './transcript/throttle.js';
import type { VisitorThrottle } from './visitor/limits.js';
import type { GeoDatabase } from './visits/geo.js';

export interface Server {
  readonly store: Store;
  readonly accounts: Accounts;
  /** What it found of damage is told by `/readyz`. */
  readonly scrub: Pick<Scrub, 'damage'>;
  /** What visitors bring to all of the accounts. */
  readonly memory: ProcessMemory;
  readonly clock: SteadyClock;
  readonly log: Log;
  /** What it tells of itself in numbers. */
  readonly metrics: Metrics;
  readonly proxies: TrustedProxies;
  /** Requests of others that the configuration names. */
  readonly outgoing: Outgoing;
  /** What clients make the server hold. */
  readonly held: HeldMemory;
  /** What requests hold that were not answered yet. */
  readonly underWay: HeldMemory;
  readonly largeAnswers: LargeAnswers;
  /** The requests that wait for news. */
  readonly polls: LongPolls;
  /** The streams that are open. */
  readonly streams: Streams;
  readonly retention: RetentionKeeper;
  /** Finds out who visitors are. */
  readonly identity: VisitorIdentity;
  readonly throttle: LoginThrottle;
  readonly wrongCredentials: WrongCredentials;
  readonly failures: FailureLog;
  readonly refusals: RefusalLog;
  readonly nameGuesses: NameGuesses;
  readonly transcripts: TranscriptThrottle;
  /** Opens what is kept of secrets that must be read again. */
  readonly secrets: SecretBox;
  /** Of signed requests. */
  readonly nonces: NonceStore;
  /** Of what visitors bring in. */
  readonly visitors: VisitorThrottle;
  /** Where addresses are. */
  readonly geo: GeoDatabase;
  /**
   * `host[:port]` that the Domain API names, when one is configured; otherwise clients are told the
   * host they asked, with the TLS port.
   */
  readonly publicDomain: string | null;
  /** Every operation of every API, filled as they are registered. */
  readonly operations: RegisteredOperation[];
  /** Port of the TLS listener once it listens; null when there is none. */
  readonly httpsPort: () => number | null;
}
