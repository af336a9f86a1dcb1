/** Everything that the clients of a test were told, over all lives of the server. */
import { ToldChat } from './told.js';

/** A visitor's request for a chat, by the name it gave. */
export interface Requested {
  readonly name: string;
  outcome: 'asked' | 'acknowledged' | 'unsure' | 'refused';
  /** The chat it became, once known. */
  chatId: string | null;
}

export class Ledger {
  /** Promises that were broken, in words. */
  readonly broken: string[] = [];
  readonly chats = new Map<string, ToldChat>();
  readonly requests = new Map<string, Requested>();
  /** Bearers whose logout was acknowledged. */
  readonly deadBearers: string[] = [];
  /** Agent sessions that were acknowledged to be over, with whom they belonged to. */
  readonly deadSessions: { readonly user: string; readonly path: string }[] = [];
  /** How often an agent session ended, or may have ended: its chats may have ended with it. */
  sessionsEnded = 0;
  /** What went on, for the summary. */
  readonly counts = { accepts: 0, transfers: 0, takeovers: 0, logouts: 0 };
  /** Called when somebody is shown a line before its author has an answer. */
  onNews: () => void = () => {};
  #texts = 0;

  wrong(what: string): void {
    // The first few say what is wrong; a flood of consequences would hide them.
    if (this.broken.length < 20) this.broken.push(what);
  }

  /** A text that is used once. */
  text(kind: 'line' | 'hidden' | 'visitor'): string {
    this.#texts += 1;
    return `${kind}-${this.#texts}`;
  }

  request(name: string): Requested {
    const requested: Requested = { name, outcome: 'asked', chatId: null };
    this.requests.set(name, requested);
    return requested;
  }

  /** The chat with this id, which came of the request with this name: a request makes one chat. */
  chat(chatId: string, name: string): ToldChat {
    const known = this.chats.get(chatId);
    if (known !== undefined) {
      if (known.name !== name) this.wrong(`chat ${chatId} is of ${known.name} and of ${name}`);
      return known;
    }
    const requested = this.requests.get(name);
    if (requested === undefined) this.wrong(`nobody asked for chat ${chatId} of ${name}`);
    else {
      if (requested.chatId !== null) {
        this.wrong(`${name} asked for one chat, and has ${requested.chatId} and ${chatId}`);
      }
      if (requested.outcome === 'refused') {
        this.wrong(`the request of ${name} was refused, yet it is chat ${chatId}`);
      }
      requested.chatId = chatId;
    }
    const chat = new ToldChat(
      chatId,
      name,
      (what) => this.wrong(what),
      () => this.onNews(),
    );
    this.chats.set(chatId, chat);
    return chat;
  }

  /** Chats that nobody was told are over. */
  get live(): readonly ToldChat[] {
    return [...this.chats.values()].filter(({ endedAt }) => endedAt === null);
  }
}
