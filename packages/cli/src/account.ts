/** `parley account`: makes and lists accounts. */
import { Command } from 'commander';
import { administer } from './data-directory.js';
import { newPassword, PASSWORD_VARIABLE } from './new-password.js';
import { dataDirOption } from './options.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

export function accountCommand(terminal: Terminal): Command {
  const account = new Command('account').description('accounts: one per brand');
  account
    .command('create <id>')
    .description('make an account and its first administrator')
    .requiredOption('--admin <loginName>', "the administrator's login name")
    .option(
      '--password-file <file>',
      `file with the password; else ${PASSWORD_VARIABLE}, else it is asked for`,
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
  account
    .command('list')
    .description('all accounts')
    .addOption(dataDirOption())
    .action(async ({ dataDir }: { dataDir: string }) => {
      const accounts = await administer(dataDir, 'refuse', (desk) => desk.accounts());
      const rows = accounts.map(({ id, users }) => [id, String(users)]);
      for (const line of table(['ACCOUNT', 'USERS'], rows)) terminal.print(line);
    });
  return account;
}

interface CreateFlags {
  readonly admin: string;
  readonly dataDir: string;
  readonly passwordFile?: string;
}
