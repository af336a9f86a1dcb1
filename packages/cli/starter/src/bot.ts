/** What the bot says and does. It connects nowhere by itself: main.ts does, and the test does. */
import { fileURLToPath } from 'node:url';
import { type Bot, createBot, faq } from '@parley/bot';

/** What the bot knows of a chat. It is kept over a restart. */
interface State {
  unanswered: string[];
}

const env = process.env;

/** Reads the folder `faq` and makes the bot. */
export async function makeBot(): Promise<Bot<State>> {
  const answers = await faq(fileURLToPath(new URL('../../faq', import.meta.url)));
  const bot = createBot<State>({
    account: env['PARLEY_ACCOUNT'] ?? '12345678',
    domainApi: env['PARLEY_DOMAIN'] ?? 'http://localhost:8080',
    // The demo's. Those of an account of your own: parley key create <account> --kind bot --user <loginName>
    login: {
      username: env['BOT_USER'] ?? 'bot1',
      appKey: env['BOT_APP_KEY'] ?? 'parley-demo-bot-key',
      secret: env['BOT_SECRET'] ?? 'parley-demo-bot-secret',
      accessToken: env['BOT_TOKEN'] ?? 'parley-demo-bot-token',
      accessTokenSecret: env['BOT_TOKEN_SECRET'] ?? 'parley-demo-bot-token-secret',
    },
    handOver: { skill: env['BOT_HAND_OVER'] ?? 'Support' },
    state: () => ({ unanswered: [] }),
  });

  bot.on('chat:start', (ctx) =>
    ctx.reply(`Hello ${ctx.visitor.name ?? 'there'}, ask me anything.`, {
      quickReplies: ['When are you open?', 'A person, please'],
    }),
  );

  bot.on('line:visitor').filter(
    (ctx) => /\b(human|person|agent)\b/i.test(ctx.line.text),
    (ctx) => ctx.handOver({ note: 'Asked for a person.' }),
  );

  bot.on('line:visitor', answers.answers, async (ctx) => {
    ctx.state.unanswered.push(ctx.line.text);
    if (ctx.state.unanswered.length === 1) {
      return ctx.reply('I am not sure that I understand. Can you say it in other words?');
    }
    return ctx.handOver({ note: `Could not answer: ${ctx.state.unanswered.join(' / ')}` });
  });

  return bot;
}
