/** Requests that wait, for tests of push. */
import { vi } from 'vitest';
import type { Reply } from './harness.js';
import type { Fixture } from './chat-fixture.js';

/** A request that was sent and is not answered yet, as far as anybody knows. */
export interface Poll {
  readonly reply: Promise<Reply>;
  /** What came back; null while it waits. */
  readonly answered: () => Reply | null;
}

/** How many requests wait in the server. */
export function waiting(fixture: Fixture): number {
  return fixture.server.running.server.polls.count;
}

/** Resolves when so many requests wait. */
export async function untilWaiting(fixture: Fixture, count: number): Promise<void> {
  await vi.waitFor(
    () => {
      if (waiting(fixture) !== count)
        throw new Error(`${waiting(fixture)} wait instead of ${count}`);
    },
    { interval: 1, timeout: 5_000 },
  );
}

/** Sends a request and returns once it waits in the server. @throws Error when it is answered. */
export async function startPoll(fixture: Fixture, ask: () => Promise<Reply>): Promise<Poll> {
  const before = waiting(fixture);
  let answered: Reply | null = null;
  const reply = ask().then((got) => {
    answered = got;
    return got;
  });
  await vi.waitFor(
    () => {
      if (answered !== null) return;
      if (waiting(fixture) !== before + 1) throw new Error('it does not wait');
    },
    { interval: 1, timeout: 5_000 },
  );
  if (answered !== null) {
    const { status, text }: Reply = answered;
    throw new Error(`It did not wait: ${status} ${text}`);
  }
  return { reply, answered: () => answered };
}

/** Lets whatever is under way in the server come to its end: a plain call goes behind it. */
export async function settle(fixture: Fixture): Promise<void> {
  for (let each = 0; each < 3; each += 1)
    await fixture.server.call('GET', `${fixture.server.http}/healthz`);
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
