/**
 * An assistant at the agent's side: invited into a chat, it takes an order, question by question, and reports it to
 * the agent. Whatever goes beyond that it leaves to the agent.
 */
import { createBot } from '@parley/bot';

const env = process.env;

/** What is asked, in this order, and what an answer must be. */
const QUESTIONS = [
  { field: 'book', ask: 'Which book would you like?', accepts: /\S/ },
  { field: 'copies', ask: 'How many copies?', accepts: /^\s*[1-9]\d?\s*$/ },
  { field: 'address', ask: 'Where shall we send it?', accepts: /\d/ },
] as const;

type Field = (typeof QUESTIONS)[number]['field'];

const assistant = createBot({
  account: env['PARLEY_ACCOUNT'] ?? '12345678',
  domainApi: env['PARLEY_DOMAIN'] ?? 'http://localhost:8080',
  login: { username: env['BOT_USER'] ?? 'bot1', password: env['BOT_PASSWORD'] ?? 'parley-demo' },
  role: 'assistant',
  state: () => ({ order: {} as Partial<Record<Field, string>>, confirmed: false }),
});

const next = (order: Partial<Record<Field, string>>) =>
  QUESTIONS.find(({ field }) => order[field] === undefined);

assistant.on('join', async (ctx) => {
  await ctx.whisper('I ask for the book, the number of copies and the address.');
  await ctx.reply(`I take your order. ${QUESTIONS[0].ask}`);
});

assistant.on('line:visitor', async (ctx) => {
  const { state, line } = ctx;
  const { order } = state;
  if (state.confirmed) return;
  const asked = next(order);
  if (asked === undefined) return confirm();
  if (!asked.accepts.test(line.text)) {
    await ctx.reply(`I did not understand that. ${asked.ask}`);
    return;
  }
  order[asked.field] = line.text.trim();
  const following = next(order);
  if (following !== undefined) {
    await ctx.reply(following.ask);
    return;
  }
  await ctx.reply(`${order.copies} × ${order.book}, to ${order.address}: is that right?`, {
    quickReplies: ['Yes', 'No'],
  });

  async function confirm(): Promise<void> {
    if (/^\s*yes\b/i.test(line.text)) {
      state.confirmed = true;
      await ctx.reply('Thank you, your order is placed.');
      await ctx.whisper(`Order: ${JSON.stringify(order)}`);
      await ctx.leave();
      return;
    }
    for (const { field } of QUESTIONS) delete order[field];
    await ctx.reply(`Once more, then. ${QUESTIONS[0].ask}`);
  }
});

await assistant.start();
