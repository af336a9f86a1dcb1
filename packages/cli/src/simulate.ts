/** `parley simulate`: runs scenarios of bots against the real server, in virtual time, without a network. */
import type { BotSource, Scenario } from '@parley/bot/simulate';
import { Command } from 'commander';
import { CommandFailure } from './command-failure.js';
import { loadScript } from './load-script.js';
import { parseWhole } from './options.js';
import type { Terminal } from './terminal.js';

interface Flags {
  readonly bot?: string;
  readonly seed?: number;
  readonly updateGolden?: true;
}

export function simulateCommand(terminal: Terminal): Command {
  return new Command('simulate')
    .description('run a bot’s scenario in virtual time, without a network')
    .argument('<script>', 'a .ts or .mjs file whose default export is a scenario')
    .option(
      '--bot <file>',
      'a .ts or .mjs file whose default export, or export `bot`, is the bot or creates it',
    )
    .option('--seed <number>', 'repeat the run that printed this seed', parseWhole(0, 2 ** 32 - 1))
    .option('--update-golden', 'rewrite golden transcripts')
    .action(async (script: string, flags: Flags) => {
      if (flags.updateGolden) process.env['PARLEY_GOLDEN'] = 'write';
      const scenario = (await loadScript(script))['default'];
      if (!isScenario(scenario)) {
        throw new CommandFailure(
          `${script} has no scenario as its default export: write "export default scenario({ bot }, async (world) => { … })", with scenario from @parley/bot/simulate.`,
        );
      }
      const bot = flags.bot === undefined ? undefined : await loadBot(flags.bot);
      const began = performance.now();
      await scenario.run({
        ...(bot === undefined ? {} : { bot }),
        ...(flags.seed === undefined ? {} : { seed: flags.seed }),
        print: (line) => terminal.note(line),
      });
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      terminal.print(`${script}: passed, in ${seconds} s.`);
    });
}

async function loadBot(file: string): Promise<BotSource> {
  const module = await loadScript(file);
  const bot = module['default'] ?? module['bot'];
  const isBot =
    typeof bot === 'function' || (typeof bot === 'object' && bot !== null && 'start' in bot);
  if (isBot) return bot as BotSource;
  throw new CommandFailure(
    `${file} exports no bot: its default export, or the export "bot", must be what createBot made, or a function that makes it.`,
  );
}

function isScenario(value: unknown): value is Scenario {
  return typeof value === 'object' && value !== null && 'run' in value;
}
