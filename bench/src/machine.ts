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
