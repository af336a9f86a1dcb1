/**
 * Who is typing in which chat. Not a fact of the account: it is forgotten on restart, and by
 * itself when not renewed.
 */
import type { AccountEvent } from '../events.js';

export type TypingParty = 'visitor' | 'agent';

export type Typing = 'typing' | 'not-typing';

interface Entry {
  readonly visitor?: number;
  readonly agent?: number;
}

/** A time in the past: said to be not typing. */
const STOPPED = 0;

export class TypingIndicators {
  readonly #until = new Map<string, Entry>();

  /** @param until Epoch ms at which `typing` falls back to `not-typing`. */
  set(chatId: string, party: TypingParty, typing: Typing, until: number): void {
    const entry = this.#until.get(chatId);
    this.#until.set(chatId, { ...entry, [party]: typing === 'typing' ? until : STOPPED });
  }

  get(chatId: string, party: TypingParty, now: number): Typing {
    return now < (this.#until.get(chatId)?.[party] ?? STOPPED) ? 'typing' : 'not-typing';
  }

  /** A line ends its speaker's typing, an ended chat and a gone agent everybody's. */
  observe(event: AccountEvent): void {
    switch (event.type) {
      case 'chat.line': {
        const entry = event.feed[0];
        if (entry?.type !== 'line' || entry.source === 'system') return;
        this.set(event.chatId, entry.source, 'not-typing', STOPPED);
        return;
      }
      case 'chat.requeued':
      case 'chat.transferred':
      case 'chat.ended':
        this.#until.delete(event.chatId);
        return;
      case 'chats.forgotten':
        for (const chatId of event.chatIds) this.#until.delete(chatId);
        return;
      default:
    }
  }
}
