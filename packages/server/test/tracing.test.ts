/** Spans over OTLP/HTTP to a collector that listens: from a request over its commit to whom it woke. */
import { createRequire } from 'node:module';
import { AccountUnavailable } from '@parley/runtime/accounts/account-unavailable';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readTraceparent } from '../src/http/correlation.js';
import { isTracingConfigured } from '../src/http/tracing.js';
import { Fixture } from './chat-fixture.js';
import { at, type Reply, startTestServer } from './harness.js';
import { OtlpReceiver, type Span, valuesOf } from './otlp-receiver.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const headers = { traceparent: `00-${TRACE}-${PARENT}-01`, 'x-request-id': 'one-of-mine' };

/** Of times in nanoseconds. */
const MS = 1_000_000n;
/** SpanKind of OTLP. */
const SERVER = 2;
const PRODUCER = 4;

const set = new Set<string>();
function setVariables(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    set.add(name);
    process.env[name] = value;
  }
}
afterEach(() => {
  for (const name of set) delete process.env[name];
  set.clear();
});

/** Does something with a server whose spans are collected; gives what came until it had stopped. */
async function collected(
  act: (fixture: Fixture) => Promise<unknown>,
  variables: Readonly<Record<string, string>> = {},
): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start();
  setVariables({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...variables });
  try {
    const fixture = await Fixture.start();
    try {
      await act(fixture);
    } finally {
      await fixture.stop();
    }
  } finally {
    await receiver.stop();
  }
  return receiver;
}

const placeOf = ({ headers: answered }: Reply) => readTraceparent(String(answered['traceparent']));

