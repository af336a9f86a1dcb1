/**
 * Chats and the requests that they came of: a request that was acknowledged is one chat, one that was
 * refused is none, one of which nobody knows is one at most; and no chat came of nothing. No chat is
 * lost: in the end each of them was brought to its end.
 */
import { type Call, type Calls, groupBy } from './calls.js';
import type { ChatCalls } from './feed.js';

export class Requests {
  readonly problems: string[] = [];
  /** The request of each chat, when that is known. */
  readonly #requestOf = new Map<string, Call<'request'>>();
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
    const byName = new Map(calls.of('request').map((call) => [call.ask.name, call]));
    const chatsOf = new Map<string, Set<string>>();
    const came = (chat: string, name: string, number: number) => {
      const request = byName.get(name);
      if (request === undefined) {
        this.#wrong(`nobody asked for chat ${chat} of ${name}, shown in call ${number}`);
        return;
      }
      const chats = chatsOf.get(name) ?? new Set();
      chatsOf.set(name, chats.add(chat));
      this.#requestOf.set(chat, request);
      if (request.outcome === 'refused') {
        this.#wrong(`the request of ${name} was refused, yet it is chat ${chat}`);
      }
    };
    for (const call of calls.done('request')) came(call.answer.chat, call.ask.name, call.number);
    for (const call of calls.done('info')) came(call.ask.chat, call.answer.name, call.number);
    for (const [name, chats] of chatsOf) {
      if (chats.size > 1)
        this.#wrong(`${name} asked for one chat, and has ${[...chats].join(' and ')}`);
    }
  }

  /** Requests that may have become a chat without anybody knowing which; the chat once it is known. */
  unanswered(): { readonly start: number; readonly chat: string | null }[] {
    const chats = new Map([...this.#requestOf].map(([chat, request]) => [request, chat]));
    return this.#calls
      .of('request')
      .filter(({ outcome }) => outcome === 'unknown')
      .map((call) => ({ start: call.start, chat: chats.get(call) ?? null }));
  }

  /** What was asked about each chat that there is. */
  chats(): ChatCalls[] {
    const writes = groupBy(this.#calls.of('say', 'end', 'transfer'), ({ ask }) => ask.chat);
    const reads = groupBy(this.#calls.done('read'), ({ ask }) => ask.chat);
    const known = new Set([...this.#requestOf.keys(), ...writes.keys(), ...reads.keys()]);
    for (const { answer } of this.#calls.done('accept')) known.add(answer.chat);
    return [...known].map((chat) => ({
      chat,
      writes: writes.get(chat) ?? [],
      reads: reads.get(chat) ?? [],
      request: this.#requestOf.get(chat) ?? null,
    }));
  }

  #wrong(what: string): void {
    this.problems.push(what);
  }
}
