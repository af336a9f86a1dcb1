/**
 * What the widget keeps in the page's own storage, from the moment the visitor starts a chat: where the
 * chat is, the draft, and lines that are not stored yet. With consent, who the visitor was.
 */
import type { SavedChat } from '@parley/client/visitor';
import { savedChatKey } from '../contract.js';

/** Storage that never throws: pages may close theirs, and it may be full. */
export const storage = {
  get length(): number {
    try {
      return localStorage.length;
    } catch {
      return 0;
    }
  },
  key(index: number): string | null {
    try {
      return localStorage.key(index);
    } catch {
      return null;
    }
  },
  getItem(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  setItem(key: string, value: string): void {
    try {
      localStorage.setItem(key, value);
    } catch {
      // The chat goes on as long as this page does.
    }
  },
  removeItem(key: string): void {
    try {
      localStorage.removeItem(key);
    } catch {
      // There was nothing.
    }
  },
};

export class Stored {
  readonly #account: string;

  constructor(account: string) {
    this.#account = account;
  }

  get chat(): SavedChat | null {
    try {
      return JSON.parse(storage.getItem(savedChatKey(this.#account)) ?? 'null') as SavedChat | null;
    } catch {
      return null;
    }
  }

  set chat(saved: SavedChat | null) {
    if (saved === null) storage.removeItem(savedChatKey(this.#account));
    else storage.setItem(savedChatKey(this.#account), JSON.stringify(saved));
  }

  get draft(): string {
    return storage.getItem(`parley:draft:${this.#account}`) ?? '';
  }

  set draft(text: string) {
    const key = `parley:draft:${this.#account}`;
    if (text === '') storage.removeItem(key);
    else storage.setItem(key, text);
  }

  /** Only with consent. */
  get visitorId(): string | undefined {
    return storage.getItem(`parley:visitor:${this.#account}`) ?? undefined;
  }

  set visitorId(id: string | undefined) {
    const key = `parley:visitor:${this.#account}`;
    if (id === undefined) storage.removeItem(key);
    else storage.setItem(key, id);
  }
}
