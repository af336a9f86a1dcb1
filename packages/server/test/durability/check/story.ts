/** Histories written by hand. */
import type {
  Answer,
  Ask,
  Asker,
  Fault,
  Header,
  History,
  Line,
  OperationName,
  ShownEvent,
} from '../history/format.js';
import { check } from './check.js';

export const HEADER: Header = {
  history: 1,
  about: 'written by hand',
  agents: {
    anna: { nickname: 'Anna', maxChats: 1 },
    ben: { nickname: 'Ben', maxChats: 2 },
  },
};

export const ANNA = '/anna';
export const BEN = '/ben';
export const CHAT = 'H1';

/** An event of a feed in one word: a state, a system line's number, or what somebody wrote. */
export type Word = string;

const STATES = ['waiting', 'chatting', 'ended'];

/** `waiting`, `4`, `3:Anna` (with whom), `hello`, `(psst)` (hidden). */
export function events(from: number, ...words: readonly Word[]): ShownEvent[] {
  return words.map((word, index): ShownEvent => {
    const id = from + index;
    if (STATES.includes(word)) return { id, type: 'state', text: word };
    const [, system, name] = /^(\d+)(?::(.*))?$/.exec(word) ?? [];
    if (system !== undefined) {
      const text = name === undefined ? `text ${system}` : `You are now chatting with ${name}.`;
      return { id, type: 'line', text, hidden: false, source: 'system', system: Number(system) };
    }
    const [, hidden] = /^\((.*)\)$/.exec(word) ?? [];
    return { id, type: 'line', text: hidden ?? word, hidden: hidden !== undefined };
  });
}

export class Story {
  readonly #lines: Line[] = [];
  #calls = 0;

  /** Somebody asks; answer it by the number that comes back. */
  ask(ask: Ask, by = 'somebody'): number {
    this.#calls += 1;
    this.#lines.push({ call: this.#calls, by, ask, ms: 0 });
    return this.#calls;
  }

  ok(call: number, answer: unknown = {}): this {
    this.#lines.push({ ok: call, answer, ms: 0 });
    return this;
  }

  /** Asked and done. */
  did<N extends OperationName>(ask: Ask<N>, answer: Answer<N>): this {
    return this.ok(this.ask(ask as Ask), answer);
  }

  refused(ask: Ask, status: number): this {
    this.#lines.push({ refused: this.ask(ask), status, ms: 0 });
    return this;
  }

  /** Asked, and nobody knows what became of it. */
  unknown(ask: Ask): this {
    this.#lines.push({ unknown: this.ask(ask), status: 0, ms: 0 });
    return this;
  }

  fault(fault: Fault): this {
    this.#lines.push({ ...fault, ms: 0 });
    return this;
  }

  killed(): this {
    return this.fault({ fault: 'kill', when: 'now' });
  }

  /** What is asked in between is asked while nobody writes. */
  quiet(read: (story: this) => void): this {
    this.#lines.push({ quiet: 'begin', ms: 0 });
    read(this);
    this.#lines.push({ quiet: 'end', ms: 0 });
    return this;
  }

  complained(complaint: string): this {
    this.#lines.push({ complaint, ms: 0 });
    return this;
  }

  finished(): this {
    this.#lines.push({ finished: true, ms: 0 });
    return this;
  }

  // What stories are made of.

  requested(chat = CHAT, name = `visitor of ${chat}`, hidden: readonly string[] = []): this {
    return this.did({ do: 'request', name, hidden }, { chat });
  }

  /** A user logs in and opens the session `/user`, or another. */
  came(user: string, session = `/${user}`): this {
    const login = `login of ${session}`;
    return this.did({ do: 'login', user }, { login }).did({ do: 'open', login }, { session });
  }

  accepted(session: Asker, chat = CHAT): this {
    return this.did({ do: 'accept', session }, { chat });
  }

  said(text: string, event: number, by: Asker = 'visitor', chat = CHAT, hidden = false): this {
    return this.did({ do: 'say', chat, by, text, hidden }, { event });
  }

  endedBy(by: Asker, event: number, chat = CHAT): this {
    return this.did({ do: 'end', chat, by }, { event });
  }

  /** Somebody reads a chat from an id on, and is shown these events. */
  read(by: Asker, from: number, ...shown: readonly (Word | ShownEvent)[]): this {
    return this.readOf(CHAT, by, from, ...shown);
  }

  readOf(chat: string, by: Asker, from: number, ...shown: readonly (Word | ShownEvent)[]): this {
    const all = shown.flatMap((each, index) =>
      typeof each === 'string' ? events(from + index, each) : [each],
    );
    const next = (all.at(-1)?.id ?? from - 1) + 1;
    return this.did({ do: 'read', chat, by, from }, { events: all, next });
  }

  get history(): History {
    return { header: HEADER, lines: this.#lines };
  }

  /** What is wrong with it. */
  get problems(): string[] {
    return check(this.history);
  }
}

// What many stories begin with.

export const say = (text: string, by: Asker = 'visitor'): Ask => ({
  do: 'say',
  chat: CHAT,
  by,
  text,
  hidden: false,
});

/** Anna is in a chat. */
export const withAnna = () => new Story().came('anna').requested().accepted(ANNA);
/** What its feed then says. */
export const ANNAS = ['waiting', '4', 'chatting', '3:Anna'] as const;
