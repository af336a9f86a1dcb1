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
      'let assistant programs work in chats, by the Model Context Protocol (docs/mcp.md)',
    )
    .addOption(
      new Option('--server <url>', 'where Parley is, or the Domain API of another')
        .env('PARLEY_SERVER')
        .default('http://localhost:8080'),
    )
    .requiredOption('--account <id>', 'the account')
    .option('--user <loginName>', 'the bot’s user')
    .option('--key-file <file>', 'JSON with its appKey, secret and tokens')
    .option('--session <url>', 'in place of both: the session of a person who delegated to it')
    .option('--bearer-file <file>', 'the bearer that they delegated; else PARLEY_BEARER')
    .option(
      '--approve <what>',
      `what waits until a person approves it: ${APPROVABLE.join(', ')}, separated by commas, or all`,
      parseApprove,
    )
    .option('--http-port <port>', 'serve over HTTP on this port, in place of stdio', parsePort)
    .option('--http-host <address>', 'the address to listen on; this machine alone by default')
    .option('--token-file <file>', 'the token of HTTP clients; made when it is not there')
    .option('--allow-host <name>', 'a host name that HTTP requests may name too', collect)
    .option('--allow-origin <origin>', 'an origin whose pages may call over HTTP', collect)
    .option('--print-config', 'print what an assistant program is configured with, and end')
    .action(async (flags: McpFlags) => {
      // The protocol's library is loaded by this command alone.
      const { runMcp } = await import('./run-mcp.js');
      await runMcp(terminal, flags);
    });
}
