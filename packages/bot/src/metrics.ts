/** What a bot counts, and how Prometheus reads it. */
import { EndedError, LoginError, RefusedError, UnreachableError } from '@parley/client/agent';
import { EVENT_NAMES, type EventName, OFFER_NAMES, type OfferName } from './event-names.js';

/** What handlers are measured by. */
type Handled = EventName | OfferName;

/**
 * Kinds of failures: a handler took longer than `handlerTimeout`; the server refused what it asked for, or was
 * not to be reached; it threw anything else; what is known of a chat could not be kept, or read; a chat could
 * not be handed over, or followed.
 */
export const ERROR_KINDS = [
  'timeout',
  'refused',
  'unreachable',
  'handler',
  'storage',
  'hand_over',
  'chat',
] as const;

export type ErrorKind = (typeof ERROR_KINDS)[number];

/** A handler that was waited for as long as it may take. */
export class HandlerTimeout extends Error {
  override readonly name = 'HandlerTimeout';
}

/** The kind of what a handler failed with. */
export function kindOf(error: unknown): ErrorKind {
  if (error instanceof HandlerTimeout) return 'timeout';
  if (error instanceof UnreachableError) return 'unreachable';
  const isRefused = [RefusedError, LoginError, EndedError].some((kind) => error instanceof kind);
  return isRefused ? 'refused' : 'handler';
}

/** Upper bounds of the histogram's buckets, seconds. */
const BOUNDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

class Durations {
  /** How many were within each bound, and not within the one before; the last: longer than all. */
  readonly counts: number[] = Array.from({ length: BOUNDS.length + 1 }, () => 0);
  sum = 0;

  add(seconds: number): void {
    const index = BOUNDS.findIndex((bound) => seconds <= bound);
    const at = index === -1 ? BOUNDS.length : index;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.sum += seconds;
  }
}

/** What one bot counted since it was made. */
export class BotCounts {
  readonly durations = new Map<Handled, Durations>(
    [...OFFER_NAMES, ...EVENT_NAMES].map((name) => [name, new Durations()]),
  );
  readonly errors = new Map<ErrorKind, number>(ERROR_KINDS.map((kind) => [kind, 0]));
  handedOver = { at_once: 0, later: 0 };
  /** Events whose handlers ended, well or not. */
  events = 0;
  /** Of those, the ones that failed. */
  failures = 0;
  /** Of each kind of event, how many failed in a row up to now. */
  readonly #inARow = new Map<Handled, number>();
  /** Whether what is known of chats could not be kept the last time. */
  storageFails = false;

  /** @param ms that the handlers of an event took */
  handled(event: Handled, ms: number, error: unknown): void {
    this.durations.get(event)?.add(ms / 1_000);
    this.events += 1;
    this.#inARow.set(event, error === null ? 0 : (this.#inARow.get(event) ?? 0) + 1);
    if (error === null) return;
    this.failures += 1;
    this.failed(kindOf(error));
  }

  /** The most events of one kind whose handlers failed in a row up to now. */
  get failuresInARow(): number {
    return Math.max(0, ...this.#inARow.values());
  }

  failed(kind: ErrorKind): void {
    this.errors.set(kind, (this.errors.get(kind) ?? 0) + 1);
  }
}

/** What there is of a bot at the moment. */
export interface BotSnapshot {
  /** Its name, as label. */
  readonly name: string;
  readonly status: 'ready' | 'degraded' | 'down';
  readonly isConnected: boolean;
  readonly chats: number;
  /** Chats that ring and were not accepted yet. */
  readonly ringing: number;
  /** Lines that wait for the handlers of the one before. */
  readonly waitingLines: number;
  readonly runningHandlers: number;
  readonly counts: BotCounts;
}

type Labels = Readonly<Record<string, string | number>>;
type Sample = readonly [labels: Labels, value: number, suffix?: string];
type Kind = 'counter' | 'gauge' | 'histogram';

/** The text of Prometheus, version 0.0.4. Its labels are bounded: a bot each, and names from fixed lists. */
export function prometheusText(bots: readonly BotSnapshot[]): string {
  const all = (of: (bot: BotSnapshot) => readonly Sample[]) =>
    bots.flatMap((bot) =>
      of(bot).map(([labels, ...rest]): Sample => [{ bot: bot.name, ...labels }, ...rest]),
    );
  const one = (of: (bot: BotSnapshot) => number) => all((bot) => [[{}, of(bot)]]);
  const statuses = ['ready', 'degraded', 'down'] as const;
  return [
    metric('status', 'gauge', '1 for the status that the bot has.', [
      ...all((bot) => statuses.map((status) => [{ status }, Number(bot.status === status)])),
    ]),
    metric('connected', 'gauge', '1 while it hears of chats, pushed or by polling.', [
      ...one(({ isConnected }) => Number(isConnected)),
    ]),
    metric('chats', 'gauge', 'Chats at hand.', [...one(({ chats }) => chats)]),
    metric('ringing_chats', 'gauge', 'Chats that ring and were not accepted yet.', [
      ...one(({ ringing }) => ringing),
    ]),
    metric('waiting_lines', 'gauge', 'Lines that wait for the handlers of earlier ones.', [
      ...one(({ waitingLines }) => waitingLines),
    ]),
    metric('running_handlers', 'gauge', 'Events that handlers are at work on.', [
      ...one(({ runningHandlers }) => runningHandlers),
    ]),
    metric('handler_duration_seconds', 'histogram', 'How long the handlers of an event took.', [
      ...all(({ counts }) =>
        [...counts.durations].flatMap(([event, each]) => buckets(event, each)),
      ),
    ]),
    metric('errors_total', 'counter', 'What failed, by kind.', [
      ...all(({ counts }) => [...counts.errors].map(([kind, value]): Sample => [{ kind }, value])),
    ]),
    metric('handed_over_total', 'counter', 'Chats to be given to people: at_once, or later.', [
      ...all(({ counts }) => Object.entries(counts.handedOver).map(([when, n]) => [{ when }, n])),
    ]),
  ].join('');
}

function buckets(event: Handled, { counts, sum }: Durations): Sample[] {
  let total = 0;
  const within = counts.map((count, index): Sample => {
    total += count;
    return [{ event, le: BOUNDS[index] ?? '+Inf' }, total, '_bucket'];
  });
  return [...within, [{ event }, sum, '_sum'], [{ event }, total, '_count']];
}

function metric(name: string, kind: Kind, help: string, samples: readonly Sample[]): string {
  const whole = `parley_bot_${name}`;
  const lines = samples.map(([labels, value, suffix = '']) => {
    const shown = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${whole}${suffix}{${shown.join(',')}} ${value}\n`;
  });
  return `# HELP ${whole} ${help}\n# TYPE ${whole} ${kind}\n${lines.join('')}`;
}

/** A label's value, as its quotes hold it. */
function escaped(value: string | number): string {
  return String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
