/** What a run finds out. */
import type { LatencySummary } from './load/latencies.js';
import type { Machine } from './machine.js';
import type { Plan } from './plan.js';
import type { PushResults } from './push/push.js';
import type { StreamResults } from './push/streams.js';

export type ServerName = 'parley' | 'fastify' | 'http';

/** With the bare hub, which takes part where lines must be on disk (servers/bare-hub.ts). */
export type AnyServerName = ServerName | 'hub';

export const SERVER_TITLES: Readonly<Record<AnyServerName, string>> = {
  parley: 'Parley',
  fastify: 'bare Fastify',
  http: 'bare node:http',
  hub: 'bare hub, synced',
};

/** One server under one load, once. */
export interface Round {
  /** Answers per second. */
  readonly rate: number;
  /** CPU time of the server's process, all threads: seconds per 1,000 answers. */
  readonly cpuPer1000: number;
  /** CPU time of the load process: seconds per 1,000 answers. */
  readonly loadCpuPer1000: number;
  /** Processors that other programs of the machine took meanwhile, on average: figures need them to be free. */
  readonly others: number;
}

/** One server under one load, all rounds. Rates and CPU are medians of the rounds. */
export interface Measured extends Round {
  readonly rounds: readonly Round[];
  /** Of all rounds together. */
  readonly latency: LatencySummary;
  /** How late the load process itself sent; null where it sends when it is answered. */
  readonly lateness: LatencySummary | null;
}

/** One load on the real server and the bare ones, in turn. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly servers: Readonly<Record<ServerName, Measured>>;
  /** The same of the least that keeps lines as durably; null where it takes no part. */
  readonly hub: Measured | null;
}

/** Bytes per live chat that nobody writes in. */
export interface MemoryPerChat {
  readonly chats: number;
  /** JavaScript heap and buffers of the main thread. */
  readonly held: number;
  /** Resident memory of the whole process. */
  readonly resident: number;
}

export interface Results {
  readonly plan: Plan['name'];
  readonly at: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly scenarios: readonly Scenario[];
  /** Null when it was not measured. */
  readonly memory: MemoryPerChat | null;
  /** Null when it was not measured. */
  readonly push: PushResults | null;
  /** Null when it was not measured. */
  readonly streams: StreamResults | null;
  readonly targets: readonly Target[];
  /** Of the whole run. */
  readonly seconds: number;
}

export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

/** The median; for an even number of values, the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/**
 * How one server compares with another: the median of the rounds' ratios. The rounds are made in
 * turn, so that whatever else the machine does touches both sides of a ratio.
 */
export function ratio(of: Measured, to: Measured, figure: (round: Round) => number): number {
  return median(
    of.rounds.flatMap((round, index) => {
      const other = to.rounds[index];
      return other === undefined ? [] : [figure(round) / figure(other)];
    }),
  );
}
