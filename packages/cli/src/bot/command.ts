/** `parley bot`: makes bots, and runs those that an HTTP endpoint answers for. */
import { Command, Option } from 'commander';
import { parsePort } from '../options.js';
import type { Terminal } from '../terminal.js';
import type { WebhookFlags } from './webhook-bot.js';

export function botCommand(terminal: Terminal): Command {
  const bot = new Command('bot').description('bots: begin one, or let an HTTP endpoint answer');
  bot
    .command('new <folder>')
    .description('make a folder with a bot in TypeScript and its test')
    .action(async (folder: string) => {
      const { newBot } = await import('./new-bot.js');
      await newBot(terminal, folder);
    });
  bot
    .command('webhook')
    .description('run a bot whose answers come from an HTTP endpoint (docs/webhook-bots.md)')
    .requiredOption('--url <url>', 'the endpoint')
    .option('--secret-file <file>', 'its secrets, one a line; else WEBHOOK_SECRET')
    .addOption(
      new Option('--server <url>', 'where Parley is, or the Domain API of another')
        .env('PARLEY_SERVER')
        .default('http://localhost:8080'),
    )
    .requiredOption('--account <id>', 'the account')
    .requiredOption('--user <loginName>', 'the bot’s user')
    .option('--password-file <file>', 'file with its password; else PARLEY_PASSWORD, or asked')
    .option('--key-file <file>', 'in place of the password: JSON with appKey, secret and tokens')
    .option('--hand-over <skill>', 'the skill that gets what the endpoint does not answer')
    .option('--later-port <port>', 'take later answers on this port of this machine', parsePort)
    .option('--later-url <url>', 'where endpoints reach that port, as behind a proxy')
    .option('--storage <folder>', 'where the state of chats is kept over a restart')
    .action(async (flags: WebhookFlags) => {
      const { runWebhookBot } = await import('./webhook-bot.js');
      await runWebhookBot(terminal, flags);
    });
  return bot;
}
