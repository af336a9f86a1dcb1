/** The load process: makes one measurement after another, as it is asked. */
import type { Failed } from './asked-process.js';
import { closedLoop } from './closed-loop.js';
import { Crowd } from './crowd.js';
import type { FromLoad, Job, JobResult, ToLoad } from './messages.js';
import { everySecond, openLoop } from './open-loop.js';

interface Prepared {
  readonly job: Job;
  readonly crowd: Crowd;
}

let prepared: Prepared | null = null;

process.on('message', (message: ToLoad) => {
  obey(message).then(report, (error: unknown) => {
    report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
});
// The bench is gone: nobody waits for a result any more.
process.on('disconnect', () => process.exit(0));

async function obey(message: ToLoad): Promise<FromLoad> {
  switch (message.kind) {
    case 'prepare':
      prepared = { job: message.job, crowd: await Crowd.connect(message.job) };
      return { kind: 'prepared' };
    case 'go': {
      if (prepared === null) throw new Error('There is nothing to start: prepare a job first.');
      const { job, crowd } = prepared;
      prepared = null;
      return { kind: 'done', result: await measure(job, crowd) };
    }
    default:
      return message satisfies never;
  }
}

async function measure({ seconds, arrivals }: Job, crowd: Crowd): Promise<JobResult> {
  const before = process.cpuUsage();
  const result =
    arrivals.kind === 'closed'
      ? await closedLoop(crowd, seconds)
      : await openLoop(crowd, everySecond(crowd.clients.length, seconds, arrivals.seed));
  const used = process.cpuUsage(before);
  return { ...result, cpuSeconds: (used.user + used.system) / 1e6 };
}

function report(message: FromLoad | Failed): void {
  process.send?.(message);
}
