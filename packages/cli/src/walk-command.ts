/** `parley walk`: prints a first chat as shell commands, to be read, pasted or piped into a shell. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { CommandFailure } from './command-failure.js';
import { administer } from './data-directory.js';
import { dataDirOption } from './options.js';
import { DEFAULT_SERVER } from './server-session.js';
import type { Terminal } from './terminal.js';
import { curlWalk } from './walk.js';

interface WalkFlags {
  readonly user: string;
  readonly skill?: string;
  readonly server: string;
  readonly ca?: string;
  readonly dataDir: string;
}

export function walkCommand(terminal: Terminal): Command {
  return new Command('walk')
    .description('print a first chat as curl commands; pipe them into bash to run it')
    .argument('<account>')
    .requiredOption('--user <loginName>', 'the agent who takes the chat')
    .option('--skill <name>', 'skill of the chat; one that the agent has')
    .addOption(
      new Option('--server <url>', 'address of the server')
        .env('PARLEY_SERVER')
        .default(DEFAULT_SERVER),
    )
    .option(
      '--ca <file>',
      'certificate authority to trust (PEM) (default: that of the data folder)',
    )
    .addOption(dataDirOption())
    .action((account: string, flags: WalkFlags) => walk(terminal, account, flags));
}

async function walk(terminal: Terminal, account: string, flags: WalkFlags): Promise<void> {
  const { dataDir, user, skill } = flags;
  const { key, settings } = await administer(dataDir, 'refuse', async (desk) => {
    const { appKeys, engine } = await desk.setup(account);
    const visitorKey = [...appKeys.values()].find(({ kind }) => kind === 'visitor')?.key;
    return { key: visitorKey, settings: engine.settings };
  });
  if (key === undefined) {
    throw new CommandFailure(
      `Account ${account} has no key for visitors yet: make one with "parley key create ${account}".`,
    );
  }
  const own = join(dataDir, 'tls', 'ca.pem');
  const lines = curlWalk({
    server: flags.server.replace(/\/$/, ''),
    caFile: flags.ca === undefined ? (existsSync(own) ? resolve(own) : null) : resolve(flags.ca),
    account,
    agent: user,
    password: null,
    visitorKey: key,
    skill: skill ?? null,
    ringSeconds: settings.ringSeconds,
    silenceSeconds: settings.visitorTimeoutSeconds,
  });
  for (const line of lines) terminal.print(line);
}