function only(spans: readonly Span[], name: string): Span {
  const found = spans.filter((span) => span.name === name);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${found.length} of ${name} in ${spans.map((span) => span.name).join(', ')}`);
  }
  return found[0];
}

/** What OpenTelemetry's packages the process has loaded. */
function loaded(): readonly string[] {
  const { cache } = createRequire(import.meta.url);
  return Object.keys(cache).filter((file) => /@opentelemetry\/(?:sdk|exporter|otlp)/.test(file));
}

// The first of the file: what was loaded once stays.
it('[TRACE1] where nobody collects them nothing is recorded, and nothing of it is loaded', async () => {
  const fixture = await Fixture.start();
  try {
    expect(fixture.server.running.server.tracing).toBeNull();
    const visitor = await fixture.visitor();
    const place = placeOf(await visitor.call('GET', '', { headers }));
    expect(place).toMatchObject({ traceId: TRACE, flags: '00' });
    expect(loaded()).toEqual([]);
  } finally {
    await fixture.stop();
  }
});

describe('a trace', () => {
  it('[TRACE2] goes from the request over the commit to who waited for it', async () => {
    let said: Reply | undefined;
    let waited: Reply | undefined;
    const { spans, resource } = await collected(async (fixture) => {
      const { visitor, chat } = await fixture.chat({ visitorName: 'Vera' });
      const from = (await chat.events()).length;
      const waiting = chat.get(`/events?from=${from}&wait=60`);
      while (fixture.server.running.server.polls.count === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const event = { '@type': 'line', text: 'a secret of mine' };
      said = await visitor.call('POST', '/events', { body: { event }, headers });
      waited = await waiting;
    });
    expect(loaded()).not.toEqual([]);
    expect(resource).toMatchObject({ 'service.name': 'parley' });

    const ours = spans.filter(({ traceId }) => traceId === TRACE);
    expect(ours).toHaveLength(3);
    const request = only(ours, 'POST /api/account/:account/chat/:chat/events');
    expect([request.kind, request.parentSpanId]).toEqual([SERVER, PARENT]);
    expect(valuesOf(request.attributes)).toEqual({
      'http.request.method': 'POST',
      'http.route': '/api/account/:account/chat/:chat/events',
      'http.response.status_code': 201,
      'parley.request_id': 'one-of-mine',
    });
    expect(said === undefined ? null : placeOf(said)).toEqual({
      ...{ traceId: TRACE, spanId: request.spanId, flags: '01' },
    });

    const commit = only(ours, 'commit chat.addLine');
    expect(commit.parentSpanId).toBe(request.spanId);
    expect(valuesOf(commit.attributes)).toEqual({
      ...{ 'parley.account': '12345678', 'parley.command': 'chat.addLine' },
    });

    const push = only(ours, 'push long-poll');
    expect([push.kind, push.parentSpanId]).toEqual([PRODUCER, commit.spanId]);
    const poll = spans.find(({ spanId }) => spanId === (waited && placeOf(waited)?.spanId));
    expect(poll?.name).toBe('GET /api/account/:account/agentSession/:session/chat/:chat/events');
    expect(push.links).toMatchObject([{ traceId: poll?.traceId, spanId: poll?.spanId }]);

    const begins = (span: Span) => BigInt(span.startTimeUnixNano);
    const ends = (span: Span) => BigInt(span.endTimeUnixNano);
    // Spans begin at whole milliseconds of the clock.
    const [first, second] = [begins(request) - MS, ends(request) + MS];
    expect(begins(commit) >= first && ends(commit) <= second).toBe(true);
    expect(begins(push) >= begins(commit) && ends(push) >= begins(push) - MS).toBe(true);
  });

  it('[TRACE3] identifies nobody: neither names and texts, nor ids, addresses and credentials', async () => {
    const secrets: string[] = [];
    const { bodies, spans } = await collected(async (fixture) => {
      const { agent, chat, visitor } = await fixture.chat({ visitorName: 'Xanadu7731' });
      await visitor.line('Xanadu7731');
      await chat.line('Xanadu7731');
      const body = { username: 'Xanadu7731', password: 'Xanadu7731' };
      await fixture.server.call('POST', '/login', { body });
      await fixture.visit('GET', '/Xanadu7731?Xanadu7731=Xanadu7731');
      secrets.push(agent.login.bearer, visitor.id, '127.0.0.1', 'Xanadu7731', 'Anna');
    });
    expect(spans.length).toBeGreaterThan(8);
    const all = bodies.join('\n');
    for (const secret of secrets) expect(all).not.toContain(secret);
  });

  it('[TRACE4] an error of the server, and a refused command, are marked', async () => {
    const { spans } = await collected(async (fixture) => {
      const agent = await fixture.agent();
      expect((await agent.post('/incomingRequests', {})).status).toBe(404);
      const { accounts } = fixture.server.running.server;
      vi.spyOn(accounts, 'loaded').mockReturnValue(undefined);
      vi.spyOn(accounts, 'get').mockRejectedValue(new AccountUnavailable('12345678'));
      expect((await agent.get('/availableAgents')).status).toBe(503);
      vi.restoreAllMocks();
    });
    const refused = spans.find(({ name }) => name.startsWith('commit') && name.includes('accept'));
    expect(refused?.status).toEqual({ code: 2, message: 'CommandRejected' });
    const marked = (end: string) => spans.find(({ name }) => name.endsWith(end))?.status.code ?? 0;
    expect([marked('/availableAgents'), marked('/incomingRequests')]).toEqual([2, 0]);
  });

  it('[TRACE5] is recorded as OpenTelemetry’s variables say', async () => {
    let place: ReturnType<typeof placeOf> = null;
    const off = await collected(
      async (fixture) => {
        place = placeOf(await fixture.visit('GET', '/chat/availability', { headers }));
      },
      { OTEL_TRACES_SAMPLER: 'always_off' },
    );
    expect([off.spans.length, at(place, 'flags'), at(place, 'traceId')]).toEqual([0, '00', TRACE]);
    const named = await collected(
      (fixture) => fixture.visit('GET', '/chat/availability', { headers }),
      {
        OTEL_SERVICE_NAME: 'chat-eu',
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=of-the-collector',
        OTEL_TRACES_SAMPLER: 'traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '1',
      },
    );
    expect(named.resource).toMatchObject({ 'service.name': 'chat-eu' });
    expect(named.headers[0]).toMatchObject({ 'x-key': 'of-the-collector' });
    // Who collects, health and metrics are asked all the time.
    expect(named.spans.map(({ name }) => name)).toEqual([
      'GET /api/account/:account/chat/availability',
    ]);
  });

  it.each([
    [{ OTEL_TRACES_SAMPLER: 'now_and_then' }, 'OTEL_TRACES_SAMPLER=now_and_then is no sampler'],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '7' },
      'OTEL_TRACES_SAMPLER_ARG=7 is no part',
    ],
  ])(
    '[TRACE5] what OpenTelemetry does not have is refused at the start: %j',
    async (wrong, why) => {
      setVariables({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', ...wrong });
      await expect(startTestServer()).rejects.toThrow(why);
    },
  );

  it('[TRACE6] a collector that is not there slows nothing down and keeps nobody from stopping', async () => {
    const gone = await OtlpReceiver.start();
    await gone.stop();
    setVariables({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    const server = await startTestServer();
    for (let n = 0; n < 20; n += 1) {
      const reply = await server.call('GET', '/chat/availability', { headers });
      expect(reply.status).toBe(401);
    }
    const before = performance.now();
    await server.stop();
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/v1/traces' }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_SDK_DISABLED: 'TRUE' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_TRACES_EXPORTER: 'none' }, false],
  ])('[TRACE1] variables that name a collector: %j', (variables, isConfigured) => {
    expect(isTracingConfigured(variables)).toBe(isConfigured);
  });
});
