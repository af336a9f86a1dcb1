/**
 * Who is typing in which chat. Not a fact of the account: it is forgotten on restart, and by
 * itself when not renewed.
 */
import type { AccountEvent } from '../events.js';
import { authorOfLine } from './entries.js';

export type TypingParty = 'visitor' | 'agent';

export type Typing = 'typing' | 'not-typing';

interface Entry {
  readonly until: number;
  /** What they are about to say, and until when that is shown. */
  readonly preview?: { readonly text: string; readonly until: number };
}

/** Of one chat: its visitor, and those of the account who speak to them, by user id. */
interface Entries {
  visitor?: Entry;
  readonly agents: Map<number, Entry>;
}

/** A time in the past: said to be not typing. */
const STOPPED: Entry = { until: 0 };

/** Who types in a chat, and what they are about to say where that is shown. */
export interface TypingNow {
  readonly facts: {
    readonly agentTyping: Typing;
    readonly visitorTyping: Typing;
    readonly agentPreview: string | null;
    readonly visitorPreview: string | null;
  };
  /** When that is otherwise by itself; null for never. */
  readonly next: number | null;
}

/** Who types: the visitor, or a user by id. */
export type TypingBy = 'visitor' | number;

export class TypingIndicators {
  readonly #chats = new Map<string, Entries>();

  /**
   * @param until when `typing` falls back to `not-typing`
   * @param preview what they are about to say, and until when that is shown
   */
  set(
    chatId: string,
    by: TypingBy,
    typing: Typing,
    until: number,
    preview?: { readonly text: string; readonly until: number },
  ): void {
    const entry =
      typing === 'typing' ? { until, ...(preview === undefined ? {} : { preview }) } : STOPPED;
    const chat: Entries = this.#chats.get(chatId) ?? { agents: new Map() };
    this.#chats.set(chatId, chat);
    if (by === 'visitor') chat.visitor = entry;
    else if (entry === STOPPED) chat.agents.delete(by);
    else {
      // Who typed last stands last: what they are about to say is what is shown.
      chat.agents.delete(by);
      chat.agents.set(by, entry);
    }
  }

  get(chatId: string, party: TypingParty, now: number): Typing {
    return this.look(chatId, now).facts[party === 'visitor' ? 'visitorTyping' : 'agentTyping'];
  }

  /** Both sides at once. Whoever of the account types, the visitor sees that the agent's side does. */
  look(chatId: string, now: number): TypingNow {
    const chat = this.#chats.get(chatId);
    const visitor = chat?.visitor ?? STOPPED;
    const all = [...(chat?.agents.values() ?? [])];
    const ends = [...all, visitor]
      .flatMap(({ until, preview }) => [until, preview?.until ?? 0])
      .filter((end) => end > now);
    const preview = all.map((entry) => previewOf(entry, now)).findLast((text) => text !== null);
    return {
      facts: {
        agentTyping: all.some(({ until }) => now < until) ? 'typing' : 'not-typing',
        visitorTyping: now < visitor.until ? 'typing' : 'not-typing',
        agentPreview: preview ?? null,
        visitorPreview: previewOf(visitor, now),
      },
      next: ends.length === 0 ? null : Math.min(...ends),
    };
  }

  /**
   * A line ends its speaker's typing, nobody else's: that somebody whispers does not show in what the
   * visitor sees of the others. Who goes types no more; an ended chat and a gone agent end everybody's.
   */
  observe(event: AccountEvent): void {
    switch (event.type) {
      case 'chat.line': {
        const entry = event.feed[0];
        if (entry?.type !== 'line') return;
        const by = authorOfLine(entry);
        if (by !== 'system' && by !== 'unknown') this.set(event.chatId, by, 'not-typing', 0);
        return;
      }
      case 'chat.left':
        this.#chats.get(event.chatId)?.agents.delete(event.userId);
        return;
      case 'chat.requeued':
      case 'chat.escalated':
      case 'chat.transferred':
      case 'chat.takenOver':
      case 'chat.ended':
        this.#chats.delete(event.chatId);
        return;
      case 'chats.forgotten':
        for (const chatId of event.chatIds) this.#chats.delete(chatId);
        return;
      default:
    }
  }
}

function previewOf({ until, preview }: Entry, now: number): string | null {
  return preview !== undefined && now < until && now < preview.until ? preview.text : null;
}
