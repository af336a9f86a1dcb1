/** `parley serve`: its options. */
import { LOG_LEVELS } from '@parley/server/defaults';
import { Command, Option } from 'commander';
import { CommandFailure } from './command-failure.js';
import { limitOptions } from './limit-options.js';
import { outgoingAllowOption, parseRanges, parseWhole, serverOptions } from './options.js';
import { metricsTokenOption } from './metrics-token-option.js';
import { secretKeyOption } from './secret-key-option.js';
import type { ServeFlags } from './serve-flags.js';
import type { Terminal } from './terminal.js';

export function serveCommand(terminal: Terminal): Command {
  const command = new Command('serve').description('run the server');
  for (const option of [...serverOptions(), ...limitOptions()]) command.addOption(option);
  return command
    .addOption(secretKeyOption())
    .addOption(metricsTokenOption())
    .addOption(
      new Option(
        '--trusted-proxies <ranges>',
        'proxies whose X-Forwarded-* headers are trusted, such as 10.0.0.0/8,::1',
      )
        .env('PARLEY_TRUSTED_PROXIES')
        .argParser(parseRanges),
    )
    .addOption(outgoingAllowOption())
    .addOption(
      new Option(
        '--geo-db <file>',
        'MaxMind-format file for looking up visitors’ countries and cities, such as GeoLite2-City.mmdb',
      ).env('PARLEY_GEO_DB'),
    )
    .addOption(
      new Option(
        '--scrub-hours <hours>',
        'hours between slow background checks of all stored data for damage; 0 for none (24)',
      )
        .env('PARLEY_SCRUB_HOURS')
        .argParser(parseWhole(0, 10_000)),
    )
    .addOption(
      new Option('--log-level <level>', 'least severe level of log lines written to standard error')
        .env('PARLEY_LOG_LEVEL')
        .choices(LOG_LEVELS),
    )
    .addOption(
      new Option(
        '--demo',
        'create a demo account with public passwords; listens on this machine only',
      ).env('PARLEY_DEMO'),
    )
    .addOption(new Option('--no-demo', 'no demo account, whatever PARLEY_DEMO says'))
    .addOption(
      new Option(
        '--bots',
        'with --demo: one bot answers visitors of the shop, another gives agents tips',
      ).env('PARLEY_BOTS'),
    )
    .addOption(
      new Option('--no-ui', 'serve no pages for people: no workspace, no widget, no demo shop'),
    )
    .addOption(
      new Option(
        '--json',
        'when ready, print one line of JSON and nothing else to standard output',
      ).env('PARLEY_JSON'),
    )
    .action(async (flags: ServeFlags, command: Command) => {
      // Loaded only here: the other commands need no server.
      const { runServer } = await import('./run-server.js');
      const demo = isOn(terminal, command, 'demo', 'PARLEY_DEMO');
      const json = isOn(terminal, command, 'json', 'PARLEY_JSON');
      const bots = isOn(terminal, command, 'bots', 'PARLEY_BOTS');
      if (bots && !demo) {
        throw new CommandFailure(
          "--bots is for the demo: its bots log in with the demo's keys. Add --demo, or start a bot of your own: parley bot new my-bot.",
        );
      }
      await runServer(terminal, { ...flags, demo, json, bots });
    });
}

const WORDS: Readonly<Record<string, boolean>> = {
  ...{ '1': true, true: true, yes: true, on: true },
  ...{ '': false, '0': false, false: false, no: false, off: false },
};

/**
 * Whether a switch is on, by its flag or else its variable: commander takes any value of that for on.
 * @throws CommandFailure for a value that says neither.
 */
function isOn(terminal: Terminal, command: Command, name: string, variable: string): boolean {
  if (command.getOptionValueSource(name) !== 'env') return command.getOptionValue(name) === true;
  const value = terminal.env(variable) ?? '';
  const on = WORDS[value.toLowerCase()];
  if (on !== undefined) return on;
  throw new CommandFailure(`${variable}=${value} is neither on nor off: set it to 1 or 0.`);
}
