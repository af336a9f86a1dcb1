/** `parley user`: makes users, lists them, lets them in and keeps them out. */
import type { Administration, NewUser } from '@parley/server/administration';
import { USER_ROLES } from '@parley/server/defaults';
import { Command, InvalidArgumentError, Option } from 'commander';
import { administer } from './data-directory.js';
import { newPassword, PASSWORD_VARIABLE } from './new-password.js';
import { collect, dataDirOption, parseWhole } from './options.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

interface DataFlags {
  readonly dataDir: string;
}

interface PasswordFlags extends DataFlags {
  readonly passwordFile?: string;
}

interface CreateFlags extends PasswordFlags, Omit<NewUser, 'loginName' | 'roles' | 'skills'> {
  readonly role?: NewUser['roles'];
  readonly skill?: readonly string[];
}

const PASSWORD_FILE = [
  '--password-file <file>',
  `file with the password; else ${PASSWORD_VARIABLE}, else it is asked for`,
] as const;

export function userCommand(terminal: Terminal): Command {
  const user = new Command('user').description('users: the people and bots that log in');
  user.addCommand(createCommand(terminal));
  user
    .command('list <account>')
    .description('all users of an account')
    .addOption(dataDirOption())
    .action((account: string, flags: DataFlags) => list(terminal, account, flags));
  for (const { name, description, act, done } of SWITCHES) {
    user
      .command(`${name} <account> <loginName>`)
      .description(description)
      .addOption(dataDirOption())
      .action(async (account: string, loginName: string, { dataDir }: DataFlags) => {
        await administer(dataDir, 'refuse', (desk) => act(desk, account, loginName));
        terminal.print(`${loginName} of account ${account} ${done}.`);
      });
  }
  user
    .command('set-password <account> <loginName>')
    .description('give a user a new password, and end its logins')
    .option(...PASSWORD_FILE)
    .addOption(dataDirOption())
    .action(async (account: string, loginName: string, flags: PasswordFlags) => {
      const password = await newPassword(terminal, loginName, flags.passwordFile);
      await administer(flags.dataDir, 'refuse', (desk) =>
        desk.setPassword(account, loginName, password),
      );
      terminal.print(`${loginName} of account ${account} has a new password; its logins ended.`);
    });
  return user;
}

const SWITCHES = [
  {
    name: 'disable',
    description: 'keep a user from logging in, and end its logins',
    act: (desk: Administration, account: string, name: string) => desk.disableUser(account, name),
    done: 'is disabled; its logins ended',
  },
  {
    name: 'enable',
    description: 'let a user log in again',
    act: (desk: Administration, account: string, name: string) => desk.enableUser(account, name),
    done: 'may log in again',
  },
] as const;

function createCommand(terminal: Terminal): Command {
  return new Command('create')
    .description('add a user')
    .argument('<account>')
    .argument('<loginName>')
    .addOption(new Option('--kind <kind>', 'person or program').choices(['human', 'bot']))
    .addOption(
      new Option('--role <role>', 'what it may do; may be given several times (default: agent)')
        .choices(USER_ROLES)
        .argParser(collectRole),
    )
    .option('--skill <name>', 'a skill it has; may be given several times', collect)
    .option('--group <name>', "its agent group (default: the account's first)")
    .option(
      '--max-chats <n>',
      'most chats at once, -1 for no cap (default: 3)',
      parseWhole(-1, 1000),
    )
    .option('--full-name <name>', 'its full name (default: the login name)')
    .option('--nickname <name>', 'the name that visitors see (default: the full name)')
    .option('--email <address>', 'its address')
    .option(...PASSWORD_FILE)
    .addOption(dataDirOption())
    .action((account: string, loginName: string, flags: CreateFlags) =>
      create(terminal, account, loginName, flags),
    );
}

function collectRole(value: string, before: unknown): readonly string[] {
  if (!USER_ROLES.some((role) => role === value)) {
    throw new InvalidArgumentError(`The roles are ${USER_ROLES.join(', ')}.`);
  }
  return collect(value, Array.isArray(before) ? before : []);
}

async function create(
  terminal: Terminal,
  account: string,
  loginName: string,
  flags: CreateFlags,
): Promise<void> {
  const { dataDir, passwordFile, role, skill, ...rest } = flags;
  const wanted: NewUser = {
    ...rest,
    loginName,
    ...(role === undefined ? {} : { roles: role }),
    ...(skill === undefined ? {} : { skills: skill }),
  };
  // A bot logs in by key; it gets a password only when one is given.
  const given = passwordFile !== undefined || terminal.env(PASSWORD_VARIABLE) !== undefined;
  const password =
    wanted.kind === 'bot' && !given ? null : await newPassword(terminal, loginName, passwordFile);
  const id = await administer(dataDir, 'refuse', (desk) =>
    desk.createUser(account, wanted, password),
  );
  terminal.print(`User ${loginName} of account ${account} is made; its id is ${id}.`);
  if (password === null) {
    terminal.print(`Next: parley key create ${account} --kind bot --user ${loginName}`);
  }
}

async function list(terminal: Terminal, account: string, { dataDir }: DataFlags): Promise<void> {
  const setup = await administer(dataDir, 'refuse', (desk) => desk.setup(account));
  const rows = [...setup.users.values()].map((user) => [
    String(user.id),
    user.loginName,
    user.kind,
    user.enabled ? 'enabled' : 'disabled',
    user.roles.join(', '),
    user.skillIds.map((id) => setup.engine.skills.get(id)?.name ?? String(id)).join(', '),
    user.maxChats === -1 ? 'no cap' : String(user.maxChats),
  ]);
  const headings = ['ID', 'LOGIN NAME', 'KIND', 'STATE', 'ROLES', 'SKILLS', 'CHATS AT ONCE'];
  for (const line of table(headings, rows)) terminal.print(line);
}
