/** `parley bot`: makes bots. */
import { Command } from 'commander';
import type { Terminal } from '../terminal.js';

export function botCommand(terminal: Terminal): Command {
  const bot = new Command('bot').description('bots: begin one');
  bot
    .command('new <folder>')
    .description('make a folder with a bot in TypeScript and its test')
    .action(async (folder: string) => {
      const { newBot } = await import('./new-bot.js');
      await newBot(terminal, folder);
    });
  return bot;
}
