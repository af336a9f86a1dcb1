/** A chat's events, in order and each once, whatever way they came. */
import type { ChatEvent, ChatInfo as WireInfo } from '@parley/protocol/types';
import { type Doc, docOf, listOf } from './document.js';

export type { ChatEvent };

/** The facts of a chat, as far as the reader may know them; facts that a server does not have are missing. */
export interface ChatInfo extends WireInfo {
  /** What the agent is typing, while that is shown (only streams report it). */
  readonly agentPreview?: string | null;
  /** What the visitor is typing, for agents, if account and visitor agreed to it (only streams report it). */
  readonly visitorPreview?: string | null;
}

/** A line that somebody said. */
export type Line = Extract<ChatEvent, { type: 'line' }>;

export class Feed {
  readonly #events: ChatEvent[] = [];

  /** All so far. The same array goes on: it is only ever added to. */
  get events(): readonly ChatEvent[] {
    return this.#events;
  }

  /** Id of the last event; -1 while there is none. */
  get last(): number {
    return this.#events.at(-1)?.id ?? -1;
  }

  /** Takes in an `events` document. @returns those that are new */
  add(events: unknown): readonly ChatEvent[] {
    const fresh: ChatEvent[] = [];
    for (const each of listOf(docOf(events)['event'])) {
      const event = readEvent(each);
      if (event.id > this.last) {
        this.#events.push(event);
        fresh.push(event);
      }
    }
    return fresh;
  }
}

/** An event with its numbers as numbers: some documents write them as texts. */
function readEvent(doc: Doc): ChatEvent {
  const { systemMessageId } = doc;
  return {
    ...doc,
    id: Number(doc['id']),
    ...(systemMessageId === undefined ? {} : { systemMessageId: Number(systemMessageId) }),
  } as ChatEvent;
}

const NUMBERS = ['skillId', 'agentId', 'duration', 'chatTimeout', 'rtSessionId'] as const;

/** The facts of a chat, with their numbers as numbers. */
export function readInfo(info: unknown): ChatInfo {
  const doc = docOf(info);
  const numbers = NUMBERS.filter((key) => doc[key] !== undefined);
  const read: unknown = {
    ...doc,
    ...Object.fromEntries(numbers.map((key) => [key, Number(doc[key])])),
  };
  return read as ChatInfo;
}

/** The id of the event at an address, where that is one of `events` as documented; null elsewhere. */
export function eventId(events: string, href: string): number | null {
  const id = href.startsWith(`${events}/`) ? href.slice(events.length + 1) : '';
  return /^\d+$/.test(id) ? Number(id) : null;
}
