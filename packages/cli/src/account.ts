/** `parley account`: makes and lists accounts, shows and changes their settings, shows their audit log. */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { CommandFailure } from './command-failure.js';
import { administer } from './data-directory.js';
import { newPassword, PASSWORD_VARIABLE } from './new-password.js';
import { dataDirOption, outgoingAllowOption, parseWhole } from './options.js';
import { type ListFlags, listOptions, printList } from './table.js';
import type { Terminal } from './terminal.js';

export function accountCommand(terminal: Terminal): Command {
  const account = new Command('account').description('accounts: one per brand');
  account
    .command('create <id>')
    .description('create an account and its first administrator')
    .requiredOption('--admin <loginName>', "the administrator's login name")
    .option(
      '--password-file <file>',
      `file with the password (default: ${PASSWORD_VARIABLE}, or a prompt)`,
    )
    .addOption(dataDirOption())
    .action(async (id: string, flags: CreateFlags) => {
      const { admin: loginName, dataDir, passwordFile } = flags;
      const password = await newPassword(terminal, loginName, passwordFile);
      await administer(dataDir, 'make', (desk) => desk.createAccount(id, { loginName, password }));
      terminal.print(`Account ${id} is made; its administrator is ${loginName}.`);
      terminal.print(
        `Next: parley skill create ${id} <name>, parley user create ${id} <loginName>, parley key create ${id}.`,
      );
    });
  listOptions(account.command('list'))
    .description('list all accounts')
    .addOption(dataDirOption())
    .action(async (flags: ListFlags) => {
      const accounts = await administer(flags.dataDir, 'refuse', (desk) => desk.accounts());
      printList(terminal, flags, accounts, [
        ['ACCOUNT', ({ id }) => id],
        ['USERS', ({ users }) => String(users)],
      ]);
    });
  account
    .command('settings <id>')
    .description(
      "print or change an account's settings as JSON, in the format of the configuration API",
    )
    .option('--change <file>', 'JSON file with the settings to change; others stay as they are')
    .addOption(outgoingAllowOption())
    .addOption(dataDirOption())
    .action(async (id: string, { dataDir, change, outgoingAllow }: SettingsFlags) => {
      const wanted = change === undefined ? null : await readJson(change);
      const settings = await administer(dataDir, 'refuse', async (desk) => {
        if (wanted !== null) await desk.changeSettings(id, wanted, outgoingAllow);
        return desk.settings(id);
      });
      terminal.print(JSON.stringify(settings, null, 2));
    });
  listOptions(account.command('audit <id>'))
    .description('show who changed what, when and from where, newest first')
    .option('--limit <n>', 'number of entries', parseWhole(1, MAX_ENTRIES), 20)
    .addOption(dataDirOption())
    .action(async (id: string, flags: AuditFlags) => {
      const { dataDir, limit } = flags;
      const entries = await administer(dataDir, 'refuse', (desk) => desk.audit(id, limit));
      const rows = entries.map(({ at, actor, action, target, from, detail }) => {
        const time = new Date(at).toISOString();
        return { time, actor, action, target, from, detail: JSON.parse(detail) as unknown };
      });
      printList(terminal, flags, rows, [
        ['WHEN', ({ time }) => time],
        ['WHO', ({ actor }) => actor],
        ['DID', ({ action }) => action],
        ['TO', ({ target }) => target],
        ['FROM', ({ from }) => from],
        ['DETAIL', ({ detail }) => JSON.stringify(detail)],
      ]);
    });
  return account;
}

const MAX_ENTRIES = 10_000;

interface SettingsFlags {
  readonly dataDir: string;
  readonly change?: string;
  readonly outgoingAllow?: readonly string[];
}

interface AuditFlags extends ListFlags {
  readonly limit: number;
}

/** @throws CommandFailure when the file cannot be read or is no JSON. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(
      `${file} cannot be read as JSON (${why}): correct it or name another.`,
    );
  }
}

interface CreateFlags {
  readonly admin: string;
  readonly dataDir: string;
  readonly passwordFile?: string;
}
