/** `parley reason`: makes, changes, deletes and lists status reasons. */
import { Command, Option } from 'commander';
import { CommandFailure } from './command-failure.js';
import { administer } from './data-directory.js';
import { dataDirOption, parseWhole } from './options.js';
import { type ListFlags, listOptions, printList } from './table.js';
import type { Terminal } from './terminal.js';

const STATES = ['Online', 'Occupied', 'Away'] as const;

interface DataFlags {
  readonly dataDir: string;
}

interface ReasonFlags extends DataFlags {
  readonly state?: (typeof STATES)[number];
  readonly order?: number;
}

interface ChangeFlags extends ReasonFlags {
  readonly text?: string;
  readonly enable?: true;
  readonly disable?: true;
}

const stateOption = () =>
  new Option('--state <state>', 'the state that it is a reason for').choices(STATES);

const orderArguments = [
  '--order <number>',
  'its place in lists of reasons',
  parseWhole(0, 1_000_000),
] as const;

export function reasonCommand(terminal: Terminal): Command {
  const reason = new Command('reason').description('status reasons: why an agent is in a state');
  reason
    .command('create <account> <text>')
    .description('add a reason that agents can choose')
    .addOption(stateOption().makeOptionMandatory())
    .option(...orderArguments)
    .addOption(dataDirOption())
    .action(async (account: string, text: string, { dataDir, ...rest }: ReasonFlags) => {
      const id = await administer(dataDir, 'refuse', (desk) =>
        desk.createReason(account, { text, ...rest }),
      );
      terminal.print(`Status reason ${text} of account ${account} is made; its id is ${id}.`);
    });
  reason
    .command('change <account> <text>')
    .description('change the given fields of a reason')
    .option('--text <text>', 'its new text')
    .addOption(stateOption())
    .option(...orderArguments)
    .option('--enable', 'let agents choose it')
    .addOption(new Option('--disable', 'stop agents from choosing it').conflicts('enable'))
    .addOption(dataDirOption())
    .action(async (account: string, text: string, flags: ChangeFlags) => {
      const { dataDir, enable, disable, ...wanted } = flags;
      const enabled = enable ? { enabled: true } : disable ? { enabled: false } : {};
      const change = { ...wanted, ...enabled };
      if (Object.keys(change).length === 0) {
        throw new CommandFailure(
          'Say what to change: --text, --state, --order, --enable or --disable.',
        );
      }
      await administer(dataDir, 'refuse', (desk) => desk.changeReason(account, text, change));
      terminal.print(`Status reason ${text} of account ${account} is changed.`);
    });
  reason
    .command('delete <account> <text>')
    .description('delete a reason; agents who gave it no longer have one')
    .addOption(dataDirOption())
    .action(async (account: string, text: string, { dataDir }: DataFlags) => {
      await administer(dataDir, 'refuse', (desk) => desk.deleteReason(account, text));
      terminal.print(`Status reason ${text} of account ${account} is deleted.`);
    });
  listOptions(reason.command('list <account>'))
    .description('list all status reasons of an account')
    .addOption(dataDirOption())
    .action(async (account: string, flags: ListFlags) => {
      const { records } = await administer(flags.dataDir, 'refuse', (desk) => desk.setup(account));
      const reasons = [...records.statusReason.values()]
        .sort((a, b) => a.order - b.order || a.id - b.id)
        .map(({ id, text, state, enabled, order }) => ({ id, text, state, enabled, order }));
      printList(terminal, flags, reasons, [
        ['ID', ({ id }) => String(id)],
        ['TEXT', ({ text }) => text],
        ['STATE', ({ state }) => state],
        ['', ({ enabled }) => (enabled ? 'enabled' : 'disabled')],
      ]);
    });
  return reason;
}
