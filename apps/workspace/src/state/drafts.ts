/** What is written and not sent, by chat and mode: kept over reloads, and never shown to another chat. */
import type { Mode } from './model.js';

const PREFIX = 'parley:draft:';

/** Drafts of a login. Without a storage they last as long as the page. */
export class Drafts {
  readonly #storage: Storage | null;
  readonly #kept = new Map<string, string>();

  constructor(storage: Storage | null) {
    this.#storage = storage;
  }

  get(chat: string, mode: Mode): string {
    const key = `${PREFIX}${chat}:${mode}`;
    return this.#kept.get(key) ?? this.#read(key);
  }

  set(chat: string, mode: Mode, text: string): void {
    const key = `${PREFIX}${chat}:${mode}`;
    this.#kept.set(key, text);
    try {
      if (text === '') this.#storage?.removeItem(key);
      else this.#storage?.setItem(key, text);
    } catch {
      // A full storage: the draft lasts as long as the page.
    }
  }

  /** The chat is done with. */
  drop(chat: string): void {
    for (const mode of ['reply', 'note'] as const) this.set(chat, mode, '');
  }

  #read(key: string): string {
    try {
      return this.#storage?.getItem(key) ?? '';
    } catch {
      return '';
    }
  }
}
