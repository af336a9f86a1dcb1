/** The load process of waiting polls: does one job after another, as it is asked. */
import type { Failed } from '../load/asked-process.js';
import { Held } from './hold.js';
import type { PushAnswer, PushJob } from './messages.js';
import { runPairs } from './pairs.js';

let held: Held | null = null;

process.on('message', (job: PushJob) => {
  obey(job).then(report, (error: unknown) => {
    report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
});
// The bench is gone: nobody waits for a result any more.
process.on('disconnect', () => process.exit(0));

async function obey(job: PushJob): Promise<PushAnswer> {
  switch (job.kind) {
    case 'pairs':
      return {
        kind: 'pairs',
        result: await runPairs(job),
      };
    case 'hold':
      held = await Held.open(job);
      return { kind: 'held' };
    case 'release': {
      const answered = held?.release() ?? 0;
      held = null;
      return { kind: 'released', answered };
    }
    default:
      return job satisfies never;
  }
}

function report(answer: PushAnswer | Failed): void {
  process.send?.(answer);
}
