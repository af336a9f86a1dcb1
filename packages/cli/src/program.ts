/** The `parley` command: all its commands, and how it ends when one fails. */
import { Command } from 'commander';
import { accountCommand } from './account.js';
import { botCommand } from './bot/command.js';
import { backupCommand } from './backup.js';
import { chatCommand } from './chat.js';
import { explain } from './command-failure.js';
import { conformanceCommand } from './conformance.js';
import { doctorCommand } from './doctor.js';
import { keyCommand } from './key.js';
import { mcpCommand } from './mcp/command.js';
import { reasonCommand } from './reason.js';
import { rebuildCommand } from './rebuild.js';
import { recordCommand } from './record/command.js';
import { recoverCommand } from './recover.js';
import { serveCommand } from './serve.js';
import { simulateCommand } from './simulate.js';
import { skillCommand } from './skill.js';
import type { Terminal } from './terminal.js';
import { userCommand } from './user.js';
import { walkCommand } from './walk-command.js';
import { VERSION } from './version.js';

/**
 * Runs a command line.
 * @param args what stands after the program's name
 * @returns the exit code: 0 done, 1 failed
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('parley')
    .description('Parley: an open live-chat engine')
    .version(VERSION);
  const commands = [
    serveCommand(terminal),
    accountCommand(terminal),
    userCommand(terminal),
    skillCommand(terminal),
    reasonCommand(terminal),
    keyCommand(terminal),
    chatCommand(terminal),
    walkCommand(terminal),
    backupCommand(terminal),
    doctorCommand(terminal),
    recoverCommand(terminal),
    rebuildCommand(terminal),
    conformanceCommand(terminal),
    botCommand(terminal),
    mcpCommand(terminal),
    simulateCommand(terminal),
    recordCommand(terminal),
  ];
  for (const command of commands) program.addCommand(command);
  prepare(program, terminal);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    terminal.note(`parley: ${explain(error)}`);
    return 1;
  }
}

/** After a mistyped command line, says where to read on; all that is said goes to the terminal. */
function prepare(command: Command, terminal: Terminal): void {
  const withoutEnd = (text: string) => text.replace(/\n$/, '');
  command.showHelpAfterError('(--help lists what there is)').configureOutput({
    writeOut: (text) => terminal.print(withoutEnd(text)),
    writeErr: (text) => terminal.note(withoutEnd(text)),
  });
  for (const inner of command.commands) prepare(inner, terminal);
}
