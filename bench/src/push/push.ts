/** Push: how soon a line reaches the other party by long poll, and what it costs to wait. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LatencySummary, summarise } from '../load/latencies.js';
import { watchOthers } from '../machine.js';
import type { Plan, Repeated } from '../plan.js';
import type { Selection } from '../selection.js';
import type { MeasuredServer } from '../servers/measured.js';
import { makeAccount, startBareHub, startParley } from '../servers/start.js';
import { Fixture } from '../fixture.js';
import { PushLoad } from './load.js';
import type { Over, PairsResult } from './messages.js';

/** Arrivals are the same in every run. */
const SEED = 20_170_301;

/** One server. */
export interface DeliveryResult {
  /** From when a line was to be sent to the other party's answer with it, ms. */
  readonly delivered: LatencySummary;
  /** From when it was sent, ms: without what the load process was late. */
  readonly carried: LatencySummary;
  /** From when it was to be sent to the writer's own answer, ms. */
  readonly acknowledged: LatencySummary;
  /** How late the load process itself sent, ms; null where it sends when it has what it sent before. */
  readonly lateness: LatencySummary | null;
  /** CPU time of the server's process, all threads: seconds per 1,000 lines. */
  readonly cpuPer1000: number;
  /** The same of the load process. */
  readonly loadCpuPer1000: number;
  /** Lines delivered per second. */
  readonly rate: number;
  /** Processors that other programs of the machine took meanwhile, on average. */
  readonly others: number;
}

/** Per request that waits, bytes. */
export interface BytesPerWaiter {
  /** Of the process's resident memory. */
  readonly resident: number;
  /** What JavaScript holds on the main thread. */
  readonly held: number;
}

/** Null for what was not measured. */
export interface WaiterMemory {
  readonly waiters: number;
  readonly plain: BytesPerWaiter | null;
  readonly tls: BytesPerWaiter | null;
}

/** Null for what was not measured. */
export interface PushResults {
  readonly chats: number;
  readonly delivered: Delivered | null;
  readonly memory: WaiterMemory | null;
}

interface Round {
  readonly result: PairsResult;
  readonly cpu: number;
  readonly others: number;
}

/**
 * @returns null when nothing of it is wanted
 * @throws Error when an answer is not as expected, or a line is missing.
 */
export async function measurePush(
  { agents, push }: Plan,
  selection: Selection,
  directory: string,
  progress: (message: string) => void,
): Promise<PushResults | null> {
  const { chats, waiters } = push;
  mkdirSync(directory, { recursive: true });
  const delivery = { ...push, over: 'long-poll', pace: 'every-second' } as const;
  const wanted = selection.has('push-lines') ? [delivery] : [];
  const [delivered = null] = await deliver(wanted, agents, directory, progress);
  const held = { agents, waiters, begins: 'silent' } as const;
  const over = {
    plain: selection.has('push-waiters-plain'),
    tls: selection.has('push-waiters-tls'),
  };
  const memory = await measureWaiters(held, over, join(directory, 'waiters'), progress);
  return delivered === null && memory === null ? null : { chats, delivered, memory };
}

/** What is delivered: in so many chats, how, and how fast. */
export interface Delivery {
  readonly chats: number;
  readonly over: Over;
  readonly pace: 'every-second' | 'busy';
  readonly repeated: Repeated;
  /** 0: what was measured before made the servers warm. */
  readonly warmUpSeconds: number;
}

/** One delivery on the real server and the bare hub. */
export interface Delivered {
  readonly parley: DeliveryResult;
  readonly bare: DeliveryResult;
}

/**
 * Measures each on the real server and the bare hub in turns, round after round.
 * @throws Error when an answer is not as expected, or a line is missing.
 */
export async function deliver(
  deliveries: readonly Delivery[],
  agents: number,
  directory: string,
  progress: (message: string) => void,
): Promise<readonly Delivered[]> {
  if (deliveries.length === 0) return [];
  const credentials = await makeAccount(join(directory, 'pairs'), agents);
  const parley = await startParley(join(directory, 'pairs'));
  const load = new PushLoad();
  let bare: MeasuredServer | null = null;
  try {
    bare = await startBareHub(directory);
    const fixture = await Fixture.open(parley.port, credentials);
    await fixture.startChats(Math.max(...deliveries.map(({ chats }) => chats)));
    const found: Delivered[] = [];
    for (const delivery of deliveries) {
      const { chats, over, pace } = delivery;
      progress(`push: ${chats} chats, ${pace}, ${over}`);
      found.push(await deliverOne(delivery, { parley, bare, load, fixture }));
    }
    await fixture.checkFeeds();
    return found;
  } finally {
    load.stop();
    await parley.stop();
    await bare?.stop();
  }
}

