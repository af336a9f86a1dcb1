/**
 * Loaded into every measured process, and each of its threads, before its own program
 * (`node --import`): answers what the process has used so far. It does nothing until it is asked.
 */
import { Session } from 'node:inspector/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';
import type { ProbeAnswer, ProbeQuestion, ThreadProfile } from './probe-messages.js';

/** Memory is given back by degrees: the last of several collections sees the rest. */
const COLLECTIONS = 4;
const BETWEEN_MS = 50;
/** How long to wait for what other threads have to say, ms. */
const COLLECT_MS = 500;
/** Between two looks at what a thread is doing, microseconds. */
const SAMPLE_US = 500;

/** Between the main thread's probe and those of the others. */
const channel = new BroadcastChannel('parley.bench.probe');
const session = new Session();

async function startProfile(): Promise<void> {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  await session.post('Profiler.start');
}

async function stopProfile(): Promise<ThreadProfile> {
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return { thread: isMainThread ? 'main thread' : 'worker thread', profile };
}

async function profile(what: 'start' | 'stop'): Promise<ThreadProfile[]> {
  channel.postMessage(what);
  if (what === 'start') {
    await startProfile();
    return [];
  }
  const others: ThreadProfile[] = [];
  channel.onmessage = (event) => others.push((event as { data: ThreadProfile }).data);
  const own = await stopProfile();
  await pause(COLLECT_MS);
  return [own, ...others];
}

async function answer(question: ProbeQuestion): Promise<ProbeAnswer> {
  const { probe } = question;
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
    case 'profile':
      return { probe, threads: await profile(question.do) };
    default:
      return question satisfies never;
  }
}

function isQuestion(message: unknown): message is ProbeQuestion {
  return typeof message === 'object' && message !== null && 'probe' in message;
}

if (isMainThread) {
  process.on('message', (message) => {
    if (isQuestion(message)) void answer(message).then((reply) => process.send?.(reply));
  });
  // A server must be able to end by itself, as it would without the bench.
  process.channel?.unref();
  // And it must not outlive the bench.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
} else {
  channel.onmessage = (event) => {
    if ((event as { data: 'start' | 'stop' }).data === 'start') void startProfile();
    else void stopProfile().then((own) => channel.postMessage(own));
  };
}
channel.unref();
