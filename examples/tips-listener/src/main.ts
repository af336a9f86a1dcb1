/**
 * A bot in the agent's ear: it is in a chat once the agent invites it as listener, and suggests what the folder
 * `tips` answers. The visitor sees nothing of it; the agent sends a suggestion, changes it, or lets it be.
 */
import { fileURLToPath } from 'node:url';
import { createBot, faq } from '@parley/bot';

const env = process.env;
const tips = await faq(fileURLToPath(new URL('../tips', import.meta.url)));

const listener = createBot({
  account: env['PARLEY_ACCOUNT'] ?? '12345678',
  domainApi: env['PARLEY_DOMAIN'] ?? 'http://localhost:8080',
  login: { username: env['BOT_USER'] ?? 'bot1', password: env['BOT_PASSWORD'] ?? 'parley-demo' },
  role: 'listener',
  state: () => ({ suggested: [] as string[] }),
});

listener.on('join', (ctx) => ctx.whisper(`I listen, and know ${tips.size} answers.`));

listener.on('line:visitor', async (ctx) => {
  // `Yes`, `two`: an answer, and no question.
  if (ctx.line.text.trim().split(/\s+/).length < 3) return;
  for (const { title, text, source, confidence } of tips.search(ctx.line.text, 2)) {
    if (ctx.state.suggested.includes(title)) continue;
    ctx.state.suggested.push(title);
    await ctx.suggest(text, { source: `${source}: ${title}`, confidence });
  }
});

listener.on('suggestion:outcome', (ctx) => {
  const { source } = ctx.suggestion;
  ctx.log.info({ source, outcome: ctx.outcome }, 'The agent decided.');
});

await listener.start();
