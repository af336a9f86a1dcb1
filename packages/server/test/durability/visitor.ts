/** A visitor who chats at random and remembers what they were told. */
import { DEMO_VISITOR_KEY } from '../harness.js';
import type { Ledger } from './ledger.js';
import { isGood, isUnsure, type Line, type Outcome } from './line.js';
import type { Random } from './random.js';
import type { ShownEvent, ToldChat } from './told.js';

/** Longest silence a request may ask for, seconds: visitors are not to be lost by slow machines. */
const PATIENCE_S = 600;

const appKey = DEMO_VISITOR_KEY;

export class Visitor {
  readonly #ledger: Ledger;
  readonly #random: Random;
  #chat: ToldChat | null = null;
  /** The id to ask from next. */
  #next = 0;

  constructor(ledger: Ledger, random: Random) {
    this.#ledger = ledger;
    this.#random = random;
  }

  /** Does one thing, or a few at once. */
  async step(line: Line): Promise<void> {
    const chat = this.#chat;
    if (chat === null || chat.endedAt !== null) {
      await this.#start(line);
      return;
    }
    const choice = this.#random.weighted({
      line: 30,
      burst: 8,
      news: 40,
      all: 12,
      end: 7,
      leave: 1,
    });
    switch (choice) {
      case 'line':
        await this.#say(line, chat);
        break;
      case 'burst':
        await Promise.all([this.#say(line, chat), this.#say(line, chat), this.#say(line, chat)]);
        break;
      case 'news':
        await this.#readNews(line, chat);
        break;
      case 'all':
        await readAsVisitor(line, chat);
        break;
      case 'end':
        await endAsVisitor(line, chat);
        break;
      case 'leave':
        // Goes on with another chat and leaves this one to the agents.
        this.#chat = null;
        break;
      default:
        choice satisfies never;
    }
  }

  async #start(line: Line): Promise<void> {
    this.#chat = null;
    const name = this.#ledger.text('visitor');
    const requested = this.#ledger.request(name);
    const hidden = this.#ledger.text('hidden');
    const skill = this.#random.of([undefined, 'Sales', 'Support']);
    const request = {
      visitorName: name,
      interactionTimeout: PATIENCE_S,
      preChatLines: [hidden],
      ...(skill === undefined ? {} : { skill }),
    };
    const outcome = await line.send('POST', '/chat/request?v=1', { appKey, body: { request } });
    const [, chatId] = /^\/chat\/(.+)$/.exec(outcome.location ?? '') ?? [];
    if (isGood(outcome) && chatId !== undefined) {
      requested.outcome = 'acknowledged';
      this.#chat = this.#ledger.chat(chatId, name);
      this.#chat.asking('aside', name, hidden)({ ...outcome, location: null });
      this.#next = 0;
    } else if (isUnsure(outcome)) {
      requested.outcome = 'unsure';
    } else {
      requested.outcome = 'refused';
      this.#ledger.wrong(`the request of ${name} was answered ${outcome.status}: ${outcome.text}`);
    }
  }

  async #say(line: Line, chat: ToldChat): Promise<void> {
    const text = this.#ledger.text('line');
    const told = chat.asking('line', chat.name, text);
    const outcome = await post(line, chat, { '@type': 'line', text });
    told(outcome);
    expectAnswer(this.#ledger, chat, 'line', outcome, [409]);
  }

  async #readNews(line: Line, chat: ToldChat): Promise<void> {
    const from = this.#next;
    const known = chat.known('visitor', from);
    const path = `/chat/${chat.id}/events?from=${from}&v=1`;
    const outcome = await line.send('GET', path, { appKey });
    if (isGood(outcome) && outcome.body !== undefined) {
      this.#next = chat.shown('visitor', from, outcome.body, known).next;
    } else expectAnswer(this.#ledger, chat, 'news', outcome, []);
  }
}

function post(line: Line, chat: ToldChat, event: unknown): Promise<Outcome> {
  return line.send('POST', `/chat/${chat.id}/events?v=1`, { appKey, body: { event } });
}

/** Ends a chat as its visitor. */
export async function endAsVisitor(line: Line, chat: ToldChat): Promise<Outcome> {
  const told = chat.asking('end', chat.name, '');
  const outcome = await post(line, chat, { '@type': 'state', state: 'ended' });
  told(outcome);
  return outcome;
}

/** Reads a whole chat as its visitor; null when there was no whole answer. */
export async function readAsVisitor(
  line: Line,
  chat: ToldChat,
): Promise<readonly ShownEvent[] | null> {
  const known = chat.known('visitor', 0);
  const outcome = await line.send('GET', `/chat/${chat.id}?v=1`, { appKey });
  if (!isGood(outcome) || outcome.body === undefined) return null;
  return chat.shown('visitor', 0, outcome.body, known).events;
}

/** Anything but a good answer, a crash or an expected refusal breaks a promise. */
export function expectAnswer(
  ledger: Ledger,
  chat: ToldChat,
  what: string,
  outcome: Outcome,
  refusals: readonly number[],
): void {
  if (isGood(outcome) || isUnsure(outcome) || refusals.includes(outcome.status)) return;
  ledger.wrong(`${what} of ${chat.name} was answered ${outcome.status}: ${outcome.text}`);
}
