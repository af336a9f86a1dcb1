/** `parley conformance`: examines a server, this one or another, by the rules of the contract. */
import { readFile } from 'node:fs/promises';
import type { BotKey, Result, Target } from '@parley/conformance';
import { Command, Option } from 'commander';
import { CommandFailure } from './command-failure.js';
import { collect } from './options.js';
import type { Terminal } from './terminal.js';

interface Flags {
  readonly account: string;
  readonly user: string;
  readonly password?: string;
  readonly agent2?: string;
  readonly agent2Password?: string;
  readonly appKey: string;
  readonly bot?: string;
  readonly botKey?: string;
  readonly botSecret?: string;
  readonly botToken?: string;
  readonly botTokenSecret?: string;
  readonly ca?: string;
  readonly only?: readonly string[];
  readonly slow?: true;
  readonly json?: true;
}

export function conformanceCommand(terminal: Terminal): Command {
  return new Command('conformance')
    .description('run the conformance suite against a server; needs a test account of its own')
    .argument('<base-url>', 'address of the server, such as https://localhost:8443')
    .requiredOption('--account <id>', 'the test account')
    .requiredOption('--user <loginName>', 'an agent of it, with a skill and room for two chats')
    .addOption(
      new Option(
        '--password <text>',
        "the agent's password; better from the environment, which other users cannot read",
      ).env('PARLEY_PASSWORD'),
    )
    .option(
      '--agent2 <loginName>',
      'another agent with the same skill, for tests such as transfers',
    )
    .addOption(
      new Option('--agent2-password <text>', 'their password, if it differs').env(
        'PARLEY_AGENT2_PASSWORD',
      ),
    )
    .addOption(
      new Option('--app-key <key>', "app key of visitors' pages")
        .env('PARLEY_APP_KEY')
        .makeOptionMandatory(),
    )
    .option('--bot <loginName>', 'a bot with a key, for logins by key and signed requests')
    .addOption(new Option('--bot-key <key>', 'its app key').env('PARLEY_BOT_KEY'))
    .addOption(new Option('--bot-secret <text>', 'its secret').env('PARLEY_BOT_SECRET'))
    .addOption(new Option('--bot-token <text>', 'its access token').env('PARLEY_BOT_TOKEN'))
    .addOption(
      new Option('--bot-token-secret <text>', 'the secret of its access token').env(
        'PARLEY_BOT_TOKEN_SECRET',
      ),
    )
    .option(
      '--ca <file>',
      'certificate authority to trust (PEM), such as tls/ca.pem of a Parley data folder',
    )
    .option('--only <rule>', 'only this rule (RING2) or family (RING); may be repeated', collect)
    .option('--slow', 'include tests that take 10 to 130 seconds of real time each')
    .option('--json', 'print one JSON document with the results by rule')
    .action((baseUrl: string, flags: Flags) => examine(terminal, baseUrl, flags));
}

async function examine(terminal: Terminal, baseUrl: string, flags: Flags): Promise<void> {
  const target = await targetOf(baseUrl, flags);
  // Loaded only here: the other commands need nothing of it.
  const { CannotRun, countResults, jsonReport, resultLines, runConformance, summaryLine } =
    await import('@parley/conformance');
  let chapter = '';
  const show = (result: Result) => {
    if (result.chapter !== chapter) terminal.print(`\n${result.chapter}`);
    chapter = result.chapter;
    for (const line of resultLines(result)) terminal.print(line);
  };
  if (!flags.json) terminal.print(`Conformance of ${target.baseUrl}, account ${target.account}`);
  const results = await runConformance(target, {
    pace: flags.slow ? 'slow' : 'fast',
    only: (flags.only ?? []).flatMap((each) => each.split(',')),
    ...(flags.json ? {} : { onResult: show }),
  }).catch((error: unknown) => {
    throw error instanceof CannotRun ? new CommandFailure(error.message) : error;
  });
  if (flags.json) terminal.print(JSON.stringify(jsonReport(target, results), null, 2));
  else terminal.print(`\n${summaryLine(results)}`);
  const { failed } = countResults(results);
  if (failed === 0) return;
  throw new CommandFailure(
    `${failed} of ${results.length} checks failed: the server does not keep to the contract.`,
  );
}

/** @throws CommandFailure naming what is missing or cannot be. */
async function targetOf(baseUrl: string, flags: Flags): Promise<Target> {
  const { account, user, password, agent2, agent2Password, appKey, ca } = flags;
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== '/' ||
    url.search !== ''
  ) {
    throw new CommandFailure(
      `"${baseUrl}" is not the address of a server: give scheme, host and port, like https://localhost:8443.`,
    );
  }
  if (!/^\w{1,20}$/.test(account)) {
    throw new CommandFailure(`"${account}" cannot be an account id: 1 to 20 of A-Z a-z 0-9 _.`);
  }
  if (!password) {
    throw new CommandFailure(
      `There is no password for ${user}: set PARLEY_PASSWORD, or give --password.`,
    );
  }
  const bot = botOf(flags);
  return {
    baseUrl: url.origin,
    account,
    agent: { username: user, password },
    appKey,
    ...(agent2 === undefined
      ? {}
      : { agent2: { username: agent2, password: agent2Password || password } }),
    ...(bot === null ? {} : { bot }),
    ...(ca === undefined ? {} : { ca: await readCa(ca) }),
  };
}

/** All of a bot's credentials, or none. */
function botOf({ bot, botKey, botSecret, botToken, botTokenSecret }: Flags): BotKey | null {
  if (bot === undefined) return null;
  if (!botKey || !botSecret || !botToken || !botTokenSecret) {
    throw new CommandFailure(
      `--bot ${bot} needs --bot-key, --bot-secret, --bot-token and --bot-token-secret, or the variables that --help names.`,
    );
  }
  return {
    username: bot,
    appKey: botKey,
    secret: botSecret,
    accessToken: botToken,
    accessTokenSecret: botTokenSecret,
  };
}

async function readCa(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CommandFailure(`The certificate file ${file} cannot be read (${code}): check --ca.`);
  }
}
