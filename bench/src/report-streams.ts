/** What a run found out of streams, written for people. */
import { table, waitersOf, whole } from './report-parts.js';
import type { DeliveryResult } from './push/push.js';
import type { StreamedDelivery, StreamResults } from './push/streams.js';

const TITLES = { 'long-poll': 'long poll', sse: 'SSE', websocket: 'WebSocket' } as const;

export function reportStreams(streams: StreamResults | null): string[] {
  if (streams === null) return [];
  const { deliveries, memory } = streams;
  const latency = [
    "Streams: an agent's line to the visitor's bytes with it, each visitor on a stream of its own, in milliseconds; of chats with a line per second from the planned moment, of busy ones, where each line waits for the one before, from when it was sent. Columns “from sent” leave out what the load process itself was late:",
    '',
    ...table(
      [
        ...['over', 'chats', 'server', 'p50', 'p90', 'p99', 'p99.9', 'max', 'lines', 'per second'],
        ...['p50 from sent', 'p99 from sent', 'CPU s / 1,000', 'load CPU s / 1,000'],
        ...['load late p99', "others' CPUs"],
      ],
      deliveries.flatMap((delivery) => [
        row(delivery, 'Parley', delivery.parley),
        row(delivery, 'bare node:http hub', delivery.bare),
      ]),
    ),
    '',
  ];
  return [...(deliveries.length === 0 ? [] : latency), ...waitersOf('idle stream (SSE)', memory)];
}

function row({ over, pace, chats }: StreamedDelivery, server: string, result: DeliveryResult) {
  const { delivered, carried, lateness, cpuPer1000, loadCpuPer1000, rate, others } = result;
  const { p50, p90, p99, p999, max, count } = delivered;
  return [
    TITLES[over],
    `${whole(chats)} ${pace === 'busy' ? 'busy' : '× 1/s'}`,
    server,
    ...[p50, p90, p99, p999, max].map((value) => value.toFixed(2)),
    ...[whole(count), whole(rate), carried.p50.toFixed(2), carried.p99.toFixed(2)],
    ...[cpuPer1000.toFixed(4), loadCpuPer1000.toFixed(4)],
    lateness === null ? '–' : lateness.p99.toFixed(2),
    others.toFixed(2),
  ];
}
