/** `parley doctor`: looks at everything that keeps a server from starting or running well. */
import { Command } from 'commander';
import { CommandFailure } from './command-failure.js';
import { type ServerFlags, serverOptions } from './options.js';
import type { CheckProgress } from '@parley/server/administration';
import type { Terminal } from './terminal.js';

const MARKS = { good: 'ok     ', warning: 'WARNING', problem: 'PROBLEM' } as const;

/** How often the progress of a longer check is printed, ms. */
const PRINT_EVERY = 2_000;

export function doctorCommand(terminal: Terminal): Command {
  const command = new Command('doctor').description(
    'look for problems that keep a server from starting or running well; takes the options of serve',
  );
  for (const option of serverOptions()) command.addOption(option);
  return command.action(async (flags: ServerFlags) => {
    // Loaded only here: the other commands need nothing of it.
    const { examine } = await import('./doctor/examine.js');
    const findings = await examine(flags, Date.now(), progressPrinter(terminal));
    for (const { state, about, found, remedy } of findings) {
      terminal.print(`${MARKS[state]}  ${about}: ${found}`);
      if (remedy !== undefined) terminal.print(`         ${remedy}`);
    }
    const problems = findings.filter(({ state }) => state === 'problem').length;
    if (problems === 0) return;
    throw new CommandFailure(
      `${problems === 1 ? 'One problem' : `${problems} problems`} found; what to do stands below each.`,
    );
  });
}

function progressPrinter(terminal: Terminal): CheckProgress {
  let printedAt = Date.now();
  return (account, reached, of) => {
    if (Date.now() - printedAt < PRINT_EVERY) return;
    printedAt = Date.now();
    terminal.note(`Checking account ${account}: ${reached} of ${of} journal entries …`);
  };
}
