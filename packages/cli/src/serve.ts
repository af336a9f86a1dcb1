/** `parley serve`: runs the server until it is told to stop. */
import {
  isLoopback,
  LOG_LEVELS,
  type LogLevel,
  type RunningServer,
  type StartProgress,
  startServer,
} from '@parley/server';
import { Command, Option } from 'commander';
import { demoBanner, plainBanner, readyLine } from './banner.js';
import { type ServerFlags, serverOptions, startOptionsOf } from './options.js';
import type { Terminal } from './terminal.js';

interface ServeFlags extends ServerFlags {
  readonly demo?: true;
  readonly json?: true;
  readonly logLevel?: LogLevel;
  readonly trustedProxies?: readonly string[];
}

/** Exit code after a second signal: what shells use for a process that was interrupted. */
const INTERRUPTED = 130;
/** Loading that takes longer than this is told about, ms. */
const TELL_EVERY = 1_000;

export function serveCommand(terminal: Terminal): Command {
  const command = new Command('serve').description('run the server');
  for (const option of serverOptions()) command.addOption(option);
  return command
    .addOption(
      new Option(
        '--trusted-proxies <ranges>',
        'proxies whose X-Forwarded-* are believed, such as 10.0.0.0/8,::1',
      )
        .env('PARLEY_TRUSTED_PROXIES')
        .argParser(parseRanges),
    )
    .addOption(
      new Option('--log-level <level>', 'least serious log lines written to standard error')
        .env('PARLEY_LOG_LEVEL')
        .choices(LOG_LEVELS),
    )
    .option('--demo', 'make a demo account with public passwords; listens on this machine only')
    .option('--json', 'print one line of JSON when ready, and nothing else, to standard output')
    .action((flags: ServeFlags) => serve(terminal, flags));
}

function parseRanges(text: string): readonly string[] {
  return text
    .split(',')
    .map((range) => range.trim())
    .filter((range) => range !== '');
}

async function serve(terminal: Terminal, flags: ServeFlags): Promise<void> {
  const signals = new StopSignals(terminal);
  const options = startOptionsOf(flags);
  const running = await startServer({
    ...options,
    demo: flags.demo === true,
    // A person at the demo wants the banner, not the log.
    logLevel: flags.logLevel ?? (flags.demo ? 'warn' : 'info'),
    ...(flags.trustedProxies === undefined ? {} : { trustedProxies: flags.trustedProxies }),
    onProgress: progressTeller(terminal),
  });
  if (flags.json) terminal.print(readyLine(running, flags.demo ? 'demo' : 'plain'));
  else await showBanner(terminal, running, flags);
  await signals.first;
  if (!flags.json) terminal.note('Stopping: requests under way are answered first …');
  await running.close();
}

async function showBanner(
  terminal: Terminal,
  running: RunningServer,
  flags: ServeFlags,
): Promise<void> {
  const lines = flags.demo
    ? demoBanner(running, flags.dataDir)
    : plainBanner(running, flags.dataDir, (await running.server.store.accounts.list()).length);
  for (const line of lines) terminal.print(line);
  if (!isLoopback(flags.host)) return;
  if (!flags.demo) {
    terminal.print(
      `It listens on this machine only; --host 0.0.0.0 lets others in, best behind a firewall.`,
    );
  }
}

/** Tells how far the loading of accounts is, when it takes long enough to wonder. */
function progressTeller(terminal: Terminal): (progress: StartProgress) => void {
  let told = Date.now();
  return (progress) => {
    if (progress.step === 'certificate' && progress.origin === 'made') {
      terminal.note('Made a TLS certificate for this server.');
    }
    if (progress.step !== 'accounts' || Date.now() - told < TELL_EVERY) return;
    told = Date.now();
    terminal.note(`Loading accounts: ${progress.done} of ${progress.of} …`);
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
