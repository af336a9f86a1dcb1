/** Runs the server until it is signalled to stop. */
import { fileURLToPath } from 'node:url';
import { type RunningServer, type StartProgress, startServer } from '@parley/server';
import { isLoopback, METRICS_TOKEN_VARIABLE } from '@parley/server/defaults';
import { demoBanner, plainBanner, readyLine } from './banner.js';
import { CommandFailure } from './command-failure.js';
import { commandName } from './command-name.js';
import { requireDataDirectory } from './doctor/data-folder.js';
import { limitsOf } from './limit-options.js';
import { metricsTokenOf } from './metrics-token-option.js';
import { startOptionsOf } from './options.js';
import { secretKeyOf } from './secret-key-option.js';
import type { DemoBots } from './demo-bots.js';
import type { ServeFlags } from './serve-flags.js';
import type { Terminal } from './terminal.js';
import { keepTickObjects } from './tick-objects.js';
import { allBeginYoung, heapDoubles } from './young-objects.js';

/** Where the built pages are. */
const PAGES = fileURLToPath(new URL('../../../apps/', import.meta.url));

/** Exit code after a second signal: what shells use for a process that was interrupted. */
const INTERRUPTED = 130;
/** Time in which clients that are busy get a 503 that says that the server stops, ms. */
const DRAIN_MS = 300;
/** How often the progress of a longer loading is printed, ms. */
const PRINT_EVERY = 1_000;

/** Starts a server, says so, and resolves when a signal has stopped it. */
export async function runServer(terminal: Terminal, flags: ServeFlags): Promise<void> {
  allBeginYoung();
  heapDoubles();
  keepTickObjects();
  const signals = new StopSignals(terminal);
  const options = startOptionsOf(flags);
  requireDataDirectory(flags.dataDir);
  const running = await startServer({
    ...options,
    ...limitsOf(flags),
    drainMs: DRAIN_MS,
    ...secretKeyOf(flags.secretKeyFile),
    ...metricsTokenOf(flags.metricsTokenFile, terminal.env(METRICS_TOKEN_VARIABLE)),
    demo: flags.demo === true,
    ...(flags.ui === false ? {} : { pages: PAGES }),
    // A person at the demo wants the banner, not the log.
    logLevel: flags.logLevel ?? (flags.demo ? 'warn' : 'info'),
    ...(flags.trustedProxies === undefined ? {} : { trustedProxies: flags.trustedProxies }),
    ...(flags.outgoingAllow === undefined ? {} : { outgoingAllow: flags.outgoingAllow }),
    ...(flags.geoDb === undefined ? {} : { geoDb: flags.geoDb }),
    ...(flags.scrubHours === undefined ? {} : { scrubHours: flags.scrubHours }),
    onProgress: progressPrinter(terminal),
  });
  const bots = flags.bots ? await botsOf(running, terminal) : null;
  if (flags.json) terminal.print(readyLine(running, flags.demo ? 'demo' : 'plain'));
  else await showBanner(terminal, running, flags);
  const lastResort = new LastResort(running);
  // Never a reason to end: the usual sign that files were exchanged.
  process.on('SIGHUP', () => void running.reloadCertificate());
  await Promise.race([signals.first, lastResort.reached]);
  if (!flags.json) terminal.note('Stopping: requests under way are answered first …');
  await bots?.stop();
  await running.close();
  lastResort.announce();
}

/**
 * An error that nothing caught: what it left behind is not known, so the server stops as when it is
 * asked to. Nothing is known to get here; what does is a fault of Parley's.
 */
class LastResort {
  readonly reached: Promise<void>;
  #was: 'reached' | 'not reached' = 'not reached';

  constructor({ server }: RunningServer) {
    this.reached = new Promise((resolve) => {
      process.on('uncaughtException', (error) => {
        server.log.error({ err: error }, 'an error that nothing caught: the server stops');
        this.#was = 'reached';
        resolve();
      });
    });
  }

  /** @throws CommandFailure when it was reached. */
  announce(): void {
    if (this.#was === 'not reached') return;
    throw new CommandFailure(
      'An error that nothing caught stopped the server; the log has it. Start it again, and report it: what was acknowledged is kept.',
    );
  }
}

/** @throws what starting them throws, with the server stopped. */
async function botsOf(running: RunningServer, terminal: Terminal): Promise<DemoBots> {
  try {
    const { startDemoBots } = await import('./demo-bots.js');
    return await startDemoBots(running.http, (line) => terminal.note(line));
  } catch (error) {
    await running.close();
    throw error;
  }
}

async function showBanner(
  terminal: Terminal,
  running: RunningServer,
  flags: ServeFlags,
): Promise<void> {
  const lines = flags.demo
    ? demoBanner(running, flags.dataDir, flags.bots ? 'bots' : 'no bots')
    : plainBanner(
        running,
        flags.dataDir,
        (await running.server.store.accounts.list()).length,
        commandName(terminal),
      );
  for (const line of lines) terminal.print(line);
  if (!isLoopback(flags.host)) return;
  if (!flags.demo) {
    terminal.print(
      `It listens on this machine only; --host 0.0.0.0 lets others in, best behind a firewall.`,
    );
  }
}

/** Prints how far the loading of accounts is, when it takes long enough to wonder. */
function progressPrinter(terminal: Terminal): (progress: StartProgress) => void {
  let printedAt = Date.now();
  return (progress) => {
    if (progress.step === 'certificate' && progress.origin === 'made') {
      terminal.note('Made a TLS certificate for this server.');
    }
    if (progress.step !== 'accounts' && progress.step !== 'upgrade') return;
    if (Date.now() - printedAt < PRINT_EVERY) return;
    printedAt = Date.now();
    const { done, of } = progress;
    terminal.note(
      progress.step === 'accounts'
        ? `Loading accounts: ${done} of ${of} …`
        : `Bringing the data up to date: ${done} of ${of} journal entries …`,
    );
  };
}

/** The first SIGINT or SIGTERM asks for a graceful stop; another one ends the process at once. */
class StopSignals {
  readonly first: Promise<void>;

  constructor(terminal: Terminal) {
    this.first = new Promise((resolve) => {
      let asked = 0;
      const onSignal = () => {
        asked += 1;
        if (asked === 1) return resolve();
        terminal.note('Stopped at once.');
        process.exit(INTERRUPTED);
      };
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
    });
  }
}
