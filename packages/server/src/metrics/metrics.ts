/**
 * What a server reports of itself in numbers, for Prometheus: `/metrics`. Labels are never of a client's
 * making: routes are templates, reasons and states are words of the sources, and skills are bounded.
 * docs/metrics.md names every metric; a test compares.
 *
 * Whoever adds some makes them with `registers: [server.metrics.registry]`.
 */
import type { AccountEventType } from '@parley/engine';
import { Counter, Gauge, Registry } from 'prom-client';
import type { RefusedReason } from '../auth/refusal-log.js';
import type { Batch, Subscriber } from '@parley/runtime/hub';
import { LiveMetrics, type LiveParts } from './live.js';
import { PlainCounter } from './plain.js';
import { processMetrics } from './process.js';
import { RequestMetrics } from './requests.js';
import { StoreMetrics } from './store.js';

/** What became of an attempt to deliver something. */
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];
const DELIVERY_OUTCOMES = ['accepted', 'refused', 'not-now'] as const;

export class Metrics implements Subscriber {
  readonly registry = new Registry();
  readonly requests = new RequestMetrics(this.registry);
  readonly store = new StoreMetrics(this.registry);
  readonly #live = new LiveMetrics(this.registry);
  readonly #process = processMetrics();
  readonly #logins: Counter<'outcome'>;
  readonly #credentials: Counter<'reason'>;
  readonly #deliveries: Counter<'kind' | 'outcome'>;
  readonly #events: PlainCounter<AccountEventType>;

  constructor() {
    const registers = [this.registry];
    this.#logins = new Counter({
      name: 'parley_logins_total',
      help: 'Logins and OAuth 2 tokens: ok, or why not (docs/logs.md).',
      labelNames: ['outcome'],
      registers,
    });
    this.#credentials = new Counter({
      name: 'parley_refused_credentials_total',
      help: 'Bearers, cookies, signatures and app keys that were refused, by why (docs/logs.md).',
      labelNames: ['reason'],
      registers,
    });
    this.#deliveries = new Counter({
      name: 'parley_deliveries_total',
      help: 'Attempts to deliver something, by what became of them.',
      labelNames: ['kind', 'outcome'],
      registers,
    });
    // A counter that begins with its first step shows no growth: alerts would not see it.
    for (const outcome of DELIVERY_OUTCOMES) this.#deliveries.inc({ kind: 'mail', outcome }, 0);
    this.#logins.inc({ outcome: 'ok' }, 0);
    this.#events = new PlainCounter('type', {
      name: 'parley_events_total',
      help: 'Events of all accounts that were committed, by type.',
      registers,
    });
  }

  /** Adds a figure that is read when somebody asks; `name` must be new, and in docs/metrics.md. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  loggedIn(): void {
    this.#logins.inc({ outcome: 'ok' });
  }

  loginFailed(outcome: RefusedReason): void {
    this.#logins.inc({ outcome });
  }

  credentialRefused(reason: RefusedReason): void {
    this.#credentials.inc({ reason });
  }

  /** @param kind a word of the sources: `mail`, `webhook` */
  triedToDeliver(kind: string, outcome: DeliveryOutcome): void {
    this.#deliveries.inc({ kind, outcome });
  }

  committed({ events }: Batch): void {
    for (const { type } of events) this.#events.add(type);
  }

  /** All of it, in the text format of Prometheus. */
  async text(server: LiveParts): Promise<string> {
    this.#live.collect(server);
    return `${await this.#process.metrics()}\n${await this.registry.metrics()}`;
  }

  /** The media type of that text. */
  get contentType(): string {
    return this.registry.contentType;
  }
}
