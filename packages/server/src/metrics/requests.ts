/** Requests: how many, how long they took, what was refused. */
import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '@parley/protocol';
import { Counter, Histogram, type Registry } from 'prom-client';
import { notedOf } from '../http/measured.js';

/** From half a millisecond, which a poll takes, to what a client gives up at, seconds. */
const DURATIONS = [
  ...[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5],
  ...[1, 2.5, 5, 10],
];

/** Of long polls, which wait up to a minute, seconds. */
const WAITS = [0.1, 1, 5, 10, 20, 30, 60];

/** Stands for what belongs to no operation: pages, health, preflights, what is refused before routing. */
const NO_ROUTE = 'none';

/** The router has these, and those who ask for others are refused: no label is of a client's making. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']);

export class RequestMetrics {
  readonly #requests: Counter<'method' | 'route' | 'status'>;
  readonly #durations: Histogram<'method' | 'route'>;
  readonly #waits: Histogram;
  readonly #refusals: Counter<'reason'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#requests = new Counter({
      name: 'http_requests_total',
      help: 'Requests that were answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'From the last byte of the headers to the answer; without long polls and streams.',
      labelNames: ['method', 'route'],
      buckets: DURATIONS,
      registers,
    });
    this.#waits = new Histogram({
      name: 'parley_long_poll_duration_seconds',
      help: 'How long requests waited for news (wait=N).',
      buckets: WAITS,
      registers,
    });
    this.#refusals = new Counter({
      name: 'parley_refusals_total',
      help: 'Errors that were answered, by their code (see /docs/errors).',
      labelNames: ['reason'],
      registers,
    });
  }

  /**
   * An answer was handed over.
   * @param ms since the request came
   */
  answered(raw: IncomingMessage, status: number, ms: number): void {
    const noted = notedOf(raw);
    const route = noted?.operation.url ?? NO_ROUTE;
    const method = METHODS.has(raw.method ?? '') ? (raw.method ?? '') : NO_ROUTE;
    this.#requests.inc({ method, route, status });
    const heldAs = noted?.heldAs ?? null;
    if (heldAs === null) this.#durations.observe({ method, route }, ms / 1000);
    else if (heldAs === 'long-poll') this.#waits.observe(ms / 1000);
  }

  /** An error was answered. */
  refused(reason: ErrorCode): void {
    this.#refusals.inc({ reason });
  }
}
