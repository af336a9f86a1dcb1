/** `parley user`: makes, changes and lists users, lets them in and keeps them out. */
import type { Administration, UserInput } from '@parley/server/administration';
import { USER_COLUMNS, USER_ROLES } from '@parley/server/defaults';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandFailure } from './command-failure.js';
import { administer } from './data-directory.js';
import { importUsers } from './import-users.js';
import { newPassword, PASSWORD_VARIABLE } from './new-password.js';
import { collect, dataDirOption, parseWhole } from './options.js';
import { type ListFlags, listOptions, printList } from './table.js';
import type { Terminal } from './terminal.js';

interface DataFlags {
  readonly dataDir: string;
}

interface PasswordFlags extends DataFlags {
  readonly passwordFile?: string;
}

/** What is said of a user, by flags of these names. */
interface FactFlags extends Omit<UserInput, 'loginName' | 'roles' | 'skills'> {
  readonly role?: UserInput['roles'];
  readonly skill?: readonly string[];
}

interface CreateFlags extends PasswordFlags, FactFlags {}

/** `--no-skill` makes `skill` false; with neither of both flags commander says true. */
interface ChangeFlags extends DataFlags, Omit<FactFlags, 'skill'> {
  readonly skill?: readonly string[] | boolean;
}

const PASSWORD_FILE = [
  '--password-file <file>',
  `file with the password (default: ${PASSWORD_VARIABLE}, or a prompt)`,
] as const;

export function userCommand(terminal: Terminal): Command {
  const user = new Command('user').description('users: the people and bots that log in');
  user.addCommand(createCommand(terminal));
  user.addCommand(changeCommand(terminal));
  listOptions(user.command('list <account>'))
    .description('list all users of an account')
    .addOption(dataDirOption())
    .action((account: string, flags: ListFlags) => list(terminal, account, flags));
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
    .command('delete <account> <loginName>')
    .description('delete a user and its keys, and end its logins; its id is never used again')
    .addOption(dataDirOption())
    .action(async (account: string, loginName: string, { dataDir }: DataFlags) => {
      await administer(dataDir, 'refuse', (desk) => desk.deleteUser(account, loginName));
      terminal.print(`${loginName} of account ${account} is deleted.`);
    });
  user
    .command('set-password <account> <loginName>')
    .description('set a new password for a user, and end its logins')
    .option(...PASSWORD_FILE)
    .addOption(dataDirOption())
    .action(async (account: string, loginName: string, flags: PasswordFlags) => {
      const password = await newPassword(terminal, loginName, flags.passwordFile);
      await administer(flags.dataDir, 'refuse', (desk) =>
        desk.setPassword(account, loginName, password),
      );
      terminal.print(`${loginName} of account ${account} has a new password; its logins ended.`);
    });
  user
    .command('import <account> <file>')
    .description(
      `create the users in a CSV file; columns: ${USER_COLUMNS.join(', ')} (several roles or skills: a;b)`,
    )
    .addOption(dataDirOption())
    .action((account: string, file: string, { dataDir }: DataFlags) =>
      importUsers(terminal, account, file, dataDir),
    );
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
  const create = new Command('create').description('add a user');
  const defaults = {
    role: ' (default: agent)',
    group: " (default: the account's first)",
    maxChats: ' (default: 3)',
    fullName: ' (default: the login name)',
    nickname: ' (default: the full name)',
  };
  return facts(create, defaults)
    .option(...PASSWORD_FILE)
    .action((account: string, loginName: string, flags: CreateFlags) =>
      createUser(terminal, account, loginName, flags),
    );
}

function changeCommand(terminal: Terminal): Command {
  const change = new Command('change').description(
    'change the given fields of a user; the given roles and skills replace the old ones',
  );
  return facts(change, {})
    .option('--no-skill', 'remove all its skills')
    .action((account: string, loginName: string, flags: ChangeFlags) =>
      changeUser(terminal, account, loginName, flags),
    );
}

/** Adds what can be said of a user, with what is said of each default. */
function facts(command: Command, defaults: Readonly<Record<string, string>>): Command {
  const defaultOf = (name: string) => defaults[name] ?? '';
  return command
    .argument('<account>')
    .argument('<loginName>')
    .addOption(new Option('--kind <kind>', 'a person or a program').choices(['human', 'bot']))
    .addOption(
      new Option('--role <role>', `a role that it has; may be repeated${defaultOf('role')}`)
        .choices(USER_ROLES)
        .argParser(collectRole),
    )
    .option('--skill <name>', 'a skill that it has; may be repeated', collect)
    .option('--group <name>', `its agent group${defaultOf('group')}`)
    .option(
      '--max-chats <n>',
      `maximum number of chats at once, -1 for no limit${defaultOf('maxChats')}`,
      parseWhole(-1, 1000),
    )
    .option('--full-name <name>', `its full name${defaultOf('fullName')}`)
    .option('--nickname <name>', `the name that visitors see${defaultOf('nickname')}`)
    .option('--email <address>', 'its email address')
    .addOption(dataDirOption());
}

function inputOf({ role, skill, ...rest }: FactFlags): UserInput {
  return {
    ...rest,
    ...(role === undefined ? {} : { roles: role }),
    ...(skill === undefined ? {} : { skills: skill }),
  };
}

function collectRole(value: string, before: unknown): readonly string[] {
  if (!USER_ROLES.some((role) => role === value)) {
    throw new InvalidArgumentError(`The roles are ${USER_ROLES.join(', ')}.`);
  }
  return collect(value, Array.isArray(before) ? before : []);
}

async function createUser(
  terminal: Terminal,
  account: string,
  loginName: string,
  flags: CreateFlags,
): Promise<void> {
  const { dataDir, passwordFile, ...rest } = flags;
  const wanted = { ...inputOf(rest), loginName };
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

async function changeUser(
  terminal: Terminal,
  account: string,
  loginName: string,
  { dataDir, skill, ...rest }: ChangeFlags,
): Promise<void> {
  const skills = typeof skill === 'object' ? { skill } : skill === false ? { skill: [] } : {};
  const wanted = inputOf({ ...rest, ...skills });
  if (Object.keys(wanted).length === 0) {
    throw new CommandFailure('Say what to change: "parley user change --help" lists what can be.');
  }
  await administer(dataDir, 'refuse', (desk) => desk.changeUser(account, loginName, wanted));
  terminal.print(`${loginName} of account ${account} is changed.`);
}

async function list(terminal: Terminal, account: string, flags: ListFlags): Promise<void> {
  const setup = await administer(flags.dataDir, 'refuse', (desk) => desk.setup(account));
  const users = [...setup.users.values()].map(
    ({ id, loginName, kind, enabled, roles, skillIds, maxChats }) => {
      const skills = skillIds.map((each) => setup.engine.skills.get(each)?.name ?? String(each));
      return { id, loginName, kind, enabled, roles, skills, maxChats };
    },
  );
  printList(terminal, flags, users, [
    ['ID', ({ id }) => String(id)],
    ['LOGIN NAME', ({ loginName }) => loginName],
    ['KIND', ({ kind }) => kind],
    ['STATE', ({ enabled }) => (enabled ? 'enabled' : 'disabled')],
    ['ROLES', ({ roles }) => roles.join(', ')],
    ['SKILLS', ({ skills }) => skills.join(', ')],
    ['CHATS AT ONCE', ({ maxChats }) => (maxChats === -1 ? 'no cap' : String(maxChats))],
  ]);
}
