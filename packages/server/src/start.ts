/** Starts a server: store, certificate, sockets, accounts, in this order; and stops it again. */
import { isLoopback } from '@parley/runtime/outgoing/loopback';
import { setTimeout } from 'node:timers/promises';
import { openSqliteStore, type Store } from '@parley/store';
import { Accounts } from '@parley/runtime/accounts/accounts';
import { startAccounts } from '@parley/runtime/accounts/start-accounts';
import type { Stored } from '@parley/configuration/records/records';
import { Scrub } from '@parley/runtime/integrity/scrub';
import { systemClock } from '@parley/runtime/clock/clock';
import { guardedClock } from '@parley/runtime/clock/guarded-clock';
import { Hub } from '@parley/runtime/hub';
import { ProcessMemory } from '@parley/runtime/accounts/process-memory';
import { SteadyClock } from '@parley/runtime/clock/steady-clock';
import { sealedElsewhere } from '@parley/configuration/secrets/app-key-secrets';
import { NameGuesses } from './auth/name-guesses.js';
import { NonceStore } from './auth/nonces.js';
import { loadPasswordStrength } from '@parley/configuration/secrets/password-strength';
import { RefusalLog } from './auth/refusal-log.js';
import { openSecretBox } from './auth/secret-key.js';
import { LoginThrottle } from './auth/throttle.js';
import { CredentialThrottle } from './auth/credential-limits.js';
import { WrongCredentials } from './auth/wrong-credentials.js';
import { containsDemo, DEMO_ACCOUNT, ensureDemo } from './demo.js';
import { buildApp } from './app.js';
import { type Listener, type ListenerOptions, listenHttp, listenHttps } from './http/listeners.js';
import { FailureLog } from './http/failure-log.js';
import { FairQueue } from './http/fair-queue.js';
import { HeldMemory } from './http/held-memory.js';
import { OpenConnections } from './http/open-connections.js';
import { openFilesFor } from './http/open-files.js';
import { gate, Lifecycle, registerHealth } from './http/phase.js';
import { LargeAnswers } from './http/room.js';
import { VisitorIdentity } from './identity/identity.js';
import { createLog } from './log.js';
import { Metrics } from './metrics/metrics.js';
import { registerMetrics } from './metrics/routes.js';
import { reachableAddresses } from '@parley/runtime/outgoing/host-addresses';
import { Outgoing } from '@parley/runtime/outgoing/request';
import { LongPolls } from './waits/long-polls.js';
import { RetentionKeeper } from '@parley/runtime/retention/keeper';
import { InnerRoutes } from './http/inner.js';
import { Streams } from './push/streams.js';
import { Tickets } from './http/tickets.js';
import { NO_PAGES, type Pages, registerPages } from './pages/routes.js';
import type { Server } from './server.js';
import { StartError } from './start-error.js';
import {
  type CheckedOptions,
  certificateNames,
  checkOptions,
  hostForPeople,
  type StartOptions,
} from './start-options.js';
import { type Certificate, ownCertificate, readCertificate } from './tls/certificate.js';
import { CertificateRenewal } from './tls/renewal.js';
import type { FindHost } from '@parley/runtime/mail/mailer';
import { TranscriptSender } from '@parley/runtime/mail/sender';
import { isTracingConfigured } from './http/tracing.js';
import { TranscriptThrottle } from './transcript/throttle.js';
import { VisitorThrottle } from './visitor/limits.js';
import { NO_GEO, openGeo } from './visits/geo.js';

/** How often it is looked for answers that nobody reads, ms. */
const SWEEP_EVERY_MS = 1_000;
/**
 * While so many characters of entries wait for the disk, large bodies wait, too: a line that is sent
 * meanwhile is on disk with the second transaction from now, and one of these takes some milliseconds.
 */
const MAX_UNWRITTEN = 128 * 1_024;

/** How long the leases of an embedded server are, ms. */
const EMBEDDED_LEASE_MS = 30 * 60_000;

