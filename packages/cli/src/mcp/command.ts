/** `parley mcp`: an agent's chats for assistant programs, by the Model Context Protocol. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { parsePort } from '../options.js';
import type { Approvable } from '@parley/mcp';
import type { Terminal } from '../terminal.js';
import type { McpFlags } from './run-mcp.js';

/** As `@parley/mcp` has them, which is loaded by this command alone. */
const APPROVABLE: readonly Approvable[] = [
  ...(['accept', 'availability', 'end', 'reply', 'suggest', 'transfer', 'whisper'] as const),
];

function parseApprove(value: string): readonly Approvable[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('all')) return APPROVABLE;
  return names.map((name) => {
    const known = APPROVABLE.find((each) => each === name);
    if (known !== undefined) return known;
    throw new InvalidArgumentError(
      `"${name}" cannot wait for approval: name some of ${APPROVABLE.join(', ')}, or all.`,
    );
  });
}

export function mcpCommand(terminal: Terminal): Command {
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  return new Command('mcp')
    .description(
      'let assistant programs work in chats through the Model Context Protocol (docs/mcp.md)',
    )
    .addOption(
      new Option('--server <url>', 'address of Parley, or of the Domain API of another server')
        .env('PARLEY_SERVER')
        .default('http://localhost:8080'),
    )
    .requiredOption('--account <id>', 'the account')
    .option('--user <loginName>', 'the bot’s user')
    .option('--key-file <file>', 'JSON file with its appKey, secret and tokens')
    .option(
      '--session <url>',
      'in place of both: the session of a person who delegated rights to the program',
    )
    .option(
      '--bearer-file <file>',
      'file with the bearer token from the delegation (default: PARLEY_BEARER)',
    )
    .option(
      '--approve <what>',
      `what needs a person’s approval: ${APPROVABLE.join(', ')}, separated by commas, or all`,
      parseApprove,
    )
    .option('--http-port <port>', 'serve over HTTP on this port instead of stdio', parsePort)
    .option('--http-host <address>', 'address to listen on (default: this machine only)')
    .option(
      '--token-file <file>',
      'file with the token of HTTP clients; created if it does not exist',
    )
    .option('--allow-host <name>', 'another host name that HTTP requests may use', collect)
    .option('--allow-origin <origin>', 'origin whose pages may call over HTTP', collect)
    .option('--print-config', 'print the configuration for an assistant program, and exit')
    .action(async (flags: McpFlags) => {
      // The protocol's library is loaded by this command alone.
      const { runMcp } = await import('./run-mcp.js');
      await runMcp(terminal, flags);
    });
}
