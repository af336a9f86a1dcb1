/** A machine's clock that is set back or forward, or stands still while the machine sleeps. */
import { afterEach, expect, it } from 'vitest';
import type { Clock } from '../src/account/clock.js';
import { SigningClient } from './auth-client.js';
import { World } from './chat-world.js';
import { at, call, FakeClock, startTestServer } from './harness.js';

/** A clock that can be set, while timers go on at their own pace as Node's do. */
class WallClock implements Clock {
  readonly #running = new FakeClock();
  #set = 0;

  now(): number {
    return this.#running.now() + this.#set;
  }

  at(time: number, callback: () => void): () => void {
    return this.#running.at(this.#running.now() + Math.max(0, time - this.now()), callback);
  }

  /** Sets the clock forward, or back, by so many ms. */
  set(by: number): void {
    this.#set += by;
  }

  advance(ms: number): void {
    this.#running.advance(ms);
  }
}

const MINUTE = 60_000;

let world: World | undefined;
afterEach(() => world?.stop());

async function start(): Promise<{ world: World; clock: WallClock }> {
  const clock = new WallClock();
  // The world's own clock is not used: this one is.
  world = new World(await startTestServer({ clock }), new FakeClock());
  return { world, clock };
}

it('[SEC60] set back: events go on in order, and rings and silence still come to their end', async () => {
  const { world, clock } = await start();
  const agent = await world.agent();
  const visitor = await world.visitor();
  clock.set(-60 * MINUTE);
  await visitor.line('before or after?');
  clock.advance(1_000);
  await visitor.line('after');
  const times = (await visitor.events()).map(({ time }) => Date.parse(time));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(await agent.ringing()).toBe('1');
  // Half the pace: what takes 20 seconds takes 40 at most.
  clock.advance(41_000);
  expect([await agent.ringing(), await agent.availability()]).toEqual(['0', 'Away']);
  clock.advance(81_000);
  expect((await visitor.feed()).slice(-2)).toEqual(['info:6', 'ended']);
});

it('[SEC60] set back: the account’s time is the clock’s again once that has caught up', async () => {
  const { world, clock } = await start();
  clock.set(-10 * MINUTE);
  const host = await world.host();
  expect(host.now() - clock.now()).toBe(10 * MINUTE);
  clock.advance(10 * MINUTE);
  expect(host.now() - clock.now()).toBe(5 * MINUTE);
  clock.advance(10 * MINUTE);
  expect(host.now()).toBe(clock.now());
});

it('[SEC60] set back while the server was off: events go on in order', async () => {
  const { world: before, clock } = await start();
  const visitor = await before.visitor({ interactionTimeout: 600 });
  await visitor.line('first');
  clock.set(-20 * MINUTE);
  world = new World(await before.server.restart(), new FakeClock());
  const { pathname } = new URL(visitor.uri);
  const again = world.server.http + pathname;
  const body = { event: { '@type': 'line', text: 'second' } };
  expect((await world.visit('POST', `${again}/events`, { body })).status).toBe(201);
  const reply = await world.visit('GET', `${again}/events`);
  const events = at(reply.body, 'events.event') as { time: string }[];
  const times = events.map(({ time }) => Date.parse(time));
  expect(times).toHaveLength(4);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

it('[SEC60] set forward, or after a sleep: nobody is lost who had no chance to be heard', async () => {
  const { world, clock } = await start();
  const { agent, chat, visitor } = await world.chat({}, 'bot1');
  await (await world.agent('agent1')).become('Away');
  await agent.become('Online');
  const waiting = await world.visitor();
  expect(await agent.ringing()).toBe('1');
  clock.set(60 * MINUTE);
  // By now each of them would have been silent for an hour, and the chat would ring as long.
  clock.advance(20_000);
  expect([await agent.ringing(), await agent.availability()]).toEqual(['1', 'Online']);
  expect(await chat.line('still here')).toBe(4);
  expect(await visitor.line('so am I')).toBe(5);
  expect(await waiting.line('and I')).toBe(2);
});

it('[SEC60] set back: a signed request is carried out once all the same', async () => {
  const { world, clock } = await start();
  const client = new SigningClient(clock);
  const url = `${world.base}/agentSession?v=1`;
  const headers = { authorization: client.sign('POST', url) };
  expect((await call('POST', url, { headers })).status).toBe(201);
  clock.advance(11 * MINUTE);
  expect((await client.call('POST', url)).status).toBe(201);
  clock.set(-11 * MINUTE);
  expect((await call('POST', url, { headers })).status).toBe(401);
});
