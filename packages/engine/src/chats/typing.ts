/**
 * Who is typing in which chat. Not a fact of the account: it is forgotten on restart, and by
 * itself when not renewed.
 */
import type { AccountEvent } from '../events.js';

export type TypingParty = 'visitor' | 'agent';

export type Typing = 'typing' | 'not-typing';

interface Entry {
  readonly until: number;
  /** What they are about to say, and until when that is shown. */
  readonly preview?: { readonly text: string; readonly until: number };
}

type Entries = { readonly [P in TypingParty]?: Entry };

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

export class TypingIndicators {
  readonly #until = new Map<string, Entries>();

  /**
   * @param until when `typing` falls back to `not-typing`
   * @param preview what they are about to say, and until when that is shown
   */
  set(
    chatId: string,
    party: TypingParty,
    typing: Typing,
    until: number,
    preview?: { readonly text: string; readonly until: number },
  ): void {
    const entry =
      typing === 'typing' ? { until, ...(preview === undefined ? {} : { preview }) } : STOPPED;
    this.#until.set(chatId, { ...this.#until.get(chatId), [party]: entry });
  }

  get(chatId: string, party: TypingParty, now: number): Typing {
    return now < (this.#until.get(chatId)?.[party] ?? STOPPED).until ? 'typing' : 'not-typing';
  }

  /** Both sides at once. */
  look(chatId: string, now: number): TypingNow {
    const { agent = STOPPED, visitor = STOPPED } = this.#until.get(chatId) ?? {};
    const ends = [agent, visitor]
      .flatMap(({ until, preview }) => [until, preview?.until ?? 0])
      .filter((end) => end > now);
    return {
      facts: {
        agentTyping: now < agent.until ? 'typing' : 'not-typing',
        visitorTyping: now < visitor.until ? 'typing' : 'not-typing',
        agentPreview: previewOf(agent, now),
        visitorPreview: previewOf(visitor, now),
      },
      next: ends.length === 0 ? null : Math.min(...ends),
    };
  }

  /** A line ends its speaker's typing, an ended chat and a gone agent everybody's. */
  observe(event: AccountEvent): void {
    switch (event.type) {
      case 'chat.line': {
        const entry = event.feed[0];
        if (entry?.type !== 'line' || entry.source === 'system') return;
        this.set(event.chatId, entry.source, 'not-typing', 0);
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

function previewOf({ until, preview }: Entry, now: number): string | null {
  return preview !== undefined && now < until && now < preview.until ? preview.text : null;
}
