/** The machine that the figures belong to. */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { type LatencySummary, Samples, summarise } from './load/latencies.js';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** GiB */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  /** Milliseconds to write 4 KiB and wait for the disk, where the database lies. */
  readonly sync: LatencySummary | null;
}

const SYNCS = 100;
const BLOCK = Buffer.alloc(4096, 1);

/** CPU time that the whole machine has spent since its start, all processors together: seconds. */
export function busySeconds(): number {
  let busy = 0;
  for (const { times } of cpus()) busy += times.user + times.nice + times.sys + times.irq;
  return busy / 1000;
}

/**
 * Begins to watch what other programs of the machine do.
 * @returns how many processors they took since, on average: 0 on a quiet machine. It is given the CPU
 *   time that the measured processes took meanwhile, seconds; this process's own is known.
 */
export function watchOthers(): (measured: number) => number {
  const start = performance.now();
  const own = process.cpuUsage();
  const busy = busySeconds();
  return (measured) => {
    const { user, system } = process.cpuUsage(own);
    const others = busySeconds() - busy - measured - (user + system) / 1e6;
    // The system counts in steps of 10 ms, so it may be a little less than nothing.
    return Math.max(0, others) / ((performance.now() - start) / 1000);
  };
}

/** @param directory Folder on the disk that the database will be on. */
export function describeMachine(directory: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch} ${release()}`,
    node: process.version,
    sync: measureSync(join(directory, 'sync-probe')),
  };
}

function measureSync(path: string): LatencySummary | null {
  const samples = new Samples();
  const file = openSync(path, 'w', 0o600);
  try {
    for (let done = 0; done < SYNCS; done += 1) {
      const start = performance.now();
      writeSync(file, BLOCK);
      fdatasyncSync(file);
      samples.add(performance.now() - start);
    }
  } finally {
    closeSync(file);
    rmSync(path);
  }
  return summarise([samples.values()]);
}
