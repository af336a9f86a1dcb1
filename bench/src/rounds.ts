/** The same load on several servers in turn, so that the machine's moods touch all alike. */
import type { LoadGenerator } from './load/generator.js';
import { summarise } from './load/latencies.js';
import { watchOthers } from './machine.js';
import type { Arrivals, Job, JobResult } from './load/messages.js';
import type { Repeated } from './plan.js';
import { type AnyServerName, type Measured, median, type Round, type Scenario } from './results.js';
import type { MeasuredServer } from './servers/measured.js';
import type { ThreadProfile } from './servers/probe-messages.js';

export type Servers = Readonly<Record<AnyServerName, MeasuredServer>>;

/** A load, before it is put on anything. */
export interface Load {
  readonly id: string;
  readonly title: string;
  /** Made anew for every round: what there is to ask for moves on. */
  readonly requests: () => readonly string[];
  readonly expect: number;
  readonly arrivals: Arrivals;
  readonly repeated: Repeated;
  /** Whether the bare hub is measured beside the others. */
  readonly hub: boolean;
  /** Called with what the real server answered, by client. */
  readonly onAnswered?: (answered: readonly number[]) => void;
}

interface Taken {
  readonly round: Round;
  readonly result: JobResult;
}

const ALL = ['parley', 'fastify', 'http'] as const;

/** Each round another one is the first. */
function orderOf(names: readonly AnyServerName[], round: number): readonly AnyServerName[] {
  const first = round % names.length;
  return [...names.slice(first), ...names.slice(0, first)];
}

/** Puts a load on every server, round after round, each time in another order. */
export async function runRounds(
  generator: LoadGenerator,
  servers: Servers,
  load: Load,
): Promise<Scenario> {
  const names: readonly AnyServerName[] = load.hub ? [...ALL, 'hub'] : ALL;
  const taken: Record<AnyServerName, Taken[]> = { parley: [], fastify: [], http: [], hub: [] };
  for (let round = 0; round < load.repeated.rounds; round += 1) {
    for (const name of orderOf(names, round)) {
      taken[name].push(await runOnce(generator, servers[name], load, load.repeated.seconds));
      if (name === 'parley') load.onAnswered?.(taken.parley.at(-1)?.result.answered ?? []);
    }
  }
  return {
    id: load.id,
    title: load.title,
    servers: {
      parley: combine(taken.parley),
      fastify: combine(taken.fastify),
      http: combine(taken.http),
    },
    hub: load.hub ? combine(taken.hub) : null,
  };
}

/** Puts a load on every server once, for nothing but to have them warm. */
export async function warmUp(
  generator: LoadGenerator,
  servers: Servers,
  load: Load,
  seconds: number,
): Promise<void> {
  for (const name of load.expect === 201 ? ([...ALL, 'hub'] as const) : ALL) {
    const { result } = await runOnce(generator, servers[name], load, seconds);
    if (name === 'parley') load.onAnswered?.(result.answered);
  }
}

/**
 * Puts a load on the real server once more and notes what it does meanwhile. Being watched costs it
 * time, so this is never part of the figures.
 */
export async function profileOf(
  generator: LoadGenerator,
  { parley }: Servers,
  load: Load,
  seconds: number,
): Promise<Profiled> {
  await parley.startProfile();
  const { result } = await runOnce(generator, parley, load, seconds);
  load.onAnswered?.(result.answered);
  const threads = await parley.stopProfile();
  return { title: load.title, answers: result.latencies.length, threads };
}

/** What the threads of the real server did under a load. */
export interface Profiled {
  readonly title: string;
  readonly answers: number;
  readonly threads: readonly ThreadProfile[];
}

async function runOnce(
  generator: LoadGenerator,
  server: MeasuredServer,
  load: Load,
  seconds: number,
): Promise<Taken> {
  let before = 0;
  let others = (_measured: number) => 0;
  const job: Job = {
    port: server.port,
    requests: load.requests(),
    expect: load.expect,
    seconds,
    arrivals: load.arrivals,
  };
  const result = await generator.run(job, async () => {
    before = await server.cpuSeconds();
    others = watchOthers();
  });
  const used = (await server.cpuSeconds()) - before;
  const answers = result.latencies.length;
  return {
    result,
    round: {
      rate: result.rate,
      cpuPer1000: (used * 1000) / answers,
      loadCpuPer1000: (result.cpuSeconds * 1000) / answers,
      others: others(used + result.cpuSeconds),
    },
  };
}

function combine(taken: readonly Taken[]): Measured {
  const rounds = taken.map(({ round }) => round);
  const latency = summarise(taken.map(({ result }) => result.latencies));
  if (latency === null) throw new Error('Nothing was answered, so there is nothing to report.');
  return {
    rounds,
    rate: median(rounds.map(({ rate }) => rate)),
    cpuPer1000: median(rounds.map(({ cpuPer1000 }) => cpuPer1000)),
    loadCpuPer1000: median(rounds.map(({ loadCpuPer1000 }) => loadCpuPer1000)),
    others: median(rounds.map((round) => round.others)),
    latency,
    lateness: summarise(taken.map(({ result }) => result.lateness)),
  };
}
