/** The process: CPU, memory, the event loop's delay, garbage collection. By their usual names. */
import { collectDefaultMetrics, Registry } from 'prom-client';

/** How finely the event loop's delay is sampled, ms. */
const PRECISION_MS = 20;

/**
 * These list every socket and file by its class. It takes long where there are ten thousand, and
 * `parley_open_connections` shows what an operator wants to know.
 */
const PER_HANDLE = ['resources', 'handles', 'requests'].flatMap((what) => [
  `nodejs_active_${what}`,
  `nodejs_active_${what}_total`,
]);

let ofProcess: Registry | null = null;

/**
 * The metrics of this process. They are collected from the first call on, and once, however many
 * servers there are in the process.
 */
export function processMetrics(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess, eventLoopMonitoringPrecision: PRECISION_MS });
    for (const name of PER_HANDLE) ofProcess.removeSingleMetric(name);
  }
  return ofProcess;
}
