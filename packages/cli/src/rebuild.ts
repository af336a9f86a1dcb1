/**
 * `parley rebuild`: makes anew what is made of journals, such as the list of each visitor's chats, and
 * indexes that do not lead to all rows.
 */
import type { Administration } from '@parley/server/administration';
import { Command } from 'commander';
import { administer } from './data-directory.js';
import { dataDirOption } from './options.js';
import type { Terminal } from './terminal.js';

/** How often progress is printed, ms. */
const PRINT_EVERY = 1_000;

export function rebuildCommand(terminal: Terminal): Command {
  return new Command('rebuild')
    .description(
      'rebuild damaged indexes, and from the journals the index of chats; the server may keep running',
    )
    .argument('[account]', 'the account (default: all accounts)')
    .addOption(dataDirOption())
    .action(async (account: string | undefined, { dataDir }: { readonly dataDir: string }) => {
      await administer(dataDir, 'refuse', (desk) => rebuild(terminal, desk, account));
    });
}

async function rebuild(
  terminal: Terminal,
  desk: Administration,
  account: string | undefined,
): Promise<void> {
  // First of all: rows that cannot be found would be missing from what is made of them.
  for (const { index, table } of await desk.rebuildIndexes()) {
    terminal.print(`Made anew from the rows of ${table}: the index ${index}.`);
  }
  let printedAt = Date.now();
  const { accounts, names } = await desk.rebuildProjections(account, (progress) => {
    if (Date.now() - printedAt < PRINT_EVERY) return;
    printedAt = Date.now();
    const { accountId, name, done, of, accounts: all } = progress;
    const which = all.of === 1 ? '' : ` (${all.done + 1} of ${all.of})`;
    terminal.note(`Account ${accountId}${which}: ${name}, ${done} of ${of} journal entries …`);
  });
  const made = names.join(', ');
  terminal.print(
    accounts === 1
      ? `Made anew from the journal of ${account ?? 'one account'}: ${made}.`
      : `Made anew from the journals of ${accounts} accounts: ${made}.`,
  );
}
