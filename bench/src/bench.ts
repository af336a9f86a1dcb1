/** The whole run: servers up, loads on, figures out. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LoadGenerator } from './load/generator.js';
import { describeMachine } from './machine.js';
import type { Plan } from './plan.js';
import type { MemoryPerChat, Results, Scenario } from './results.js';
import { loadsOf, sampleAnswers, warmUpLoads } from './loads.js';
import { type Profiled, profileOf, runRounds, type Servers, warmUp } from './rounds.js';
import { Selection } from './selection.js';
import type { MeasuredServer } from './servers/measured.js';
import { makeAccount, startBare, startBareHub, startParley } from './servers/start.js';
import { measurePush } from './push/push.js';
import { measureStreams } from './push/streams.js';
import { judge, judgePush, judgeStreams } from './targets.js';
import { Fixture } from './fixture.js';

export interface RunOptions {
  readonly plan: Plan;
  /** Folder, on the disk to be measured, for the databases of the run. */
  readonly workspace: string;
  /** What to measure, by id or what ids begin with (selection.ts); null for all. */
  readonly only: readonly string[] | null;
  /** Whether to also find out where the real server's time goes. */
  readonly profile: boolean;
  readonly progress: (message: string) => void;
}

export interface Run {
  readonly results: Results;
  readonly profiles: readonly Profiled[];
}

interface Loaded {
  readonly scenarios: readonly Scenario[];
  readonly profiles: readonly Profiled[];
}

/** Seconds that the real server is watched under each load. */
const PROFILE_SECONDS = 3;

/**
 * Runs everything.
 * @throws Error when there is no such load, a server does not start, an answer is not as expected, or a line is missing.
 */
export async function runBench(options: RunOptions): Promise<Run> {
  const { plan, progress } = options;
  const selection = new Selection(plan, options.only);
  const start = performance.now();
  const directory = mkdtempSync(join(options.workspace, 'run-'));
  const cleanUp = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', cleanUp);
  try {
    const machine = describeMachine(directory);
    const { scenarios, profiles } = selection.hasLoads
      ? await measureLoads(options, selection, join(directory, 'loads'))
      : { scenarios: [], profiles: [] };
    let memory: MemoryPerChat | null = null;
    if (selection.has('memory')) {
      progress(`memory: ${plan.memory.added} chats`);
      memory = await measureMemory(plan, join(directory, 'memory'));
    }
    const push = await measurePush(plan, selection, join(directory, 'push'), progress);
    const streams = await measureStreams(plan, selection, join(directory, 'streams'), progress);
    const results: Results = {
      plan: plan.name,
      at: new Date().toISOString(),
      commit: commitOf(),
      machine,
      scenarios,
      memory,
      push,
      streams,
      targets: [...judge(scenarios, memory), ...judgePush(push), ...judgeStreams(streams)],
      seconds: (performance.now() - start) / 1000,
    };
    return { results, profiles };
  } finally {
    process.off('exit', cleanUp);
    cleanUp();
  }
}

async function measureLoads(
  options: RunOptions,
  selection: Selection,
  directory: string,
): Promise<Loaded> {
  const { plan, progress } = options;
  const running: { stop(): void | Promise<void> }[] = [];
  const keep = <T extends { stop(): void | Promise<void> }>(server: T): T => {
    running.push(server);
    return server;
  };
  try {
    progress('starting the server');
    const credentials = await makeAccount(directory, plan.agents);
    const parley: MeasuredServer = keep(await startParley(directory));
    const fixture = await Fixture.open(parley.port, credentials);
    progress(`starting ${plan.steadyChats} chats`);
    await fixture.startChats(plan.steadyChats);

    const answers = await sampleAnswers(fixture);
    const ofHub = join(directory, 'hub');
    mkdirSync(ofHub);
    const [fastify, http, hub] = await Promise.all([
      startBare('bare-fastify', answers).then(keep),
      startBare('bare-http', answers).then(keep),
      startBareHub(ofHub).then(keep),
    ]);
    const servers: Servers = { parley, fastify, http, hub };
    const generator = keep(new LoadGenerator());
    const all = loadsOf(plan, fixture);
    for (const load of warmUpLoads(all)) {
      progress(`warm-up: ${load.title}`);
      await warmUp(generator, servers, load, plan.warmUpSeconds);
    }
    const loads = all.filter(({ id }) => selection.hasLoad(id));
    const scenarios: Scenario[] = [];
    for (const load of loads) {
      const { rounds, seconds } = load.repeated;
      progress(`${load.title}: ${rounds} × ${seconds} s on each server`);
      await fixture.keepAgentsAlive();
      scenarios.push(await runRounds(generator, servers, load));
    }
    const profiles: Profiled[] = [];
    for (const load of options.profile ? loads : []) {
      progress(`profile: ${load.title}`);
      await fixture.keepAgentsAlive();
      profiles.push(await profileOf(generator, servers, load, PROFILE_SECONDS));
    }
    progress('reading back every chat');
    await fixture.checkFeeds();
    return { scenarios, profiles };
  } finally {
    for (const server of running) await server.stop();
  }
}

async function measureMemory(plan: Plan, directory: string): Promise<MemoryPerChat> {
  const credentials = await makeAccount(directory, plan.agents);
  const server = await startParley(directory);
  try {
    const fixture = await Fixture.open(server.port, credentials);
    await fixture.startChats(plan.memory.before);
    const before = await server.memory();
    await fixture.startChats(plan.memory.added);
    const after = await server.memory();
    const chats = plan.memory.added;
    return {
      chats,
      held: (after.held - before.held) / chats,
      resident: (after.resident - before.resident) / chats,
    };
  } finally {
    await server.stop();
  }
}

function commitOf(): string {
  try {
    const options = { cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' } as const;
    const id = execFileSync('git', ['rev-parse', '--short', 'HEAD'], options).trim();
    const changes = execFileSync('git', ['status', '--porcelain', '-uno'], options).trim();
    return changes === '' ? id : `${id} with changes`;
  } catch {
    return 'unknown';
  }
}
