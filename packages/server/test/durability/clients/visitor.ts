/** A visitor who chats at random. */
import type { Random } from '../random.js';
import type { Api } from './api.js';
import type { Chats } from './chats.js';

/** Of lines without an answer, one in so many is written again. */
const RETRY_ONE_IN = 3;

export class Visitor {
  readonly #name: string;
  readonly #api: Api;
  readonly #chats: Chats;
  readonly #random: Random;
  #chat: string | null = null;
  /** The id to ask from next. */
  #next = 0;

  constructor(name: string, api: Api, chats: Chats, random: Random) {
    this.#name = name;
    this.#api = api;
    this.#chats = chats;
    this.#random = random;
  }

  /** Does one thing, or a few at once. */
  async step(): Promise<void> {
    const chat = this.#chat;
    if (chat === null || !this.#chats.live.has(chat)) return this.#start();
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
        return this.#say(chat);
      case 'burst':
        await Promise.all([this.#say(chat), this.#say(chat), this.#say(chat)]);
        return;
      case 'news':
        this.#next = (await this.#read(chat, this.#next)) ?? this.#next;
        return;
      case 'all':
        await this.#read(chat, 0);
        return;
      case 'end':
        if ('ok' in (await this.#api.end(this.#name, chat, 'visitor'))) this.#chats.ended(chat);
        return;
      case 'leave':
        // Goes on with another chat and leaves this one to the agents.
        this.#chat = null;
        return;
      default:
        choice satisfies never;
    }
  }

  async #start(): Promise<void> {
    this.#chat = null;
    const skill = this.#random.of([undefined, 'Sales', 'Support']);
    const outcome = await this.#api.request(this.#name, {
      name: this.#api.name('visitor'),
      hidden: [this.#api.name('hidden')],
      ...(skill === undefined ? {} : { skill }),
    });
    if (!('ok' in outcome)) return;
    this.#chat = outcome.ok.chat;
    this.#next = 0;
    this.#chats.met(outcome.ok.chat);
  }

  async #say(chat: string): Promise<void> {
    const text = this.#api.name('line');
    const answered = this.#chats.writing(text);
    let outcome = await this.#api.say(this.#name, chat, 'visitor', text);
    if ('unknown' in outcome && this.#random.oneIn(RETRY_ONE_IN)) {
      outcome = await this.#api.say(this.#name, chat, 'visitor', text);
    }
    answered();
    // Over, it seems: whoever reads it sees how.
    if ('refused' in outcome) await this.#read(chat, 0);
  }

  async #read(chat: string, from: number): Promise<number | null> {
    return this.#chats.seen(chat, await this.#api.read(this.#name, chat, 'visitor', from));
  }
}
