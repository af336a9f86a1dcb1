/** What is written and not sent, by chat and mode: kept over reloads, and never shown to another chat. */
import type { Mode } from './model.js';

const PREFIX = 'parley:draft:';
const DRAFT = /^parley:draft:(.+):(reply|note)$/;

/** Drafts of a login. Without a storage they last as long as the page. */
export class Drafts {
  readonly #storage: Storage | null;
  readonly #kept = new Map<string, string>();
  readonly #listeners = new Set<(chat: string, mode: Mode, text: string) => void>();

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

  /**
   * Another tab of the browser changed what is stored.
   * @param key null for everything
   */
  storedElsewhere(key: string | null, text: string): void {
    const [, chat, mode] = DRAFT.exec(key ?? '') ?? [];
    if (key === null || chat === undefined) return;
    this.#kept.set(key, text);
    for (const listener of this.#listeners) listener(chat, mode as Mode, text);
  }

  /** Announces drafts that another tab changed. @returns what takes it off */
  onElsewhere(listener: (chat: string, mode: Mode, text: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
