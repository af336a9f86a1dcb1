/** What Parley sets itself to reach (docs/benchmarks.md, "Targets"). */
import type { Delivered, PushResults, WaiterMemory } from './push/push.js';
import type { StreamResults } from './push/streams.js';
import { type MemoryPerChat, ratio, type Scenario, type Target } from './results.js';

const IDLE_POLL_SHARE = 0.6;
const LINES_PER_SECOND = 5_000;
const LINES_AT = 'lines-500';
const STEADY = 'steady-1000';
const STEADY_P50_MS = 3;
/** How many times that of the bare Fastify server, which keeps nothing, in the same run. */
const STEADY_P99_TIMES = 2;
const BYTES_PER_CHAT = 12 * 1024;
/** Over fewer chats the rest of the process is most of what is seen. */
const LEAST_CHATS = 1_000;

const PUSH_P50_MS = 3;
const STREAM_P50_MS = 2;
const DELIVERIES_PER_SECOND = 5_000;
/** How many times the bare hub's. */
const PUSH_P99_TIMES = 3;
const BYTES_PER_WAITER = 15 * 1024;

/** The same of push. */
export function judgePush(push: PushResults | null): Target[] {
  if (push === null) return [];
  const { chats, delivered, memory } = push;
  return [
    ...(delivered === null ? [] : [judgeLongPolls(chats, delivered)]),
    ...judgeWaiters('a request that waits', memory),
  ];
}

function judgeLongPolls(chats: number, delivered: Delivered): Target {
  return judgeDelivery('by long poll', chats, delivered, PUSH_P50_MS);
}

/**
 * What is wanted counts from the moment a line is stored. That cannot be seen from outside, so the median
 * counts from when it was sent, which is before. The 99th percentiles count from when it was to be sent, as
 * late as the load process may have been on either server.
 */
function judgeDelivery(
  by: string,
  chats: number,
  { parley, bare }: Delivered,
  wantedP50: number,
): Target {
  const { p50, p99 } = parley.delivered;
  const times = p99 / bare.delivered.p99;
  const sent = parley.carried.p50;
  return {
    what: `A line to the other party's bytes ${by}, ${chats.toLocaleString('en')} chats × 1/s`,
    wanted: `p50 ≤ ${wantedP50} ms, p99 ≤ ${PUSH_P99_TIMES} × the bare hub's`,
    measured: `p50 ${sent.toFixed(2)} ms (${p50.toFixed(2)} ms from the planned moment), p99 ${p99.toFixed(2)} ms: ${times.toFixed(2)} ×`,
    met: sent <= wantedP50 && times <= PUSH_P99_TIMES,
  };
}

/** Over TLS there is no target: it is measured beside. */
function judgeWaiters(what: string, memory: WaiterMemory | null): Target[] {
  if (memory === null || memory.plain === null || memory.waiters < LEAST_CHATS) return [];
  const { waiters, plain, tls } = memory;
  const overTls = tls === null ? '' : `; over TLS ${kib(tls.resident)}`;
  return [
    {
      what: `Memory of ${what}, ${waiters.toLocaleString('en')} of them`,
      wanted: `≤ ${kib(BYTES_PER_WAITER)} resident over plain HTTP`,
      measured: `${kib(plain.resident)}${overTls}`,
      met: plain.resident <= BYTES_PER_WAITER,
    },
  ];
}

/** The same of streams. */
export function judgeStreams(streams: StreamResults | null): Target[] {
  if (streams === null) return [];
  const deliveries = streams.deliveries.map(({ over, pace, chats, parley, bare }): Target => {
    const by = over === 'sse' ? 'SSE' : 'WebSocket';
    if (pace === 'busy') {
      return {
        what: `Durable deliveries per second over ${by}, ${chats} busy pairs`,
        wanted: `≥ ${DELIVERIES_PER_SECOND.toLocaleString('en')}`,
        measured: Math.round(parley.rate).toLocaleString('en'),
        met: parley.rate >= DELIVERIES_PER_SECOND,
      };
    }
    return judgeDelivery(`over ${by}`, chats, { parley, bare }, STREAM_P50_MS);
  });
  return [...deliveries, ...judgeWaiters('an idle stream', streams.memory)];
}

/** How a run stands to the targets; those whose load was not part of it are left out. */
export function judge(scenarios: readonly Scenario[], memory: MemoryPerChat | null): Target[] {
  const targets = scenarios.flatMap(judgeScenario);
  return memory === null || memory.chats < LEAST_CHATS
    ? targets
    : [...targets, judgeMemory(memory)];
}

function judgeMemory({ held, resident }: MemoryPerChat): Target {
  return {
    what: 'Memory of an idle live chat',
    wanted: `≤ ${kib(BYTES_PER_CHAT)}`,
    measured: `${kib(held)} held by JavaScript, ${kib(resident)} resident`,
    met: held <= BYTES_PER_CHAT && resident <= BYTES_PER_CHAT,
  };
}

function judgeScenario({ id, servers: { parley, fastify }, hub }: Scenario): Target[] {
  switch (id) {
    case 'idle-next': {
      const share = 1 / ratio(parley, fastify, (round) => round.cpuPer1000);
      return [
        {
          what: 'Idle polls per CPU second, against bare Fastify',
          wanted: `≥ ${percent(IDLE_POLL_SHARE)}`,
          measured: percent(share),
          met: share >= IDLE_POLL_SHARE,
        },
      ];
    }
    case LINES_AT:
      return [
        {
          what: 'Durable lines per second, 500 busy chats',
          wanted: `≥ ${LINES_PER_SECOND.toLocaleString('en')}`,
          measured: Math.round(parley.rate).toLocaleString('en'),
          met: parley.rate >= LINES_PER_SECOND,
        },
      ];
    case STEADY: {
      const { p50, p99 } = parley.latency;
      const times = p99 / fastify.latency.p99;
      const ofHub =
        hub === null ? '' : `; ${(p99 / hub.latency.p99).toFixed(2)} × that of the bare hub`;
      return [
        {
          what: '1,000 chats with one line per second each',
          wanted: `p50 ≤ ${STEADY_P50_MS} ms, p99 ≤ ${STEADY_P99_TIMES} × bare Fastify's`,
          measured: `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms: ${times.toFixed(2)} ×${ofHub}`,
          met: p50 <= STEADY_P50_MS && times <= STEADY_P99_TIMES,
        },
      ];
    }
    default:
      return [];
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}
