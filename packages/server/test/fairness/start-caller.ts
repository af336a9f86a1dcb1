/** Starts callers as processes of their own (caller.mjs). */
import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CALLER = fileURLToPath(new URL('caller.mjs', import.meta.url));

export interface Report {
  readonly n: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Flooder {
  readonly begun: Promise<void>;
  readonly report: Promise<Report>;
  stop(): void;
}

/**
 * Starts a caller as a process of its own.
 * @param niceness of the process: who floods from elsewhere takes no processor from server and worker
 */
export function start(plan: object, niceness = 0): Flooder {
  const child = spawn(process.execPath, [CALLER, JSON.stringify(plan)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (child.pid !== undefined && niceness > 0) setPriority(child.pid, niceness);
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const report = new Promise<Report>((resolve, reject) => {
    child.on('error', reject);
    createInterface(child.stdout).on('line', (line) => {
      if (line === 'begun') begin();
      else resolve(JSON.parse(line) as Report);
    });
  });
  return { begun, report, stop: () => child.stdin.end() };
}
