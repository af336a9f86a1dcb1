/** What a server can be started with, and what is wrong with a choice that cannot work. */
import type { LogStream } from './log.js';
import { isLoopback } from '@parley/runtime/outgoing/loopback';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Store } from '@parley/store';
import type { Clock } from '@parley/runtime/clock/clock';
import { defaultMemoryLimits, type MemoryLimits } from '@parley/runtime/accounts/process-memory';
import { type SecretKeySource, secretKeySource } from './auth/secret-key.js';
import type { ThrottleLimits } from './auth/throttle.js';
import { hashToken } from '@parley/configuration/secrets/tokens';
import { DEFAULT_HOST, DEFAULT_HTTP_PORT, DEFAULT_HTTPS_PORT, type LogLevel } from './defaults.js';
import { checkMetricsToken } from './metrics/access.js';
import type { ConnectionLimits } from './http/listeners.js';
import { defaultConnectionLimits } from './http/held-limits.js';
import { TrustedProxies } from './http/origin.js';
import { OutgoingAddresses } from '@parley/configuration/outgoing-addresses';
import { StartError } from './start-error.js';
import { type CredentialLimits, DEFAULT_CREDENTIAL_LIMITS } from './auth/credential-limits.js';
import { DEFAULT_VISITOR_LIMITS, type VisitorLimits } from './visitor/limits.js';
import type { CertificateFiles } from './tls/certificate.js';
import type { TranscriptLimits } from './transcript/throttle.js';

/** What start-up is busy with. */
export type StartProgress =
  /** Data of an earlier version is brought up to date: so many journal entries of so many. */
  | { readonly step: 'upgrade'; readonly done: number; readonly of: number }
  | { readonly step: 'certificate'; readonly origin: 'given' | 'kept' | 'made' }
  | { readonly step: 'listening'; readonly httpPort: number; readonly httpsPort: number | null }
  | { readonly step: 'accounts'; readonly done: number; readonly of: number };

export interface StartOptions {
  /** Folder for everything that the server keeps; made when missing. */
  readonly dataDir: string;
  /** Address to listen on; default `127.0.0.1`. */
  readonly host?: string;
  /** Port for plain HTTP; 0 takes a free one; default 8080. */
  readonly httpPort?: number;
  /** Port for HTTPS; 0 takes a free one, null has none; default 8443. */
  readonly httpsPort?: number | null;
  /** `host[:port]` that the Domain API gives clients; without it, the host they asked. */
  readonly publicDomain?: string;
  /** The operator's certificate; without it the server makes its own. */
  readonly tls?: CertificateFiles;
  /**
   * Key that secrets are sealed with: 64 hex digits, or the file that holds them. Without either, the
   * data directory's own `secret.key`, made at the first start.
   */
  readonly secretKey?: string;
  readonly secretKeyFile?: string;
  /** Addresses or ranges of proxies whose `X-Forwarded-*` are believed. */
  readonly trustedProxies?: readonly string[];
  /**
   * Addresses or ranges that the server may connect to although they are not of the internet, such as
   * an identity provider in the operator's own network; without encryption too.
   */
  readonly outgoingAllow?: readonly string[];
  /**
   * Folder below which the built pages are, `workspace/dist` and `widget/dist`: those that are there are
   * served. Without it there are none.
   */
  readonly pages?: string;
  /** Makes the demo account, and refuses to be reachable from other machines. */
  readonly demo?: boolean;
  /**
   * Token that readers of `/metrics` bring as a bearer; without it, they are read from this machine
   * alone.
   */
  readonly metricsToken?: string;
  readonly logLevel?: LogLevel;
  /** Where log lines go; default standard error. */
  readonly logStream?: LogStream;
  readonly clock?: Clock;
  readonly throttle?: Partial<ThrottleLimits>;
  readonly transcripts?: Partial<TranscriptLimits>;
  /** How much one credential of agents, bots and administrators may ask. */
  readonly credentials?: Partial<CredentialLimits>;
  /** What visitors may bring in. */
  readonly visitors?: Partial<VisitorLimits>;
  /** How many bytes of what visitors bring are held; by default as the heap allows. */
  readonly memory?: Partial<MemoryLimits>;
  /** How many connections there may be, and how long they may take. */
  readonly connections?: Partial<ConnectionLimits>;
  /** MaxMind-format file that gives the countries and cities of addresses; none by default. */
  readonly geoDb?: string;
  /** Largest request body, bytes; default 64 KiB. */
  readonly bodyLimit?: number;
  /**
   * Hours from one look at everything that is stored to the next, for damage; 0 for none; default 24.
   */
  readonly scrubHours?: number;
  /**
   * How long nobody must have used an account that is at rest before it is put away, ms; 0 for never;
   * default 10 min.
   */
  readonly restAfterMs?: number;
  /** How long a stop goes on answering 503 before it cuts idle connections, ms; default 0. */
  readonly drainMs?: number;
  /** How long a stop waits for requests under way, ms; default 10 s. */
  readonly closeGraceMs?: number;
  /** In place of ports and of a thread for the store: for simulations within this process. */
  readonly embedded?: Embedded;
  readonly onProgress?: (progress: StartProgress) => void;
}

/** What a server works on that no other process can reach. */
export interface Embedded {
  /** Open; it is closed with the server. `dataDir` holds the rest. */
  readonly store: Store;
  /** Is given what takes a connection: bytes of HTTP/1.1 in both directions. */
  readonly connections: (take: (connection: Duplex) => void) => void;
}

const DEFAULT_CLOSE_GRACE_MS = 10_000;
const DEFAULT_SCRUB_HOURS = 24;

