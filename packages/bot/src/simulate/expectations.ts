/** What a test expects of chats, and says of them when it is not so. */
import { AssertionError } from 'node:assert';
import type { ChatRecord, Happened } from './chat-record.js';
import { type Duration, milliseconds, sinceBegin, type Span } from './duration.js';

type Text = string | RegExp;

/** Each throws an AssertionError that shows the chat, and returns the same for the next. */
export class ChatExpectations {
  readonly #chat: ChatRecord;

  constructor(chat: ChatRecord) {
    this.#chat = chat;
  }

  /** Bot or person said a line with that text in it. */
  agentSaid(text: Text): this {
    return this.#said('agent', text);
  }

  /** The server said so. */
  systemSaid(text: Text): this {
    return this.#said('system', text);
  }

  /** Nobody of the account said a line with that text in it. */
  agentNeverSaid(text: Text): this {
    const found = this.#chat.texts('agent').find((each) => has(each, text));
    if (found !== undefined) this.#fail(`that nobody says ${String(text)}, but: ${found}`);
    return this;
  }

  /** A line for agents alone. */
  whispered(text: Text): this {
    const found = this.#chat.happened.some(
      (each) => each.what === 'whisper' && has(each.text, text),
    );
    if (!found) this.#fail(`a whisper with ${String(text)}`);
    return this;
  }

  /** Was given to a skill, or to an agent by login name; with a note that has that text in it. */
  handedOverTo(to: string, { note }: { readonly note?: Text } = {}): this {
    const found = this.#chat.happened.some(
      (each) =>
        each.what === 'transfer' &&
        each.to === to &&
        (note === undefined || has(each.note ?? '', note)),
    );
    const noted = note === undefined ? '' : ` with a note ${String(note)}`;
    if (!found) this.#fail(`that it is handed over to ${to}${noted}`);
    return this;
  }

  notHandedOver(): this {
    const found = this.#chat.happened.some(({ what }) => what === 'transfer');
    if (found) this.#fail('that it is handed over to nobody');
    return this;
  }

  ended(): this {
    if (!this.#chat.isOver) this.#fail('that it is over');
    return this;
  }

  goesOn(): this {
    if (this.#chat.isOver) this.#fail('that it goes on');
    return this;
  }

  #said(source: 'agent' | 'system', text: Text): this {
    if (!this.#chat.texts(source).some((each) => has(each, text))) {
      this.#fail(`a line of the ${source} with ${String(text)}`);
    }
    return this;
  }

  #fail(expected: string): never {
    const message = `The chat of ${this.#chat.visitor}: expected ${expected}.\n${this.#chat.transcript}`;
    throw new AssertionError({ message, stackStartFn: this.#fail });
  }
}

/** What is expected of all chats of a simulation. */
export class WorldExpectations {
  readonly #chats: () => readonly ChatRecord[];
  readonly #now: () => number;
  readonly #seed: number;

  /** @param now ms since the simulation began */
  constructor(chats: () => readonly ChatRecord[], now: () => number, seed: number) {
    this.#chats = chats;
    this.#now = now;
    this.#seed = seed;
  }

  /** Every line of a visitor was followed by one of bot or person, or by the end of the chat, within that. */
  noVisitorUnanswered({ longerThan }: { readonly longerThan: Duration | Span }): this {
    const most = milliseconds(longerThan);
    for (const chat of this.#chats()) {
      const { waited, from } = longestWait(chat, this.#now());
      if (waited <= most) continue;
      const seconds = Math.round(waited / 1_000);
      this.#fail(chat, `waited ${seconds} s for an answer, from ${sinceBegin(from)} on`);
    }
    return this;
  }

  /**
   * No line stands in a chat twice: those of visitors as often as they were sent, those of bots and people
   * at most once between two of the visitor's, or as often as the visitor asked the same before: who
   * asks twice may be answered twice in a row.
   */
  noLineTwice(): this {
    for (const chat of this.#chats()) {
      const twice = saidTwice(chat);
      if (twice !== null) this.#fail(chat, `has a line twice: ${twice}`);
    }
    return this;
  }

  /** What visitors sent, and the server took, stands in their chats. */
  noLineLost(): this {
    for (const chat of this.#chats()) {
      const there = counted(chat.texts('visitor'));
      for (const [text, times] of counted(chat.sent)) {
        if ((there.get(text) ?? 0) < times) this.#fail(chat, `has lost a line: ${text}`);
      }
    }
    return this;
  }

  #fail(chat: ChatRecord, what: string): never {
    const message = `The chat of ${chat.visitor} ${what} (seed ${this.#seed}).\n${chat.transcript}`;
    throw new AssertionError({ message, stackStartFn: this.#fail });
  }
}

/** The longest time that the visitor waited for an answer, and since when, both in ms. */
export function longestWait(
  chat: ChatRecord,
  now: number,
): { readonly waited: number; readonly from: number } {
  let longest = { waited: 0, from: 0 };
  let since: number | null = null;
  const until = (at: number) => {
    if (since !== null && at - since > longest.waited)
      longest = { waited: at - since, from: since };
    since = null;
  };
  for (const each of chat.happened) {
    if (each.what === 'over' || isAnswer(each)) until(each.at);
    else if (each.what === 'line' && each.line.source === 'visitor') since ??= each.at;
  }
  until(now);
  return longest;
}

function isAnswer(each: Happened): boolean {
  return each.what === 'line' && each.line.source === 'agent';
}

function saidTwice(chat: ChatRecord): string | null {
  const sent = counted(chat.sent);
  for (const [text, times] of counted(chat.texts('visitor'))) {
    if (times > (sent.get(text) ?? times)) return text;
  }
  let said = new Map<string, number>();
  const asked = new Map<string, number>();
  for (const each of chat.happened) {
    if (each.what !== 'line') continue;
    const { source, text, by } = each.line;
    if (source === 'visitor') {
      said = new Map();
      asked.set(text, (asked.get(text) ?? 0) + 1);
    }
    if (source !== 'agent') continue;
    const line = `${by}: ${text}`;
    const times = (said.get(line) ?? 0) + 1;
    if (times > Math.max(1, ...asked.values())) return line;
    said.set(line, times);
  }
  return null;
}

function counted(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function has(text: string, wanted: Text): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}
