/**
 * The feed of one chat, put together from all that anybody was shown of it, and what is wrong with
 * that:
 *
 * 1. An id has one event, the same for all who see it.
 * 2. What was acknowledged or shown is shown to everybody who may see it and asks later.
 * 3. Ids have no gap and no repeat, and later events have higher ids.
 * 4. Nothing is there that nobody asked for, that was refused, or before it was asked for; what was
 *    asked for once is there at most once.
 * 5. A visitor sees nothing hidden.
 */
import type { ShownEvent } from '../history/format.js';
import { type Call, groupBy, type OkCall } from './calls.js';

/** One document holds at most so many events (SEC12); `next` leads through the rest. */
const MAX_PAGE = 1_000;

/** An event as far as it is known. */
export interface KnownEvent {
  readonly id: number;
  /** Null while it is only known that there is one: whoever wrote it was answered its id. */
  readonly shown: ShownEvent | null;
  /** Whether visitors may not see it. */
  readonly hidden: boolean;
  /** From when on it is known that it is there. */
  readonly knownAt: number;
  /** The call that was answered with this id, if any. */
  readonly cause: OkCall<'say' | 'end'> | null;
}

/** The calls about one chat. */
export interface ChatCalls {
  readonly chat: string;
  readonly writes: readonly Call<'say' | 'end' | 'transfer'>[];
  readonly reads: readonly OkCall<'read'>[];
  /** The request it came of, when that is known. */
  readonly request: Call<'request'> | null;
}

export class Feed {
  readonly chat: string;
  readonly calls: ChatCalls;
  /** By id. */
  readonly events: ReadonlyMap<number, KnownEvent>;
  /** The known events in the order of their ids. */
  readonly inOrder: readonly KnownEvent[];
  readonly problems: string[] = [];

  constructor(calls: ChatCalls) {
    this.chat = calls.chat;
    this.calls = calls;
    const events = new Map<number, KnownEvent>();
    this.events = events;
    for (const write of calls.writes) {
      if (write.outcome === 'ok' && write.ask.do !== 'transfer') {
        this.#acknowledged(events, write as OkCall<'say' | 'end'>);
      }
    }
    for (const read of calls.reads) this.#shown(events, read);
    this.inOrder = [...events.values()].sort((a, b) => a.id - b.id);
    for (const read of calls.reads) this.#checkRead(read);
    this.#checkOrder();
    this.#checkTexts();
  }

  /** Whether somebody was shown all of it. */
  get isWhole(): boolean {
    return this.calls.reads.some(({ ask }) => ask.by === 'disk');
  }