/** Longer than any request lasts that does not wait. */
const DEFAULT_REST_AFTER_MS = 10 * 60_000;
const HOUR_MS = 60 * 60_000;

/** Options with every default filled in. */
export interface CheckedOptions {
  readonly host: string;
  readonly httpPort: number;
  readonly httpsPort: number | null;
  readonly publicDomain: string | null;
  readonly proxies: TrustedProxies;
  readonly outgoing: OutgoingAddresses;
  readonly secretKey: SecretKeySource;
  readonly connections: ConnectionLimits;
  readonly credentials: CredentialLimits;
  readonly visitors: VisitorLimits;
  readonly memory: MemoryLimits;
  readonly scrubMs: number;
  readonly restAfterMs: number;
  /** Null: `/metrics` is for this machine alone. */
  readonly metricsTokenHash: string | null;
  readonly drainMs: number;
  readonly closeGraceMs: number;
}

const DOMAIN =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** @throws StartError naming the option, its value, and what would do. */
export function checkOptions(options: StartOptions): CheckedOptions {
  const host = options.host ?? DEFAULT_HOST;
  if (host === '' || /[\s/]/.test(host) || (host.includes(':') && isIP(host) === 0)) {
    throw new StartError(
      `The host "${host}" is not one address to listen on: write an address such as 127.0.0.1 or ::, or a host name, without scheme and port.`,
    );
  }
  if (options.demo && !isLoopback(host)) {
    throw new StartError(
      `The demo's passwords are public, so it only listens on this machine: --host ${host} is refused. Leave the host out, or start without --demo and make an account of your own.`,
    );
  }
  const httpPort = checkPort('HTTP', options.httpPort ?? DEFAULT_HTTP_PORT);
  const httpsPort =
    options.httpsPort === null ? null : checkPort('HTTPS', options.httpsPort ?? DEFAULT_HTTPS_PORT);
  if (httpPort !== 0 && httpPort === httpsPort) {
    throw new StartError(
      `HTTP and HTTPS cannot both listen on port ${httpPort}: choose another port for one of them.`,
    );
  }
  const publicDomain = options.publicDomain ?? null;
  if (publicDomain !== null && !DOMAIN.test(publicDomain)) {
    throw new StartError(
      `The public domain "${publicDomain}" is not host[:port]: write it without a scheme and path, such as chat.example.com:8443.`,
    );
  }
  return {
    host,
    httpPort,
    httpsPort,
    publicDomain,
    proxies: checkProxies(options.trustedProxies ?? []),
    outgoing: checkOutgoing(options.outgoingAllow ?? []),
    secretKey: secretKeySource(options),
    connections: checkLimits({
      ...defaultConnectionLimits(),
      ...options.connections,
    }),
    credentials: checkLimits({ ...DEFAULT_CREDENTIAL_LIMITS, ...options.credentials }),
    visitors: checkLimits({ ...DEFAULT_VISITOR_LIMITS, ...options.visitors }),
    memory: checkLimits({ ...defaultMemoryLimits(), ...options.memory }),
    scrubMs: (options.scrubHours ?? DEFAULT_SCRUB_HOURS) * HOUR_MS,
    metricsTokenHash:
      options.metricsToken === undefined
        ? null
        : hashToken(checkMetricsToken(options.metricsToken)),
    restAfterMs: options.restAfterMs ?? DEFAULT_REST_AFTER_MS,
    drainMs: options.drainMs ?? 0,
    closeGraceMs: options.closeGraceMs ?? DEFAULT_CLOSE_GRACE_MS,
  };
}

function checkPort(what: string, port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartError(
    `The ${what} port ${port} is not a port: choose a whole number from 1 to 65535, or 0 for any free one.`,
  );
}

function checkLimits<T extends object>(limits: T): T {
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new StartError(`The limit ${name} is ${value}: choose a whole number from 1.`);
  }
  return limits;
}

function checkProxies(ranges: readonly string[]): TrustedProxies {
  try {
    return new TrustedProxies(ranges);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The trusted proxies "${ranges.join(',')}" cannot be used (${why}): write addresses or ranges such as 10.0.0.0/8,::1.`,
    );
  }
}

function checkOutgoing(allowed: readonly string[]): OutgoingAddresses {
  try {
    return new OutgoingAddresses(allowed);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The addresses that may be connected to, "${allowed.join(',')}", cannot be used (${why}): write addresses or ranges such as 10.1.0.0/16,::1.`,
    );
  }
}

/** The host that people on this machine would write, given the address that is listened on. */
export function hostForPeople(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::' || host === 'localhost') {
    return 'localhost';
  }
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** The name of this machine, where it can be one in a certificate, and its addresses for others. */
function machineNames(): string[] {
  const name = hostname();
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    // Link-local addresses change with the interface and are no use to browsers.
    .filter(({ internal, address }) => !internal && !/^(?:fe80:|169\.254\.)/i.test(address));
  return [
    ...(HOST_NAME.test(name) ? [name] : []),
    ...addresses.map(({ address }) => address.replace(/%.*$/, '')),
  ];
}

const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** Names that the server's own certificate is for. */
export function certificateNames({ host, publicDomain }: CheckedOptions): string[] {
  const names = ['localhost', '127.0.0.1', '::1'];
  if (publicDomain !== null) {
    const name = publicDomain.replace(/:\d{1,5}$/, '').replace(/^\[|\]$/g, '');
    names.unshift(name);
  }
  // Who listens for others is reached by the machine's own name and addresses.
  if (host === '0.0.0.0' || host === '::') names.push(...machineNames());
  else names.push(host);
  return [...new Set(names)];
}
