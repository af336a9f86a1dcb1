/** A run, written for people. */
import type { LatencySummary } from './load/latencies.js';
import type { Delivered, DeliveryResult, PushResults } from './push/push.js';
import { kib, ms, table, waitersOf, whole } from './report-parts.js';
import { reportStreams } from './report-streams.js';
import {
  type AnyServerName,
  type Measured,
  type MemoryPerChat,
  ratio,
  type Results,
  type Scenario,
  SERVER_TITLES,
  type ServerName,
} from './results.js';

const NAMES: readonly ServerName[] = ['parley', 'fastify', 'http'];

/** The report as Markdown. */
export function report(results: Results): string {
  const { machine } = results;
  const sync =
    machine.sync === null
      ? ''
      : ` 4 KiB written and synced in ${ms(machine.sync.p50)} (p50), ${ms(machine.sync.p99)} (p99).`;
  return [
    `# Parley bench, ${results.plan} run`,
    '',
    `${results.at}, commit ${results.commit}, ${Math.round(results.seconds)} s.`,
    `${machine.cores} cores (${machine.cpu}), ${machine.memory} GiB, ${machine.system}, Node ${machine.node}.${sync}`,
    '',
    ...loadsOf(results.scenarios),
    ...latenessOf(results.scenarios),
    ...memoryOf(results.memory),
    ...pushOf(results.push),
    ...reportStreams(results.streams),
    ...table(
      ['target', 'wanted', 'measured', ''],
      results.targets.map(({ what, wanted, measured, met }) => [
        what,
        wanted,
        measured,
        met ? 'met' : 'MISSED',
      ]),
    ),
    '',
  ].join('\n');
}

/** The tables of polls and lines; nothing when none were measured. */
function loadsOf(scenarios: readonly Scenario[]): string[] {
  if (scenarios.length === 0) return [];
  return [
    ...table(
      [
        'load',
        'server',
        'per second',
        'CPU s / 1,000',
        '× Fastify, per CPU s',
        'load CPU s / 1,000',
        "others' CPUs",
      ],
      scenarios.flatMap((scenario) =>
        measuredIn(scenario).map(([name, measured]) => throughputRow(scenario, name, measured)),
      ),
    ),
    '',
    'Latency in milliseconds:',
    '',
    ...table(
      ['load', 'server', 'p50', 'p90', 'p99', 'p99.9', 'max', 'answers'],
      scenarios.flatMap((scenario) =>
        measuredIn(scenario).map(([name, measured]) => latencyRow(scenario, name, measured)),
      ),
    ),
    '',
  ];
}

/** Who was measured under a load, in the order of the tables. */
function measuredIn({ servers, hub }: Scenario): (readonly [AnyServerName, Measured])[] {
  const all = NAMES.map((name) => [name, servers[name]] as const);
  return hub === null ? all : [...all, ['hub', hub]];
}

function throughputRow(
  { title, servers }: Scenario,
  name: AnyServerName,
  server: Measured,
): string[] {
  const share = 1 / ratio(server, servers.fastify, (round) => round.cpuPer1000);
  return [
    title,
    SERVER_TITLES[name],
    whole(server.rate),
    server.cpuPer1000.toFixed(4),
    share.toFixed(2),
    server.loadCpuPer1000.toFixed(4),
    server.others.toFixed(2),
  ];
}

function latencyRow({ title }: Scenario, name: AnyServerName, { latency }: Measured): string[] {
  const { p50, p90, p99, p999, max, count } = latency;
  const figures = [p50, p90, p99, p999, max].map((value) => value.toFixed(2));
  return [title, SERVER_TITLES[name], ...figures, whole(count)];
}

/** How far the load process itself was behind its plan, which the latencies include. */
function latenessOf(scenarios: readonly Scenario[]): string[] {
  return scenarios.flatMap(({ title, servers }) => {
    const lateness: LatencySummary | null = servers.parley.lateness;
    if (lateness === null) return [];
    const { p50, p99, max } = lateness;
    return [
      `${title}: the load process itself sent ${ms(p50)} (p50), ${ms(p99)} (p99), ${ms(max)} (max) after the planned moment; the latencies count from the plan and include that.`,
      '',
    ];
  });
}

function memoryOf(memory: MemoryPerChat | null): string[] {
  if (memory === null) return [];
  const { chats, held, resident } = memory;
  return [
    `Memory per idle live chat, over ${whole(chats)} chats: ${kib(held)} held by JavaScript after a collection, ${kib(resident)} of the process's resident memory.`,
    '',
  ];
}

function pushOf(push: PushResults | null): string[] {
  if (push === null) return [];
  const { delivered, memory } = push;
  return [
    ...(delivered === null ? [] : longPollsOf(push.chats, delivered)),
    ...waitersOf('request that waits', memory),
  ];
}

function longPollsOf(chats: number, { parley, bare }: Delivered): string[] {
  const rows = [
    ['Parley', parley],
    ['bare node:http hub', bare],
  ] as const;
  return [
    `Push: a line to the other party's answer by long poll, ${whole(chats)} chats × 1/s, in milliseconds from the planned moment:`,
    '',
    ...table(
      [
        'server',
        'what',
        'p50',
        'p90',
        'p99',
        'p99.9',
        'max',
        'lines',
        'CPU s / 1,000',
        "others' CPUs",
      ],
      rows.flatMap(([name, { delivered, carried, acknowledged, cpuPer1000, others }]) =>
        (
          [
            ['the other party has it', delivered],
            ['the same, from when it was sent', carried],
            ['its writer is answered', acknowledged],
          ] as const
        ).map(([what, { p50, p90, p99, p999, max, count }]) => [
          name,
          what,
          ...[p50, p90, p99, p999, max].map((value) => value.toFixed(2)),
          whole(count),
          cpuPer1000.toFixed(4),
          others.toFixed(2),
        ]),
      ),
    ),
    '',
    `The load process itself sent ${latenessOn(parley)} after the planned moment to Parley, ${latenessOn(bare)} to the bare hub; the latencies include that. It took ${parley.loadCpuPer1000.toFixed(4)} and ${bare.loadCpuPer1000.toFixed(4)} CPU seconds per 1,000 lines.`,
    '',
  ];
}

function latenessOn({ lateness }: DeliveryResult): string {
  return lateness === null ? 'at once' : `${ms(lateness.p50)} (p50), ${ms(lateness.p99)} (p99)`;
}
