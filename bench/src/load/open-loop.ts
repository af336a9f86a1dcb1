/**
 * Open loop: requests come at moments fixed in advance, however slowly the server answers. Latency
 * counts from the planned moment, so that a stall is felt by everything that should have been sent
 * meanwhile (no coordinated omission).
 */
import type { Answers, Crowd } from './crowd.js';

/** One request that is to be sent. */
interface Arrival {
  /** Milliseconds after the start. */
  readonly at: number;
  readonly client: number;
}

/**
 * Every client sends once per second, at a moment of its own that the seed decides.
 * @returns the arrivals in order of time.
 */
export function everySecond(clients: number, seconds: number, seed: number): Arrival[] {
  const random = randomFrom(seed);
  const phases = Array.from({ length: clients }, (_, client) => ({ client, at: random() * 1000 }));
  phases.sort((a, b) => a.at - b.at);
  const arrivals: Arrival[] = [];
  for (let second = 0; second < seconds; second += 1) {
    for (const { client, at } of phases) arrivals.push({ client, at: at + second * 1000 });
  }
  return arrivals;
}

/** Sends every arrival when it is due, or as soon as its client is free. */
export async function openLoop(
  crowd: Crowd,
  arrivals: readonly Arrival[],
): Promise<Answers & { readonly rate: number }> {
  const start = performance.now();
  const answers = await crowd.run((done) => {
    const waiting: number[][] = crowd.clients.map(() => []);
    let next = 0;
    let left = arrivals.length;

    const sendDue = () => {
      const now = performance.now();
      for (;;) {
        const arrival = arrivals[next];
        if (arrival === undefined) return;
        const due = start + arrival.at;
        if (due > now) break;
        next += 1;
        const client = crowd.clients[arrival.client];
        if (client === undefined) continue;
        crowd.lateness.add(now - due);
        if (client.since === null) crowd.send(client, due);
        else waiting[client.index]?.push(due);
      }
      setTimeout(sendDue, 1);
    };
    sendDue();

    return (client, _now, latency) => {
      crowd.latencies.add(latency);
      left -= 1;
      if (left === 0) return done();
      const due = waiting[client.index]?.shift();
      if (due !== undefined) crowd.send(client, due);
    };
  });
  return { ...answers, rate: (arrivals.length * 1000) / (performance.now() - start) };
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
