/** Push: how soon a line reaches the other party by long poll, and what it costs to wait. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LatencySummary, summarise } from '../load/latencies.js';
import type { Plan } from '../plan.js';
import type { MeasuredServer } from '../servers/measured.js';
import { makeAccount, startBareHub, startParley } from '../servers/start.js';
import { Fixture } from '../fixture.js';
import { PushLoad } from './load.js';
import type { PairsResult } from './messages.js';

/** Arrivals are the same in every run. */
const SEED = 20_170_301;

/** One server. */
export interface DeliveryResult {
  /** From when a line was to be sent to the other party's answer with it, ms. */
  readonly delivered: LatencySummary;
  /** To the writer's own answer, ms. */
  readonly acknowledged: LatencySummary;
  /** How late the load process itself sent, ms. */
  readonly lateness: LatencySummary;
  /** CPU time of the server's process, all threads: seconds per 1,000 lines. */
  readonly cpuPer1000: number;
}

/** Bytes of the process's resident memory per request that waits. */
export interface WaiterMemory {
  readonly waiters: number;
  readonly plain: number;
  readonly tls: number;
  /** Of both, what JavaScript holds on the main thread. */
  readonly plainHeld: number;
  readonly tlsHeld: number;
}

export interface PushResults {
  readonly chats: number;
  readonly parley: DeliveryResult;
  /** The bare hub. */
  readonly bare: DeliveryResult;
  readonly memory: WaiterMemory;
}

interface Round {
  readonly result: PairsResult;
  readonly cpu: number;
}

/** @throws Error when an answer is not as expected, or a line is missing. */
export async function measurePush(
  plan: Plan,
  directory: string,
  progress: (message: string) => void,
): Promise<PushResults> {
  const { chats } = plan.push;
  mkdirSync(directory, { recursive: true });
  progress(`push: ${chats} chats × 1 line per second, by long poll`);
  const rounds = await deliver(plan, directory);
  progress(`push: ${plan.push.waiters} requests that wait`);
  const memory = await measureWaiters(plan, join(directory, 'waiters'));
  return { chats, parley: combine(rounds.parley), bare: combine(rounds.bare), memory };
}

async function deliver(
  { agents, push: { chats, repeated, warmUpSeconds } }: Plan,
  directory: string,
): Promise<Readonly<Record<'parley' | 'bare', readonly Round[]>>> {
  const credentials = await makeAccount(join(directory, 'pairs'), agents);
  const parley = await startParley(join(directory, 'pairs'));
  const load = new PushLoad();
  let bare: MeasuredServer | null = null;
  try {
    bare = await startBareHub(directory);
    const fixture = await Fixture.open(parley.port, credentials);
    await fixture.startChats(chats);
    const rounds = { parley: [] as Round[], bare: [] as Round[] };
    const run = async (name: 'parley' | 'bare', server: MeasuredServer, seconds: number) => {
      const before = await server.cpuSeconds();
      const job = { port: server.port, pairs: fixture.pairs(chats), seconds, seed: SEED };
      const result = await load.pairs(job);
      if (name === 'parley') fixture.linesAdded(result.lines);
      return { result, cpu: (await server.cpuSeconds()) - before };
    };
    await run('parley', parley, warmUpSeconds);
    await run('bare', bare, warmUpSeconds);
    for (let round = 0; round < repeated.rounds; round += 1) {
      await fixture.keepAgentsAlive();
      rounds.parley.push(await run('parley', parley, repeated.seconds));
      rounds.bare.push(await run('bare', bare, repeated.seconds));
    }
    await fixture.checkFeeds();
    return rounds;
  } finally {
    load.stop();
    await parley.stop();
    await bare?.stop();
  }
}

function combine(rounds: readonly Round[]): DeliveryResult {
  const of = (part: (result: PairsResult) => Float64Array): LatencySummary => {
    const summary = summarise(rounds.map(({ result }) => part(result)));
    if (summary === null) throw new Error('No line was delivered, so there is nothing to report.');
    return summary;
  };
  const delivered = of((result) => result.delivered);
  const cpu = rounds.reduce((sum, round) => sum + round.cpu, 0);
  return {
    delivered,
    acknowledged: of((result) => result.acknowledged),
    lateness: of((result) => result.lateness),
    cpuPer1000: (cpu * 1000) / delivered.count,
  };
}

async function measureWaiters(
  { agents, push: { waiters } }: Plan,
  directory: string,
): Promise<WaiterMemory> {
  const credentials = await makeAccount(directory, agents);
  const server = await startParley(directory, { tls: true, connections: waiters + 1_000 });
  const load = new PushLoad();
  try {
    const fixture = await Fixture.open(server.port, credentials);
    // Both parties of each wait.
    await fixture.startChats(Math.ceil(waiters / 2));
    const requests = fixture.waits(waiters);
    const measure = async (port: number, tls: boolean) => {
      await fixture.keepAgentsAlive();
      // What is made once is made by then.
      await load.hold({ port, tls, requests: requests.slice(0, Math.ceil(waiters / 20)) });
      await load.release();
      const before = await server.memory();
      await load.hold({ port, tls, requests });
      const after = await server.memory();
      await load.release();
      return {
        resident: (after.resident - before.resident) / waiters,
        held: (after.held - before.held) / waiters,
      };
    };
    const plain = await measure(server.port, false);
    const tls = await measure(server.tlsPort ?? 0, true);
    return {
      waiters,
      plain: plain.resident,
      plainHeld: plain.held,
      tls: tls.resident,
      tlsHeld: tls.held,
    };
  } finally {
    load.stop();
    await server.stop();
  }
}
