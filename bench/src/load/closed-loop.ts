/** Closed loop: each client sends its next request when the last is answered. */
import type { Crowd } from './crowd.js';
import type { JobResult } from './messages.js';

/** Runs all clients for so many seconds, then waits for the answers under way. */
export function closedLoop(crowd: Crowd, seconds: number): Promise<Omit<JobResult, 'cpuSeconds'>> {
  return crowd.run((done) => {
    const end = performance.now() + seconds * 1000;
    let busy = crowd.clients.length;
    for (const client of crowd.clients) crowd.send(client, performance.now());
    return (client, now) => {
      if (now < end) {
        crowd.send(client, now);
        return;
      }
      busy -= 1;
      if (busy === 0) done();
    };
  });
}
