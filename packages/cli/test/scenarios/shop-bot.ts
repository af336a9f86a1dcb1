import { type Bot, createBot } from '@parley/bot';

/** What the bot knows of a chat. */
interface State {
  questions: number;
}

export const bot: Bot<State> = createBot<State>({
  account: '12345678',
  domainApi: 'http://localhost:8080',
  login: { username: 'bot1', password: 'parley-demo' },
  state: () => ({ questions: 0 }),
});

bot.on('line:visitor', (ctx) => {
  ctx.state.questions += 1;
  return ctx.reply(`${ctx.state.questions}: ${ctx.line.text}`);
});