  #acknowledged(events: Map<number, KnownEvent>, cause: OkCall<'say' | 'end'>): void {
    const id = cause.answer.event;
    const twin = events.get(id)?.cause;
    if (twin != null) {
      this.#wrong(`calls ${twin.number} and ${cause.number} were both acknowledged as event ${id}`);
      return;
    }
    const hidden = cause.ask.do === 'say' && cause.ask.hidden;
    events.set(id, { id, shown: null, hidden, knownAt: cause.end, cause });
  }

  #shown(events: Map<number, KnownEvent>, read: OkCall<'read'>): void {
    for (const shown of read.answer.events) {
      const { id } = shown;
      const known = events.get(id);
      const hidden = known?.hidden === true || shown.hidden === true;
      const knownAt = Math.min(known?.knownAt ?? Infinity, read.end);
      const cause = known?.cause ?? null;
      const before = known?.shown ?? null;
      if (before !== null && !isSame(before, shown)) {
        this.#wrong(
          `event ${id} was ${JSON.stringify(before)}, and is ${JSON.stringify(shown)} to ${read.ask.by} in call ${read.number}`,
        );
      }
      if (before === null && cause !== null && !isOf(shown, cause)) {
        this.#wrong(
          `call ${cause.number} (${describe(cause)}) was acknowledged as event ${id}, which is ${JSON.stringify(shown)} in call ${read.number}`,
        );
      }
      // Who sees more says more.
      events.set(id, { id, shown: { ...shown, ...before }, hidden, knownAt, cause });
      if (hidden && read.ask.by === 'visitor') {
        this.#wrong(`the visitor was shown hidden event ${id} in call ${read.number}`);
      }
    }
  }

  #checkRead(read: OkCall<'read'>): void {
    const { ask, answer, number, start } = read;
    const { from, by } = ask;
    const what = `call ${number} by ${by} from ${from} on was shown [${answer.events.map(({ id }) => id)}]`;
    const disorder = disorderOf(read);
    if (disorder !== null) this.#wrong(`${what}, ${disorder}`);
    if (answer.events.length >= MAX_PAGE) return;
    const given = new Set(answer.events.map(({ id }) => id));
    for (const { id, knownAt, hidden } of this.inOrder) {
      if (id < from || knownAt >= start || (hidden && by === 'visitor')) continue;
      if (!given.has(id)) this.#wrong(`${what}, without event ${id}, which was known before`);
    }
  }

  /** Ids have no gap, and grow with time: what is asked for after an event is known comes after it. */
  #checkOrder(): void {
    const missing = this.inOrder.find(({ id }, place) => id !== place);
    if (missing !== undefined && this.isWhole) {
      this.#wrong(`event ${missing.id} is known, and not all of those before it`);
    }
    for (const { id, cause } of this.inOrder) {
      if (cause === null) continue;
      const later = this.inOrder.find((other) => other.id > id && other.knownAt < cause.start);
      if (later !== undefined) {
        this.#wrong(
          `call ${cause.number} was acknowledged as event ${id}, but event ${later.id} was known before it was made`,
        );
      }
    }
  }

  /** Each text was asked for, and is there as often as that can be. */
  #checkTexts(): void {
    const asked = groupBy(this.calls.writes, textOf);
    const idsOf = groupBy(
      this.inOrder.filter(({ shown }) => shown?.type === 'line' && shown.system === undefined),
      ({ shown }) => shown?.text ?? '',
    );
    const own = this.calls.request?.ask.hidden ?? [];
    for (const [text, events] of idsOf) {
      if (own.includes(text)) {
        if (events.length > 1)
          this.#wrong(`"${text}" was asked for once, and is event ${ids(events)}`);
        continue;
      }
      const calls = asked.get(text) ?? [];
      if (calls.length === 0 && this.calls.request !== null) {
        this.#wrong(`nobody wrote "${text}", which is event ${ids(events)}`);
      }
      const perhaps = calls.filter(({ outcome }) => outcome !== 'refused');
      if (calls.length > 0 && events.length > perhaps.length) {
        this.#wrong(
          `"${text}" is event ${ids(events)}; of ${calls.length} times it was asked for ${calls.length - perhaps.length} were refused`,
        );
      }
      for (const event of events) {
        if (calls.length > 0 && !perhaps.some(({ start }) => start < event.knownAt)) {
          this.#wrong(`"${text}" was shown as event ${event.id} before anybody asked for it`);
        }
      }
    }
    if (!this.isWhole) return;
    for (const text of this.calls.request?.outcome === 'ok' ? own : []) {
      if (!idsOf.has(text)) this.#wrong(`"${text}" came with its request, and is not there`);
    }
    for (const [text, calls] of asked) {
      const done = calls.filter(({ outcome }) => outcome === 'ok').length;
      const found = idsOf.get(text)?.length ?? 0;
      if (text !== '' && found < done) {
        this.#wrong(`"${text}" was acknowledged ${done} times, and is there ${found} times`);
      }
    }
  }

  #wrong(what: string): void {
    this.problems.push(`chat ${this.chat}: ${what}`);
  }
}

/** What is wrong with the order of the ids that a read showed; null for nothing. */
function disorderOf({ ask, answer }: OkCall<'read'>): string | null {
  let last = ask.from - 1;
  for (const { id } of answer.events) {
    if (id <= last) return 'which is out of order';
    if (ask.by !== 'visitor' && id !== last + 1) return 'which has a gap';
    last = id;
  }
  return answer.next === last + 1 ? null : `and is to ask from ${answer.next} next`;
}

/** What the disk, or somebody with less to see, does not show is no difference. */
function isSame(a: ShownEvent, b: ShownEvent): boolean {
  const keys = ['type', 'text', 'hidden', 'source', 'by', 'time', 'system'] as const;
  return keys.every((key) => a[key] === undefined || b[key] === undefined || a[key] === b[key]);
}

function isOf(shown: ShownEvent, { ask }: OkCall<'say' | 'end'>): boolean {
  if (ask.do === 'end') return shown.type === 'state' && shown.text === 'ended';
  return shown.type === 'line' && shown.text === ask.text && (shown.hidden ?? false) === ask.hidden;
}

function textOf({ ask }: Call<'say' | 'end' | 'transfer'>): string {
  return ask.do === 'end' ? '' : ask.text;
}

function describe({ ask }: Call<'say' | 'end'>): string {
  return ask.do === 'end' ? 'an end' : `"${ask.text}"`;
}

function ids(events: readonly KnownEvent[]): string {
  return events.map(({ id }) => id).join(' and ');
}
