/** New entries for a chat's feed, numbered on from what is there. */
import { type AccountConfig, type SystemMessageId, systemText } from '../config.js';
import type { Idempotency } from '../retries/request.js';
import { printOf } from '../retries/retries.js';
import type { RoleBeside } from '../sessions/beside.js';
import type { Chat } from './chat.js';
import type { Author, FeedEntry, FeedState, LineEntry } from './entries.js';

type Line = Omit<LineEntry, 'id' | 'at' | 'type' | 'author'> & { readonly author: Author };

export class FeedWriter {
  readonly entries: FeedEntry[] = [];
  readonly #first: number;
  readonly #at: number;

  constructor(first: number, at: number) {
    this.#first = first;
    this.#at = at;
  }

  static after(chat: Chat, at: number): FeedWriter {
    return new FeedWriter(chat.feed.length, at);
  }

  state(state: FeedState): this {
    this.entries.push({ id: this.#next(), at: this.#at, type: 'state', state });
    return this;
  }

  line({ author, ...line }: Line): this {
    const kept = author === line.source ? line : { ...line, author };
    this.entries.push({ id: this.#next(), at: this.#at, type: 'line', ...kept });
    return this;
  }

  /** A line that the system says, in the chat's language. */
  system(
    config: AccountConfig,
    language: string | null,
    id: SystemMessageId,
    fill: Readonly<Record<string, string>> = {},
  ): this {
    return this.line({
      text: systemText(config.settings, language, id, fill),
      textType: 'plain',
      by: 'info',
      source: 'system',
      subType: 'REGULAR',
      author: 'system',
      systemMessageId: id,
    });
  }

  /** A line that only agents ever see. */
  hidden(text: string, by: string, source: 'system' | 'agent', author: Author): this {
    return this.line({ text, textType: 'plain', by, source, subType: 'ONLY_TO_REP', author });
  }

  /** Somebody came in beside the agent, or went. */
  collaboration(
    config: AccountConfig,
    action: 'joined' | 'left',
    role: RoleBeside,
    userId: number,
  ): this {
    const by = config.users.get(userId)?.nickname ?? '';
    const head = { id: this.#next(), at: this.#at, type: 'collaboration' } as const;
    this.entries.push({ ...head, action, role, userId, by });
    return this;
  }

  /** Keeps with the last entry what its request is known by, if that may come again. */
  keyed(idempotency: Idempotency | undefined): this {
    const last = this.entries.pop();
    if (last === undefined) throw new Error('there is no entry yet');
    this.entries.push(idempotency === undefined ? last : { ...last, retry: printOf(idempotency) });
    return this;
  }

  #next(): number {
    return this.#first + this.entries.length;
  }
}
