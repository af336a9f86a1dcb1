/**
 * A bot of a bookshop: answers from the folder `faq`, asks once more when it finds nothing, and then, or
 * when the visitor wants a person, hands the chat over with what was asked.
 */
import { fileURLToPath } from 'node:url';
import { createBot, faq, fileStorage } from '@parley/bot';

const {
  PARLEY_DOMAIN: domainApi = 'http://localhost:8080',
  PARLEY_ACCOUNT: account = '12345678',
  BOT_DATA: data = 'bot-data',
} = process.env;

const answers = await faq(fileURLToPath(new URL('../faq', import.meta.url)));

const bot = createBot({
  account,
  domainApi,
  login: {
    username: 'bot1',
    appKey: process.env['BOT_APP_KEY'] ?? 'parley-demo-bot-key',
    secret: process.env['BOT_SECRET'] ?? 'parley-demo-bot-secret',
    accessToken: process.env['BOT_TOKEN'] ?? 'parley-demo-bot-token',
    accessTokenSecret: process.env['BOT_TOKEN_SECRET'] ?? 'parley-demo-bot-token-secret',
  },
  state: () => ({ unanswered: [] as string[] }),
  storage: fileStorage(data),
  handOver: { skill: 'Support' },
});

bot.on('chat:start', (ctx) =>
  ctx.reply(`Hello ${ctx.visitor.name ?? 'there'}, what would you like to know?`, {
    quickReplies: ['How long does delivery take?', 'Can I return a book?', 'A person, please'],
  }),
);

bot.on('line:visitor').filter(
  (ctx) => /\b(human|person|agent)\b/i.test(ctx.line.text),
  (ctx) => ctx.handOver({ note: 'Asked for a person.' }),
);

bot.on('line:visitor').filter(
  (ctx) => /\b(bye|thanks?|thank you)\b/i.test(ctx.line.text),
  async (ctx) => {
    await ctx.reply('You are welcome. Goodbye!');
    await ctx.end();
  },
);

bot.on('line:visitor', answers.answers, async (ctx) => {
  const { unanswered } = ctx.state;
  unanswered.push(ctx.line.text);
  if (unanswered.length === 1) {
    return ctx.reply('I am not sure that I understand. Can you say it in other words?');
  }
  await ctx.reply('I do not know that. Let me find somebody who does.');
  return ctx.handOver({ note: `Could not answer: ${unanswered.join(' / ')}` });
});

await bot.start();
