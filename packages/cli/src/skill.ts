/** `parley skill`: makes, changes, deletes and lists skills. */
import { Command } from 'commander';
import { CommandFailure } from './command-failure.js';
import { administer } from './data-directory.js';
import { dataDirOption, parseWhole } from './options.js';
import { type ListFlags, listOptions, printList } from './table.js';
import type { Terminal } from './terminal.js';

interface DataFlags {
  readonly dataDir: string;
}

interface CreateFlags extends DataFlags {
  readonly description?: string;
  readonly maxWaitTime?: number;
}

interface ChangeFlags extends CreateFlags {
  readonly name?: string;
}

/** Longest wait that a chat may ask for, seconds. */
const MAX_WAIT = 86_400;

export function skillCommand(terminal: Terminal): Command {
  const skill = new Command('skill').description('skills: queues by topic');
  skill
    .command('create <account> <name>')
    .description('add a skill')
    .option('--description <text>', 'what it is for')
    .option(
      '--max-wait-time <seconds>',
      "wait after which visitors are told that everybody is busy (default: the account's)",
      parseWhole(0, MAX_WAIT),
    )
    .addOption(dataDirOption())
    .action(async (account: string, name: string, { dataDir, ...rest }: CreateFlags) => {
      const id = await administer(dataDir, 'refuse', (desk) =>
        desk.createSkill(account, { name, ...rest }),
      );
      terminal.print(`Skill ${name} of account ${account} is made; its id is ${id}.`);
    });
  skill
    .command('change <account> <name>')
    .description('change the given fields of a skill')
    .option('--name <name>', 'its new name')
    .option('--description <text>', 'what it is for')
    .option(
      '--max-wait-time <seconds>',
      'wait after which visitors are told that everybody is busy',
      parseWhole(0, MAX_WAIT),
    )
    .addOption(dataDirOption())
    .action(async (account: string, name: string, { dataDir, ...wanted }: ChangeFlags) => {
      if (Object.keys(wanted).length === 0) {
        throw new CommandFailure('Say what to change: --name, --description or --max-wait-time.');
      }
      await administer(dataDir, 'refuse', (desk) => desk.changeSkill(account, name, wanted));
      terminal.print(`Skill ${name} of account ${account} is changed.`);
    });
  skill
    .command('delete <account> <name>')
    .description('delete a skill; users no longer hold it')
    .addOption(dataDirOption())
    .action(async (account: string, name: string, { dataDir }: DataFlags) => {
      await administer(dataDir, 'refuse', (desk) => desk.deleteSkill(account, name));
      terminal.print(`Skill ${name} of account ${account} is deleted.`);
    });
  listOptions(skill.command('list <account>'))
    .description('list all skills of an account')
    .addOption(dataDirOption())
    .action(async (account: string, flags: ListFlags) => {
      const setup = await administer(flags.dataDir, 'refuse', (desk) => desk.setup(account));
      const skills = [...setup.records.skill.values()].map(({ id, name, maxWaitTime }) => {
        const holders = [...setup.users.values()].filter((user) => user.skillIds.includes(id));
        return { id, name, maxWaitTime, users: holders.length };
      });
      printList(terminal, flags, skills, [
        ['ID', ({ id }) => String(id)],
        ['NAME', ({ name }) => name],
        ['MAX WAIT', ({ maxWaitTime }) => `${maxWaitTime} s`],
        ['USERS', ({ users }) => String(users)],
      ]);
    });
  return skill;
}
