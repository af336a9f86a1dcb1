/**
 * `parley serve --demo --bots`: the demo account's bot answers from a folder of questions, and a listener suggests
 * from the same to agents who invite it.
 */
import { fileURLToPath } from 'node:url';
import { type Bot, createBot, type Faq, faq, type Log } from '@parley/bot';
import { connectAdministration } from '@parley/client/administration';
import { DEMO_ACCOUNT, DEMO_BOT_KEY, DEMO_PASSWORD } from '@parley/server';

/** The questions of the demo's shop, with their answers. */
const FAQ = fileURLToPath(new URL('../demo-faq', import.meta.url));

/** Time for chats at hand when the server stops, ms: they go back to their queues anyway. */
const DRAIN_MS = 500;

/** The listener's user; made when it first listens, since the demo account does without. */
const LISTENER = {
  loginName: 'tips1',
  fullName: 'Demo Listener',
  nickname: 'Parley Tips',
} as const;

/** Bots that work beside the server. */
export interface DemoBots {
  /** Hands over what can be handed over, and logs out. */
  stop(): Promise<void>;
}

/**
 * Starts the bots of the demo account, as clients of the server like any other.
 * @param domainApi where the server listens
 * @param note gets what the bots have to report, a line each
 */
export async function startDemoBots(
  domainApi: string,
  note: (line: string) => void,
): Promise<DemoBots> {
  const answers = await faq(FAQ);
  const bot = shopBot(domainApi, note, answers);
  await bot.start();
  const tips = listener(domainApi, note, answers);
  try {
    await makeListenersUser(domainApi);
    await tips.start();
  } catch (error) {
    // The demo's administrator may have another password by now, and the bot answers all the same.
    note(`${LISTENER.loginName} does not listen: ${String(error)}`);
  }
  const stop = (each: { stop(how: { within: number }): Promise<void> }) =>
    each.stop({ within: DRAIN_MS });
  return { stop: async () => void (await Promise.all([stop(bot), stop(tips)])) };
}

async function makeListenersUser(domainApi: string): Promise<void> {
  const admin = await connectAdministration({
    ...{ account: DEMO_ACCOUNT, domainApi },
    login: { username: 'admin1', password: DEMO_PASSWORD },
  });
  try {
    const { items } = await admin.users.list();
    if (items.some(({ loginName }) => loginName === LISTENER.loginName)) return;
    await admin.users.create({
      ...LISTENER,
      email: 'tips1@example.com',
      passwordSh: DEMO_PASSWORD,
      userTypeId: 2,
      profileIds: [2],
    });
  } finally {
    await admin.close();
  }
}

/** In the ear of agents who invite it. */
function listener(domainApi: string, note: (line: string) => void, tips: Faq): Bot<TipsState> {
  const bot = createBot<TipsState>({
    account: DEMO_ACCOUNT,
    domainApi,
    login: { username: LISTENER.loginName, password: DEMO_PASSWORD },
    role: 'listener',
    state: () => ({ suggested: [] }),
    log: reports(LISTENER.loginName, note),
    signals: false,
  });
  bot.on('join', (ctx) => ctx.whisper(`I listen, and know ${tips.size} answers.`));
  bot.on('line:visitor', async (ctx) => {
    const tip = tips.find(ctx.line.text);
    if (tip === null || ctx.state.suggested.includes(tip.title)) return;
    ctx.state.suggested.push(tip.title);
    await ctx.suggest(tip.text, { source: tip.title, confidence: tip.confidence });
  });
  return bot;
}

/** What the listener knows of a chat. */
interface TipsState {
  readonly suggested: string[];
}

function shopBot(domainApi: string, note: (line: string) => void, answers: Faq): Bot<ShopState> {
  const bot = createBot<ShopState>({
    account: DEMO_ACCOUNT,
    domainApi,
    login: DEMO_BOT_KEY,
    handOver: { skill: 'Support' },
    state: () => ({ unanswered: [] }),
    log: reports(DEMO_BOT_KEY.username, note),
    // The server stops them, before itself.
    signals: false,
  });
  bot.on('chat:start', (ctx) =>
    ctx.reply(
      `Hello ${ctx.visitor.name ?? 'there'}, I am the shop's bot. What would you like to know?`,
      {
        quickReplies: ['How long does delivery take?', 'Can I return a lamp?', 'A person, please'],
      },
    ),
  );
  bot.on('line:visitor').filter(
    (ctx) => /\b(human|person|agent)\b/i.test(ctx.line.text),
    (ctx) => ctx.handOver({ note: 'Asked for a person.' }),
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
  return bot;
}

/** What the bot knows of a chat. */
interface ShopState {
  readonly unanswered: string[];
}

/** Whoever tries the demo out reads what went wrong, and nothing else. */
function reports(name: string, note: (line: string) => void): Log {
  const say = (fields: object, message = '') => {
    const { err, chat } = fields as { err?: { message?: string }; chat?: string };
    const where = chat === undefined ? '' : ` (chat ${chat})`;
    note(`${name}: ${message}${err?.message === undefined ? '' : ` ${err.message}`}${where}`);
  };
  return { debug() {}, info() {}, warn: say, error: say };
}
