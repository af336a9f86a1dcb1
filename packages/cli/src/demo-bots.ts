/** `parley serve --demo --bots`: the demo account's bot answers from a folder of questions. */
import { fileURLToPath } from 'node:url';
import { type Bot, createBot, faq, type Log } from '@parley/bot';
import { DEMO_ACCOUNT, DEMO_BOT_KEY } from '@parley/server';

/** The questions of the demo's shop, with their answers. */
const FAQ = fileURLToPath(new URL('../demo-faq', import.meta.url));

/** Time for chats at hand when the server stops, ms: they go back to their queues anyway. */
const DRAIN_MS = 500;

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
  const bot = await shopBot(domainApi, note);
  await bot.start();
  return { stop: () => bot.stop({ within: DRAIN_MS }) };
}

async function shopBot(domainApi: string, note: (line: string) => void): Promise<Bot<ShopState>> {
  const answers = await faq(FAQ);
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