interface Servers {
  readonly parley: MeasuredServer;
  readonly bare: MeasuredServer;
  readonly load: PushLoad;
  readonly fixture: Fixture;
}

async function deliverOne(
  { chats, over, pace, repeated, warmUpSeconds }: Delivery,
  { parley, bare, load, fixture }: Servers,
): Promise<Delivered> {
  const run = async (server: MeasuredServer, seconds: number): Promise<Round> => {
    const before = await server.cpuSeconds();
    const others = watchOthers();
    const pairs = over === 'long-poll' ? fixture.pairs(chats) : fixture.streamedPairs(chats);
    const job = { port: server.port, pairs, over, pace, seconds, seed: SEED };
    const result = await load.pairs(job);
    if (server === parley) fixture.linesAdded(result.lines);
    const cpu = (await server.cpuSeconds()) - before;
    return { result, cpu, others: others(cpu + result.loadCpu) };
  };
  if (warmUpSeconds > 0) {
    await run(parley, warmUpSeconds);
    await run(bare, warmUpSeconds);
  }
  const rounds = { parley: [] as Round[], bare: [] as Round[] };
  for (let round = 0; round < repeated.rounds; round += 1) {
    await fixture.keepAgentsAlive();
    rounds.parley.push(await run(parley, repeated.seconds));
    rounds.bare.push(await run(bare, repeated.seconds));
  }
  return { parley: combine(rounds.parley), bare: combine(rounds.bare) };
}

/** All rounds of one server together. */
function combine(rounds: readonly Round[]): DeliveryResult {
  const of = (part: (result: PairsResult) => Float64Array): LatencySummary => {
    const summary = summarise(rounds.map(({ result }) => part(result)));
    if (summary === null) throw new Error('No line was delivered, so there is nothing to report.');
    return summary;
  };
  const delivered = of((result) => result.delivered);
  const sum = (part: (round: Round) => number) =>
    rounds.reduce((all, round) => all + part(round), 0);
  const cpu = sum((round) => round.cpu);
  return {
    delivered,
    carried: of((result) => result.carried),
    acknowledged: of((result) => result.acknowledged),
    lateness: summarise(rounds.map(({ result }) => result.lateness)),
    cpuPer1000: (cpu * 1000) / delivered.count,
    loadCpuPer1000: (sum(({ result }) => result.loadCpu) * 1000) / delivered.count,
    rate: delivered.count / sum(({ result }) => result.seconds),
    others: sum((round) => round.others) / rounds.length,
  };
}

/** What is held: requests that wait, or streams in which nothing happens. */
export interface Holding {
  readonly agents: number;
  readonly waiters: number;
  readonly begins: 'silent' | 'with-frame';
}

/**
 * @param over what it is measured over
 * @returns null when that is nothing
 * @throws Error when what should wait is answered, or a stream does not begin.
 */
export async function measureWaiters(
  { agents, waiters, begins }: Holding,
  over: { readonly plain: boolean; readonly tls: boolean },
  directory: string,
  progress: (message: string) => void,
): Promise<WaiterMemory | null> {
  if (!over.plain && !over.tls) return null;
  const credentials = await makeAccount(directory, agents);
  const server = await startParley(directory, { tls: true, connections: waiters + 1_000 });
  const load = new PushLoad();
  try {
    const fixture = await Fixture.open(server.port, credentials);
    // Both parties of each wait.
    await fixture.startChats(Math.ceil(waiters / 2));
    const requests = begins === 'silent' ? fixture.waits(waiters) : fixture.streams(waiters);
    const measure = async (port: number, tls: boolean): Promise<BytesPerWaiter> => {
      const kind = begins === 'silent' ? 'requests that wait' : 'streams in which nothing happens';
      progress(`push: ${waiters} ${kind}, ${tls ? 'over TLS' : 'over plain HTTP'}`);
      await fixture.keepAgentsAlive();
      // What is made once is made by then.
      await load.hold({ port, tls, begins, requests: requests.slice(0, Math.ceil(waiters / 20)) });
      await load.release();
      const before = await server.memory();
      await load.hold({ port, tls, begins, requests });
      const after = await server.memory();
      await load.release();
      return {
        resident: (after.resident - before.resident) / waiters,
        held: (after.held - before.held) / waiters,
      };
    };
    const plain = over.plain ? await measure(server.port, false) : null;
    const tls = over.tls ? await measure(server.tlsPort ?? 0, true) : null;
    return { waiters, plain, tls };
  } finally {
    load.stop();
    await server.stop();
  }
}
