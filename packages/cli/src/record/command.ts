/** `parley record`: a chat of the data as a scenario for `parley simulate`. */
import { Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import { actorHere, withStore } from '../data-directory.js';
import { dataDirOption } from '../options.js';
import type { Terminal } from '../terminal.js';
import { scriptOf } from './script.js';

interface Flags {
  readonly chat: string;
  readonly account?: string;
  readonly bot: string;
  readonly dataDir: string;
}

export function recordCommand(terminal: Terminal): Command {
  return new Command('record')
    .description('print a chat as a scenario for parley simulate, with personal data masked')
    .requiredOption('--chat <id>', 'the chat, as "parley chat list" and addresses show it')
    .option('--account <id>', 'look only in this account')
    .option('--bot <module>', 'module that the scenario imports as its bot', './bot.js')
    .addOption(dataDirOption())
    .action(async ({ chat, account, bot, dataDir }: Flags) => {
      if (!/^H\d+-[0-9a-f]{32}K\d+$/.test(chat)) {
        throw new CommandFailure(`"${chat}" is no chat id: "parley chat list" shows them.`);
      }
      const { findRecordedChat } = await import('@parley/server/administration');
      const { name: actor, from } = actorHere();
      const reader = { actor, from, at: Date.now(), accountId: account };
      const recorded = await withStore(dataDir, 'refuse', (store) =>
        findRecordedChat(store, chat, reader),
      );
      terminal.print(scriptOf(recorded, bot).trimEnd());
    });
}
