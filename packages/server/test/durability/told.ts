/**
 * What clients were told of a chat, and whether what they are told next agrees with it.
 *
 * An event is *known* once its id was acknowledged or it was shown to somebody. What is known must
 * never change, vanish or move, whoever asks and whatever happens to the server.
 */
import type { FeedEntry } from '@parley/engine';
import { at, textAt } from '../harness.js';
import { isGood, isUnsure, type Outcome } from './line.js';

export type Reader = 'agent' | 'visitor';

/** Begins every text that the visitor must never see. */
export const HIDDEN = 'hidden-';

/** Something that somebody asked to be written into a chat. */
export interface Write {
  /** An `aside` is a hidden line that goes along with something else, whose id nobody is told. */
  readonly what: 'line' | 'hidden' | 'end' | 'aside';
  readonly by: string;
  /** The text that tells it from all others; empty for an end. */
  readonly text: string;
  outcome: 'asked' | 'acknowledged' | 'unsure' | 'refused';
  /** The id that was acknowledged. */
  id: number | null;
}

interface Known {
  readonly hidden: boolean;
  /** Everything about it but the id, once somebody was shown it. */
  shown: string | null;
}

/** An event as somebody was shown it. */
export interface ShownEvent {
  readonly id: number;
  readonly type: string;
  readonly text: string;
  readonly systemMessageId: number | null;
}

export class ToldChat {
  /** The chat id. */
  readonly id: string;
  /** Name that the visitor gave: tells its request from all others. */
  readonly name: string;
  readonly writes: Write[] = [];
  /** Highest id that anybody knew of. */
  highest = -1;
  /** The id of `state ended`, once known. */
  endedAt: number | null = null;
  /** The agent who was told that they have it. */
  holder: string | null = null;
  /** Whether that agent has given it away since, or may have. */
  released = false;
  /** Who gave it to another agent last. */
  giver: string | null = null;
  readonly #known = new Map<number, Known>();
  readonly #idOfText = new Map<string, number>();
  readonly #wrong: (what: string) => void;
  readonly #onNews: () => void;

  /** @param onNews called when somebody is shown a line before its author has an answer */
  constructor(id: string, name: string, wrong: (what: string) => void, onNews: () => void) {
    this.id = id;
    this.name = name;
    this.#wrong = (what) => wrong(`chat ${name} (${id}): ${what}`);
    this.#onNews = onNews;
  }

  /** Notes what is about to be asked; call the returned function with the outcome. */
  asking(what: Write['what'], by: string, text: string): (outcome: Outcome) => Write {
    const write: Write = { what, by, text, outcome: 'asked', id: null };
    const { highest } = this;
    this.writes.push(write);
    return (outcome) => {
      if (isUnsure(outcome)) write.outcome = 'unsure';
      else if (!isGood(outcome)) write.outcome = 'refused';
      else {
        write.outcome = 'acknowledged';
        if (what !== 'aside') this.#acknowledged(write, outcome, highest);
      }
      return write;
    };
  }

