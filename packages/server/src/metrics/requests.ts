/** Requests: how many, how long they took, what was refused. */
import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '@parley/protocol';
import type { Registry } from 'prom-client';
import { notedOf } from '../http/measured.js';
import { Observations, PlainCounter, PlainHistogram, shownCounter } from './plain.js';

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

/** What there was of a route by one method. */
interface Route {
  readonly method: string;
  readonly route: string;
  readonly statuses: Map<number, number>;
  /** Null while all were long polls or streams. */
  durations: Observations | null;
}

export class RequestMetrics {
  /** By method, then by route. */
  readonly #routes = new Map<string, Map<string, Route>>();
  readonly #waits = new Observations(WAITS);
  readonly #refusals: PlainCounter<ErrorCode>;

  constructor(registry: Registry) {
    const registers = [registry];
    shownCounter(
      ['method', 'route', 'status'],
      { name: 'http_requests_total', help: 'Requests that were answered.', registers },
      (show) => {
        for (const { method, route, statuses } of this.#all()) {
          for (const [status, count] of statuses) show({ method, route, status }, count);
        }
      },
    );
    new PlainHistogram(
      {
        name: 'http_request_duration_seconds',
        help: 'From the last byte of the headers to the answer; without long polls and streams.',
        registers,
      },
      DURATIONS,
      () =>
        this.#all().flatMap(({ method, route, durations }) =>
          durations === null ? [] : [[{ method, route }, durations] as const],
        ),
    );
    new PlainHistogram(
      {
        name: 'parley_long_poll_duration_seconds',
        help: 'How long requests waited for news (wait=N).',
        registers,
      },
      WAITS,
      () => [[{}, this.#waits]],
    );
    this.#refusals = new PlainCounter('reason', {
      name: 'parley_refusals_total',
      help: 'Errors that were answered, by their code (see /docs/errors).',
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
    const of = this.#of(method, route);
    of.statuses.set(status, (of.statuses.get(status) ?? 0) + 1);
    const heldAs = noted?.heldAs ?? null;
    if (heldAs === 'long-poll') this.#waits.observe(ms / 1000);
    if (heldAs !== null) return;
    of.durations ??= new Observations(DURATIONS);
    of.durations.observe(ms / 1000);
  }

  /** An error was answered. */
  refused(reason: ErrorCode): void {
    this.#refusals.add(reason);
  }

  #of(method: string, route: string): Route {
    let routes = this.#routes.get(method);
    if (routes === undefined) {
      routes = new Map();
      this.#routes.set(method, routes);
    }
    let of = routes.get(route);
    if (of === undefined) {
      of = { method, route, statuses: new Map(), durations: null };
      routes.set(route, of);
    }
    return of;
  }

  #all(): Route[] {
    return [...this.#routes.values()].flatMap((routes) => [...routes.values()]);
  }
}
