/**
 * `Tracing` by OpenTelemetry's own packages, over OTLP/HTTP. Loaded only where it is configured: import
 * this file by `import()` alone.
 */
import type { IncomingMessage } from 'node:http';
import {
  type Attributes,
  type Context,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import {
  idsOf,
  readTraceparent,
  recordedAs,
  type SpanPlace,
  writeTraceparent,
} from '../http/correlation.js';
import { notedOf } from '../http/measured.js';
import type { Log } from '../log.js';
import { samplerOf } from './sampler.js';
import type { OpenSpan, PushedBy, Tracing, Woken } from '../http/tracing.js';

/** How long a stop waits for whoever collects the spans, ms. */
const CLOSE_MS = 2_000;
/** How often it is said that spans cannot be delivered, ms. */
const WARN_EVERY_MS = 60_000;

/** @throws StartError when a variable names what there is not */
export function startTracing(log: Log): Tracing {
  const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument } = process.env;
  noteTroubles(log);
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'parley' }))
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES count more.
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new TracerProvider({
    resource,
    sampler: samplerOf(sampler, argument),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  return new OpenTelemetry(provider);
}

const span = Symbol('parley.span');

interface Marked {
  [span]?: Span;
}

class OpenTelemetry implements Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer;

  constructor(provider: TracerProvider) {
    this.#provider = provider;
    this.#tracer = provider.getTracer('parley');
  }

  begin(raw: IncomingMessage): void {
    const sender = readTraceparent(raw.headers['traceparent']);
    const { method = '' } = raw;
    const begun = this.#tracer.startSpan(
      method,
      { kind: SpanKind.SERVER },
      sender === null ? ROOT_CONTEXT : behind(sender),
    );
    recordedAs(raw, placeOf(begun));
    if (begun.isRecording()) (raw as Marked)[span] = begun;
  }

  answered(raw: IncomingMessage, status: number): void {
    const own = (raw as Marked)[span];
    if (own === undefined) return;
    const { method = '' } = raw;
    const route = notedOf(raw)?.operation.url;
    if (route !== undefined) own.updateName(`${method} ${route}`);
    own.setAttributes({
      'http.request.method': method,
      'http.response.status_code': status,
      'parley.request_id': idsOf(raw).requestId,
      ...(route === undefined ? {} : { 'http.route': route }),
    });
    if (status >= 500) own.setStatus({ code: SpanStatusCode.ERROR });
    own.end();
  }

  commit(raw: IncomingMessage, account: string, command: string): OpenSpan | null {
    const own = (raw as Marked)[span];
    if (own === undefined) return null;
    const attributes: Attributes = { 'parley.account': account, 'parley.command': command };
    const parent = trace.setSpan(ROOT_CONTEXT, own);
    const begun = this.#tracer.startSpan(`commit ${command}`, { attributes }, parent);
    return {
      traceparent: writeTraceparent(placeOf(begun)),
      end(failed) {
        if (failed !== undefined) begun.setStatus({ code: SpanStatusCode.ERROR, message: failed });
        begun.end();
      },
    };
  }

  pushed({ cause, at }: Woken, raw: IncomingMessage, by: PushedBy): void {
    const place = readTraceparent(cause);
    if (place === null) return;
    const own = (raw as Marked)[span];
    const route = notedOf(raw)?.operation.url;
    const pushed = this.#tracer.startSpan(
      `push ${by}`,
      {
        kind: SpanKind.PRODUCER,
        startTime: at,
        attributes: route === undefined ? {} : { 'http.route': route },
        // The request that waited is a trace of its own: here the two meet.
        links: own === undefined ? [] : [{ context: own.spanContext() }],
      },
      behind(place),
    );
    pushed.end();
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    // Whoever collects them may be gone: that keeps nobody from stopping.
    await Promise.race([this.#provider.shutdown().catch(() => {}), late]);
    clearTimeout(timer);
  }
}

/** Where spans stand whose parent is in another program, or another part of this one. */
function behind({ traceId, spanId, flags }: SpanPlace): Context {
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function placeOf(begun: Span): SpanPlace {
  const { traceId, spanId, traceFlags } = begun.spanContext();
  const isRecorded = (traceFlags & TraceFlags.SAMPLED) !== 0;
  return { traceId, spanId, flags: isRecorded ? '01' : '00' };
}

/** What OpenTelemetry says of spans that it cannot deliver goes to the log, now and then. */
function noteTroubles(log: Log): void {
  let warnedAt = Number.NEGATIVE_INFINITY;
  const say = () => {
    const now = performance.now();
    if (now - warnedAt < WARN_EVERY_MS) return;
    warnedAt = now;
    // Its own words may hold addresses and headers.
    log.warn(
      { event: 'traces.lost' },
      'spans could not be delivered: look whether OTEL_EXPORTER_OTLP_ENDPOINT is a collector that takes OTLP over HTTP',
    );
  };
  const nothing = () => {};
  const logger = { error: say, warn: say, info: nothing, debug: nothing, verbose: nothing };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
