/**
 * Spans of what the server does, for OpenTelemetry: where nobody collects them there is no `Tracing`, and
 * nothing of it is loaded. A trace goes from the request over the commit of what it changed to the answers
 * of those who waited for that; between the parts of the server it travels as a `traceparent`.
 */
import type { IncomingMessage } from 'node:http';

/** A step that has begun. */
export interface OpenSpan {
  /** The place that later steps follow; what they are given instead of the span. */
  readonly traceparent: string;
  /** @param failed why, in a word of the sources; absent when all went well */
  end(failed?: string): void;
}

/** What woke somebody who waits: the commit that did, and when. */
export interface Woken {
  /** The place in the trace of whoever caused it. */
  readonly cause: string;
  /** Epoch ms, with fractions. */
  readonly at: number;
}

/** Somebody who waits is woken at this moment. @param cause of the batch that does */
export function wokenNow(cause: string): Woken {
  return { cause, at: performance.timeOrigin + performance.now() };
}

/** How something reached who waited for it. */
export type PushedBy = 'long-poll' | 'stream';

export interface Tracing {
  /** A request came; from now on its `spanOf` is the recorded span, if it is recorded. */
  begin(raw: IncomingMessage): void;
  /** It was answered. */
  answered(raw: IncomingMessage, status: number): void;
  /** A command of the request is given to its account; null when the request is not recorded. */
  commit(raw: IncomingMessage, account: string, command: string): OpenSpan | null;
  /** A commit woke somebody who waited. @param raw their own request */
  pushed(woken: Woken, raw: IncomingMessage, by: PushedBy): void;
  /** Sends what is left, for a bounded time. */
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether OpenTelemetry's variables name somebody who collects spans. */
export function isTracingConfigured(environment: Environment): boolean {
  const { OTEL_SDK_DISABLED: disabled, OTEL_TRACES_EXPORTER: exporter = 'otlp' } = environment;
  if (disabled?.toLowerCase() === 'true' || exporter === 'none') return false;
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } =
    environment;
  return Boolean(traces ?? all);
}
