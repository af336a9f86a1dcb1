/**
 * A bot of a bookshop that lets a language model answer: any endpoint with the chat-completions API of OpenAI
 * (LLM_URL, LLM_MODEL, LLM_KEY); without one a model of its own that only follows a few rules.
 */
import { createBot, fileStorage, llm, type LlmTool } from '@parley/bot';
import { startFakeModel } from './fake-model.js';

const env = process.env;
const baseUrl = env['LLM_URL'] ?? (await startFakeModel());

/** What the shop knows of its orders. */
const ORDERS: Readonly<Record<string, { readonly of: string; readonly state: string }>> = {
  17: { of: 'Vera', state: 'on its way, with you tomorrow' },
  18: { of: 'Ann', state: 'being packed' },
};

const lookUpOrder: LlmTool = {
  description: 'Looks up an order of this visitor by its number.',
  parameters: {
    type: 'object',
    properties: { number: { type: 'string' } },
    required: ['number'],
  },
  // The arguments are the model's, and what it was talked into: only the visitor's own orders are shown.
  async run({ number }, ctx) {
    const order = ORDERS[String(number)];
    return order?.of === ctx.visitor.name
      ? { state: order.state }
      : { error: 'This visitor has no such order.' };
  },
};

const bot = createBot({
  account: env['PARLEY_ACCOUNT'] ?? '12345678',
  domainApi: env['PARLEY_DOMAIN'] ?? 'http://localhost:8080',
  login: {
    username: 'bot1',
    appKey: env['BOT_APP_KEY'] ?? 'parley-demo-bot-key',
    secret: env['BOT_SECRET'] ?? 'parley-demo-bot-secret',
    accessToken: env['BOT_TOKEN'] ?? 'parley-demo-bot-token',
    accessTokenSecret: env['BOT_TOKEN_SECRET'] ?? 'parley-demo-bot-token-secret',
  },
  storage: fileStorage(env['BOT_DATA'] ?? 'bot-data'),
  handOver: { skill: 'Support' },
});

bot.on('chat:start', (ctx) => ctx.reply('Hello, this is the bookshop. What can I do for you?'));

bot.on(
  'line:visitor',
  llm({
    baseUrl,
    model: env['LLM_MODEL'] ?? 'fake',
    ...(env['LLM_KEY'] === undefined ? {} : { apiKey: env['LLM_KEY'] }),
    instructions:
      'You help customers of a bookshop: deliveries take two days, books can be sent back within 30 days. ' +
      'Look orders up by their number. Hand over when you are unsure, or when somebody asks for a person.',
    tools: { lookUpOrder, handOver: llm.handOver('Support'), end: llm.end() },
    budget: { tokensPerChat: 20_000, secondsPerReply: 20 },
  }),
);

await bot.start();
