/**
 * Loaded into every measured process before its own program (`node --import`): answers what the
 * process has used so far. It does nothing until it is asked.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import type { ProbeAnswer, ProbeQuestion } from './probe-messages.js';

/** Memory is given back by degrees: the last of several collections sees the rest. */
const COLLECTIONS = 4;
const BETWEEN_MS = 50;

function isQuestion(message: unknown): message is ProbeQuestion {
  return typeof message === 'object' && message !== null && 'probe' in message;
}

async function answer({ probe }: ProbeQuestion): Promise<ProbeAnswer> {
  switch (probe) {
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      return { probe, seconds: (user + system) / 1e6 };
    }
    case 'memory': {
      for (let done = 0; done < COLLECTIONS; done += 1) {
        globalThis.gc?.();
        await pause(BETWEEN_MS);
      }
      const { heapUsed, external, rss } = process.memoryUsage();
      return { probe, held: heapUsed + external, resident: rss };
    }
    default:
      return probe satisfies never;
  }
}

if (isMainThread) {
  process.on('message', (message) => {
    if (isQuestion(message)) void answer(message).then((reply) => process.send?.(reply));
  });
  // A server must be able to end by itself, as it would without the bench.
  process.channel?.unref();
  // And it must not outlive the bench.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