/** A server that listens and serves. */
export interface RunningServer {
  readonly httpPort: number;
  readonly httpsPort: number | null;
  /** The pages for people that it serves. */
  readonly pages: Pages;
  /** `http://host:port`, as it can be reached from this machine. */
  readonly http: string;
  /** `https://host:port`; null without TLS. */
  readonly https: string | null;
  /** File that clients must trust; null when the operator gave a certificate, or without TLS. */
  readonly caFile: string | null;
  /** What the routes work with: for programs that embed the server. */
  readonly server: Server;
  /**
   * Reads the operator's certificate again and uses it, as happens by itself when its files change.
   * `none`: the server has no certificate of the operator's.
   */
  reloadCertificate(): Promise<'renewed' | 'unchanged' | 'refused' | 'none'>;
  /**
   * Stops gracefully: takes nothing new, answers what is under way, keeps the accounts, closes the
   * store. Calling it again waits for the same stop.
   */
  close(): Promise<void>;
}

/**
 * Starts a server; resolves when its accounts are loaded and it serves.
 * @throws StartError when an option cannot work, a port is taken, the certificate unreadable, or the
 *   secret key missing, none, or another than bots' keys were sealed with.
 * @throws StoreFailure when the data directory cannot be used.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const checked = checkOptions(options);
  const log = createLog(options.logLevel ?? 'info', options.logStream ?? process.stderr);
  const store =
    options.embedded?.store ??
    (await openSqliteStore({
      directory: options.dataDir,
      exclusive: true,
      onUpgrade: (done, of) => options.onProgress?.({ step: 'upgrade', done, of }),
      onRepaired: (damage) => log.error({ err: damage }, 'what rows are found by was made anew'),
      onPagesRepaired: ({ done, kept }) =>
        log.error(
          { repaired: done, kept },
          'pages of the database were damaged and are fit for use again: accounts whose rows were lost are named as they are met; look at the disk, and run "parley doctor"',
        ),
      onCheckpoint: (failure) =>
        failure === null
          ? log.warn('the log of the database (parley.db-wal) can be emptied again')
          : log.error(
              { err: failure },
              'the log of the database (parley.db-wal) cannot be emptied and grows: nothing is lost, but look at the disk',
            ),
    }));
  try {
    return await startOn(store, options, checked, log);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function startOn(
  store: Store,
  options: StartOptions,
  checked: CheckedOptions,
  log: ReturnType<typeof createLog>,
): Promise<RunningServer> {
  const { host } = checked;
  const onTimerFailed = (error: unknown) => log.error({ err: error }, 'a timer failed');
  const clock = new SteadyClock(guardedClock(options.clock ?? systemClock, onTimerFailed));
  const geo = options.geoDb === undefined ? NO_GEO : await openGeo(options.geoDb);
  const secrets = await openSecretBox(checked.secretKey);
  if (options.demo) await ensureDemo(store, clock.now(), secrets);
  else await refuseToPublishDemo(store, host);

  const certificate =
    checked.httpsPort === null ? null : await findCertificate(options, checked, clock.now());
  if (certificate !== null) {
    options.onProgress?.({ step: 'certificate', origin: certificate.origin });
  }

  const lifecycle = new Lifecycle();
  const listeners: Listener[] = [];
  let renewal: CertificateRenewal | null = null;
  let httpsPort: number | null = null;
  const memory = new ProcessMemory(checked.memory);
  const metrics = new Metrics();
  const tracing = isTracingConfigured(process.env)
    ? (await import('./tracing/open-telemetry.js')).startTracing(log)
    : null;
  store.onCommit((commit) => metrics.store.committed(commit));
  const failures = new FailureLog(log, clock);
  const hub = new Hub((message, error) => log.error({ err: error }, message));
  const accounts = new Accounts({
    store,
    clock,
    memory,
    onError: (message, error) => log.error({ err: error }, message),
    hub,
    restAfterMs: checked.restAfterMs,
    // No other process can reach what is embedded, so there is nobody to show often that this one lives.
    leaseMs: options.embedded === undefined ? undefined : EMBEDDED_LEASE_MS,
    beforeRest: (account) => retention.beforeRest(account),
  });
  // Mail servers are often in the operator's own network.
  const findMailHost: FindHost = (host) => reachableAddresses(checked.outgoing, host, 'private');
  const sender = new TranscriptSender({
    store,
    clock,
    account: (accountId) => accounts.loaded(accountId),
    findHost: findMailHost,
    log: (message, facts) => log.warn(facts, message),
    onTried: (outcome) => metrics.triedToDeliver('mail', outcome),
  });
  hub.subscribe(sender);
  hub.subscribe(metrics);
  const scrub = new Scrub({
    journal: store.journal,
    accounts: () => store.accounts.list(),
    clock,
    everyMs: checked.scrubMs,
    onDamage: (damage) => log.error({ err: damage }, 'stored data is damaged'),
    // Then a start needs nothing of the damaged entries.
    onDamagedAccount: (accountId) => accounts.loaded(accountId)?.host.snapshots.take(),
    onError: (message, error) => log.error({ err: error }, message),
  });
  const retention: RetentionKeeper = new RetentionKeeper({
    store,
    clock,
    accounts: () => accounts.all(),
    log,
  });
  const held = new HeldMemory(checked.connections);
  const outgoing = new Outgoing(checked.outgoing);
  // A simulation's work takes no time, so that it comes in the same order each time.
  const workClock = options.embedded === undefined ? undefined : () => clock.elapsed();
  const server: Server = {
    store,
    accounts,
    scrub,
    memory,
    clock,
    log,
    metrics,
    tracing,
    proxies: checked.proxies,
    outgoing,
    findMailHost,
    held,
    underWay: new HeldMemory(checked.connections),
    largeAnswers: new LargeAnswers(),
    turns: new FairQueue(workClock, undefined, () => store.unwritten() < MAX_UNWRITTEN),
    polls: new LongPolls(hub, clock, checked.connections, workClock),
    streams: new Streams({
      hub,
      clock,
      accounts,
      held,
      perAddress: checked.connections.perAddress,
      onError: (message, error) => failures.lines.error({ err: error }, message),
      workClock,
    }),
    retention,
    identity: new VisitorIdentity({ outgoing, clock, secrets, log: failures.lines }),
    throttle: new LoginThrottle(options.throttle),
    credentials: new CredentialThrottle(checked.credentials),
    wrongCredentials: new WrongCredentials(),
    failures,
    refusals: new RefusalLog(log, clock),
    nameGuesses: new NameGuesses(),
    transcripts: new TranscriptThrottle(options.transcripts),
    visitors: new VisitorThrottle(checked.visitors),
    secrets,
    nonces: new NonceStore(clock),
    geo,
    publicDomain: checked.publicDomain,
    tickets: new Tickets(clock),
    inner: new InnerRoutes(),
    operations: [],
    httpsPort: () => httpsPort,
  };
  const { bodyLimit } = options;
  const app = buildApp(server, bodyLimit === undefined ? {} : { bodyLimit });
  const pages =
    options.pages === undefined
      ? NO_PAGES
      : registerPages(app, server, { folder: options.pages, demo: options.demo === true });
  registerHealth(app, lifecycle, server);
  registerMetrics(app, server, checked.metricsTokenHash);

  let open: OpenConnections | null = null;
  const sweeping = setInterval(() => {
    open?.sweep();
    held.sweep();
  }, SWEEP_EVERY_MS);
  sweeping.unref();

  const stop = async () => {
    lifecycle.phase = 'stopping';
    renewal?.stop();
    server.polls.close();
    server.streams.close();
    // Whoever sends on at this moment gets an answer; an idle connection that is cut says nothing.
    if (checked.drainMs > 0) await setTimeout(checked.drainMs);
    clearInterval(sweeping);
    await Promise.all(listeners.map((listener) => listener.close(checked.closeGraceMs)));
    await sender.close(checked.closeGraceMs);
    await scrub.stop();
    await retention.close();
    clock.stop();
    await accounts.close();
    await app.close();
    await tracing?.close();
  };
  const stopAndRelease = async () => {
    try {
      await stop();
    } finally {
      await store.close();
    }
  };
  try {
    await app.ready();
    const handler = gate(lifecycle, server, (raw, response) => app.routing(raw, response));
    const files = openFilesFor(checked.connections.inAll);
    if (files !== null && files.shortage !== null) log.warn({ limit: files.limit }, files.shortage);
    const inAll = files?.connections ?? checked.connections.inAll;
    open = new OpenConnections({
      perAddress: checked.connections.perAddress,
      inAll,
      isProxy: (address) => checked.proxies.includes(address),
      held,
    });
    metrics.gauge('parley_open_connections', 'Connections that are open.', () => open?.count ?? 0);
    const sockets: ListenerOptions = {
      connections: { ...checked.connections, inAll },
      open,
      onError: (error) =>
        server.failures.lines.error({ err: error }, 'a connection could not be taken'),
      held,
      networkOf: (raw) => checked.proxies.network(raw),
      turns: server.turns,
      answered(raw, status, ms) {
        metrics.requests.answered(raw, status, ms);
        tracing?.answered(raw, status);
      },
      refused: (reason) => metrics.requests.refused(reason),
      embedded: options.embedded?.connections,
    };
    const http = await listenHttp(handler, host, checked.httpPort, sockets);
    listeners.push(http);
    if (certificate !== null && checked.httpsPort !== null) {
      const shown = { ...certificate, trusted: certificate.origin === 'given' };
      const https = await listenHttps(handler, host, checked.httpsPort, shown, sockets);
      listeners.push(https);
      if (options.tls !== undefined) {
        const use = https.useCertificate;
        renewal = new CertificateRenewal({ files: options.tls, current: certificate, use, log });
      }
      httpsPort = https.port;
    }
    options.onProgress?.({ step: 'listening', httpPort: http.port, httpsPort });
    clock.beat(() => accounts.followClock());
    await refuseOtherSecretKey(server);
    const loadOthers = await startAccounts({
      store,
      accounts,
      onProgress: (done, of) => options.onProgress?.({ step: 'accounts', done, of }),
      onFailed: (account) =>
        log.warn({ account }, 'started without this account; it is tried again when asked for'),
      // The real time: a start is waited for.
      elapsed: () => performance.now(),
    });
    // Before the first password is set: reading the lists would hold up whoever is served then.
    await loadPasswordStrength();
    lifecycle.phase = 'serving';
    scrub.start();
    retention.start();
    void loadOthers();
    log.info({ httpPort: http.port, httpsPort, host }, 'serving');

    let closing: Promise<void> | null = null;
    const name = hostForPeople(host);
    return {
      httpPort: http.port,
      httpsPort,
      http: `http://${name}:${http.port}`,
      https: httpsPort === null ? null : `https://${name}:${httpsPort}`,
      caFile: certificate?.caFile ?? null,
      pages,
      server,
      reloadCertificate: async () => (await renewal?.reload()) ?? 'none',
      close() {
        closing ??= stopAndRelease();
        return closing;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function findCertificate(
  options: StartOptions,
  checked: CheckedOptions,
  now: number,
): Promise<Certificate> {
  if (options.tls !== undefined) return readCertificate(options.tls);
  return ownCertificate(options.dataDir, certificateNames(checked), now);
}

/** A data directory of the demo must not be put on the network by leaving `--demo` out. */
async function refuseToPublishDemo(store: Store, host: string): Promise<void> {
  if (isLoopback(host) || !(await containsDemo(store))) return;
  throw new StartError(
    `The data directory holds the demo account ${DEMO_ACCOUNT}, whose passwords are public, so --host ${host} is refused: use another data directory, or listen on 127.0.0.1.`,
  );
}

/** With another key than they were sealed with, bots' secrets are lost, and none of them can sign. */
async function refuseOtherSecretKey({ store, secrets }: Server): Promise<void> {
  for (const { accountId: id, data } of await store.config.holding('appKey', SEALED)) {
    const key = JSON.parse(data) as Stored<'appKey'>;
    if (!sealedElsewhere(secrets, key)) continue;
    throw new StartError(
      `The secret key is another one than the secrets of app key ${key.key} (account ${id}) were sealed with: give the right one (secret.key in the data directory, --secret-key-file or PARLEY_SECRET_KEY), from a backup of this data. If it is lost, "parley key revoke ${id} ${key.key}" and make a new key.`,
    );
  }
}

/** What the record of a key holds that has sealed secrets. */
const SEALED = '"sealedSecret":"';
