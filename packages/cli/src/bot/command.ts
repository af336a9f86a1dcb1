/** `parley bot`: makes bots, and runs those that an HTTP endpoint answers for. */
import { Command, Option } from 'commander';
import { parsePort } from '../options.js';
import type { Terminal } from '../terminal.js';
import type { WebhookFlags } from './webhook-bot.js';

export function botCommand(terminal: Terminal): Command {
  const bot = new Command('bot').description('bots: create one, or let an HTTP endpoint answer');
  bot
    .command('new <folder>')
    .description('create a folder with a bot in TypeScript and its test')
    .action(async (folder: string) => {
      const { newBot } = await import('./new-bot.js');
      await newBot(terminal, folder);
    });
  bot
    .command('webhook')
    .description('run a bot whose answers come from an HTTP endpoint (docs/webhook-bots.md)')
    .requiredOption('--url <url>', 'the endpoint')
    .option('--secret-file <file>', 'file with its secrets, one per line (default: WEBHOOK_SECRET)')
    .addOption(
      new Option('--server <url>', 'address of Parley, or of the Domain API of another server')
        .env('PARLEY_SERVER')
        .default('http://localhost:8080'),
    )
    .requiredOption('--account <id>', 'the account')
    .requiredOption('--user <loginName>', 'the bot’s user')
    .option(
      '--password-file <file>',
      'file with its password (default: PARLEY_PASSWORD, or a prompt)',
    )
    .option(
      '--key-file <file>',
      'JSON file with appKey, secret and tokens, in place of the password',
    )
    .option('--hand-over <skill>', 'skill that gets the chats that the endpoint does not answer')
    .option('--later-port <port>', 'accept later answers on this port of this machine', parsePort)
    .option(
      '--later-url <url>',
      'address at which endpoints reach that port, for example behind a proxy',
    )
    .option('--storage <folder>', 'folder that keeps the state of chats across restarts')
    .action(async (flags: WebhookFlags) => {
      const { runWebhookBot } = await import('./webhook-bot.js');
      await runWebhookBot(terminal, flags);
    });
  return bot;
}