  /** The ids somebody knows of, to be compared with an answer that is asked for after this. */
  known(reader: Reader, from: number): readonly number[] {
    return [...this.#known]
      .filter(([id, { hidden }]) => id >= from && (reader === 'agent' || !hidden))
      .map(([id]) => id);
  }

  /**
   * Compares an answer with what is known.
   * @param body a document with the chat's events from `from` on
   * @param known what was known when it was asked for
   * @returns the events shown, and the id to ask from next
   */
  shown(
    reader: Reader,
    from: number,
    body: unknown,
    known: readonly number[],
  ): { readonly events: readonly ShownEvent[]; readonly next: number } {
    const page = at(body, 'events') ?? at(body, 'chat.events');
    const listed = at(page, 'event') ?? [];
    const documents: unknown[] = Array.isArray(listed) ? listed : [listed];
    const events = documents.map((document) => this.#one(reader, document));
    const ids = events.map(({ id }) => id);
    const whole = JSON.stringify(ids);

    let last = from - 1;
    for (const id of ids) {
      if (id <= last) this.#wrong(`the ${reader} was shown ids out of order: ${whole}`);
      if (reader === 'agent' && id !== last + 1) {
        this.#wrong(`the agent was shown a gap from ${from} on: ${whole}`);
      }
      last = id;
    }
    const given = new Set(ids);
    for (const id of known) {
      if (!given.has(id)) {
        this.#wrong(`the ${reader} was not shown event ${id}, only ${whole} from ${from} on`);
      }
    }
    const next = nextOf(page);
    if (next !== Math.max(last + 1, from)) {
      this.#wrong(
        `the ${reader} was shown ${whole} from ${from} on, and is to ask from ${next} next`,
      );
    }
    if (reader === 'visitor' && JSON.stringify(body).includes(HIDDEN)) {
      this.#wrong(`the visitor was shown a hidden line: ${JSON.stringify(body)}`);
    }
    return { events, next };
  }

  /** Compares the whole feed, as the journal has it, with all that anybody was told. */
  checkFeed(feed: readonly FeedEntry[]): void {
    const idsOf = new Map<string, number[]>();
    for (const [place, entry] of feed.entries()) {
      if (entry.id !== place) this.#wrong(`the journal has event ${entry.id} at place ${place}`);
      const text = entry.type === 'line' ? entry.text : '';
      idsOf.set(text, [...(idsOf.get(text) ?? []), entry.id]);
    }
    for (const [id, { shown }] of this.#known) {
      const entry = feed[id];
      if (entry === undefined) this.#wrong(`event ${id} was told, but is not in the journal`);
      else if (shown !== null && !shown.includes(JSON.stringify(textOf(entry)))) {
        this.#wrong(`event ${id} was ${shown}, and is ${JSON.stringify(entry)} in the journal`);
      }
    }
    for (const { what, text, outcome, id } of this.writes) {
      if (text === '') continue;
      const ids = idsOf.get(text) ?? [];
      const due = outcome === 'acknowledged' ? [1] : outcome === 'refused' ? [0] : [0, 1];
      if (!due.includes(ids.length) || (id !== null && ids[0] !== id)) {
        this.#wrong(`the ${what} "${text}" was ${outcome} as ${id}, and is event [${ids}]`);
      }
    }
    const end = feed.findIndex((entry) => entry.type === 'state' && entry.state === 'ended');
    if (end >= 0 && this.endedAt !== null && end !== this.endedAt) {
      this.#wrong(`it ended as event ${this.endedAt}, and ${end} in the journal`);
    }
  }

  #acknowledged(write: Write, outcome: Outcome, highestBefore: number): void {
    const [, digits] = /\/events\/(\d+)$/.exec(outcome.location ?? '') ?? [];
    if (digits === undefined) {
      this.#wrong(`the Location of a new event is ${outcome.location}`);
      return;
    }
    const id = Number(digits);
    write.id = id;
    if (id <= highestBefore) {
      this.#wrong(
        `a new event got id ${id}, but ${highestBefore} was known before it was asked for`,
      );
    }
    const twin = this.writes.find((other) => other !== write && other.id === id);
    if (twin !== undefined) {
      this.#wrong(`"${write.text}" and "${twin.text}" were both acknowledged as event ${id}`);
    }
    if (!this.#known.has(id)) this.#known.set(id, { hidden: write.what === 'hidden', shown: null });
    if (write.what === 'end') this.endedAt = id;
    this.highest = Math.max(this.highest, id);
  }

  #one(reader: Reader, document: unknown): ShownEvent {
    const id = Number(textAt(document, '@id'));
    const { '@id': _, systemMessageId, ...rest } = document as Record<string, unknown>;
    // Agents read a number, visitors the same as a text.
    const system = systemMessageId === undefined ? null : Number(systemMessageId);
    const entries = Object.entries({ ...rest, system });
    const shown = JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
    const hidden = at(document, 'subType') === 'ONLY_TO_REP';
    if (hidden && reader === 'visitor') this.#wrong(`the visitor was shown hidden event ${id}`);

    const before = this.#known.get(id);
    if (before === undefined) this.#known.set(id, { hidden, shown });
    else if (before.shown === null) before.shown = shown;
    else if (before.shown !== shown) {
      this.#wrong(`event ${id} was ${before.shown} and is ${shown} for the ${reader}`);
    }
    this.highest = Math.max(this.highest, id);

    const type = textAt(document, '@type');
    const text = String(at(document, type === 'state' ? 'state' : 'text'));
    if (type === 'line' && /^(?:line|hidden)-/.test(text)) {
      const write = this.writes.findLast((each) => each.text === text);
      if (write?.outcome === 'asked') this.#onNews();
      const first = this.#idOfText.get(text) ?? id;
      if (first !== id) this.#wrong(`"${text}" is there twice, as event ${first} and ${id}`);
      this.#idOfText.set(text, id);
    }
    if (type === 'state' && text === 'ended') {
      if (this.endedAt !== null && this.endedAt !== id) {
        this.#wrong(`it ended twice, as event ${this.endedAt} and ${id}`);
      }
      this.endedAt = id;
    }
    return { id, type, text, systemMessageId: system };
  }
}

function textOf(entry: FeedEntry): string {
  return entry.type === 'line' ? entry.text : entry.state;
}

/** The id in the `next` link. */
function nextOf(page: unknown): number {
  const links = at(page, 'link');
  const next: unknown = Array.isArray(links)
    ? links.find((link) => at(link, '@rel') === 'next')
    : undefined;
  return Number(/[?&]from=(\d+)/.exec(String(at(next, '@href')))?.[1]);
}
