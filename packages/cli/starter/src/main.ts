/** Runs the bot until SIGTERM or Ctrl-C, which hands over what is not finished. */
import { makeBot } from './bot.js';

const bot = await makeBot();
await bot.start();
