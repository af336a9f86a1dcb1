/** Closed loop: each client sends its next request when the last is answered. */
import type { Answers, Crowd } from './crowd.js';

/** Runs all clients for so many seconds, then waits for the answers under way. */
export async function closedLoop(
  crowd: Crowd,
  seconds: number,
): Promise<Answers & { readonly rate: number }> {
  let inTime = 0;
  const answers = await crowd.run((done) => {
    const end = performance.now() + seconds * 1000;
    let busy = crowd.clients.length;
    for (const client of crowd.clients) crowd.send(client, performance.now());
    return (client, now, latency) => {
      crowd.latencies.add(latency);
      if (now < end) {
        inTime += 1;
        crowd.send(client, now);
        return;
      }
      busy -= 1;
      if (busy === 0) done();
    };
  });
  return { ...answers, rate: inTime / seconds };
}
