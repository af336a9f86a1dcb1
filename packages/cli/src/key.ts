/** `parley key`: makes, lists, rotates and revokes the app keys: for visitors' pages and for bots. */
import type { BotKeySecrets } from '@parley/server/administration';
import { Command, Option } from 'commander';
import { CommandFailure } from './command-failure.js';
import { administer } from './data-directory.js';
import { readOneLine } from './one-line.js';
import { dataDirOption } from './options.js';
import { secretKeyOption } from './secret-key-option.js';
import { type ListFlags, listOptions, printList } from './table.js';
import type { Terminal } from './terminal.js';

interface DataFlags {
  readonly dataDir: string;
}

interface RotateFlags extends DataFlags {
  readonly secretKeyFile?: string;
}

interface CreateFlags extends DataFlags {
  readonly kind: 'visitor' | 'bot';
  readonly user?: string;
  readonly oauth2?: true;
  readonly secretKeyFile?: string;
  readonly trusted?: true;
  readonly valueFile?: string;
}

export function keyCommand(terminal: Terminal): Command {
  const key = new Command('key').description("app keys: for visitors' pages and for bots");
  key
    .command('create <account>')
    .description('create a key; its secrets are shown only once')
    .addOption(
      new Option('--kind <kind>', "for visitors' pages and apps, or for a bot's login")
        .choices(['visitor', 'bot'])
        .default('visitor'),
    )
    .option('--user <loginName>', 'the user that a bot key logs in')
    .option('--oauth2', 'create a bot key as client id and secret, without an access token')
    .option('--trusted', "create a visitor key for servers, which may state the visitor's address")
    .option(
      '--value-file <file>',
      'file with the value of a visitor key that your pages or apps already use',
    )
    .addOption(secretKeyOption())
    .addOption(dataDirOption())
    .action((account: string, flags: CreateFlags) => create(terminal, account, flags));
  listOptions(key.command('list <account>'))
    .description('list all keys of an account, without secrets')
    .addOption(dataDirOption())
    .action((account: string, flags: ListFlags) => list(terminal, account, flags));
  key
    .command('rotate <account> <key>')
    .description(
      "give a bot key new secrets, shown only once; the old ones stop working and the bot's logins end",
    )
    .addOption(secretKeyOption())
    .addOption(dataDirOption())
    .action(async (account: string, appKey: string, flags: RotateFlags) => {
      const made = await administer(
        flags.dataDir,
        'refuse',
        (desk) => desk.rotateKey(account, appKey),
        flags.secretKeyFile,
      );
      show(terminal, made);
    });
  key
    .command('revoke <account> <key>')
    .description("revoke a key, and end a bot key's logins")
    .addOption(dataDirOption())
    .action(async (account: string, appKey: string, { dataDir }: DataFlags) => {
      await administer(dataDir, 'refuse', (desk) => desk.revokeKey(account, appKey));
      terminal.print(`Key ${appKey} of account ${account} is revoked.`);
    });
  return key;
}

async function create(terminal: Terminal, account: string, flags: CreateFlags): Promise<void> {
  const { dataDir, kind, user, oauth2, trusted, valueFile } = flags;
  if (kind === 'visitor') {
    if (user !== undefined || oauth2) {
      throw new CommandFailure(
        '--user and --oauth2 belong to bot keys: add --kind bot, or leave them out.',
      );
    }
    const value = valueFile === undefined ? undefined : await readOneLine('key', valueFile);
    const key = await administer(dataDir, 'refuse', (desk) =>
      desk.createVisitorKey(account, trusted ? 'server' : 'page', value),
    );
    terminal.print(`appKey  ${key}`);
    if (value !== undefined) {
      terminal.note(
        'It is no secret: its value was chosen elsewhere, and anybody may know it. Where you can, name the origins of your pages for it, or make a key of your own.',
      );
    }
    return;
  }
  if (valueFile !== undefined) {
    throw new CommandFailure(
      '--value-file is for visitor keys: a bot key acts for a user, so key and secrets are made here. Leave it out.',
    );
  }
  if (user === undefined || trusted) {
    throw new CommandFailure(
      user === undefined
        ? 'A bot key logs one user in: name it with --user <loginName>.'
        : '--trusted belongs to visitor keys: leave it out.',
    );
  }
  const made = await administer(
    dataDir,
    'refuse',
    (desk) => desk.createBotKey(account, user, oauth2 ? 'client' : 'tokens'),
    flags.secretKeyFile,
  );
  show(terminal, made);
}

function show(terminal: Terminal, made: BotKeySecrets): void {
  for (const [name, value] of Object.entries(made)) {
    if (value !== null) terminal.print(`${name.padEnd(17)}  ${value}`);
  }
  terminal.note('Keep these now: the secrets cannot be shown again.');
}

const KINDS = { visitor: 'visitor', agent: 'bot', server: 'server' } as const;

async function list(terminal: Terminal, account: string, flags: ListFlags): Promise<void> {
  const setup = await administer(flags.dataDir, 'refuse', (desk) => desk.setup(account));
  const keys = [...setup.appKeys.values()].map(({ key, kind, userId, trusted, accessToken }) => ({
    key,
    kind: KINDS[kind],
    user: userId === null ? null : (setup.users.get(userId)?.loginName ?? String(userId)),
    trusted,
    oauth2: kind === 'agent' && accessToken === null,
  }));
  printList(terminal, flags, keys, [
    ['KEY', ({ key }) => key],
    ['KIND', ({ kind }) => kind],
    ['USER', ({ user }) => user ?? ''],
    ['', ({ trusted, oauth2 }) => (trusted ? 'trusted' : oauth2 ? 'OAuth 2' : '')],
  ]);
}
