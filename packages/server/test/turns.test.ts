/** What comes in crowds is carried out a few milliseconds at a time, networks in turns. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { inSlices } from '../src/http/in-slices.js';
import { Fixture } from './chat-fixture.js';
import { DEMO_VISITOR_KEY } from './harness.js';
import { Silent } from './security-sockets.js';

/** For what a busy machine takes its time for. */
const SLOWLY = { timeout: 10_000 };

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterAll(() => fixture.stop());

/** Lets nothing have its turn until the function it returns is called. */
function crowd(): () => void {
  const { turns } = fixture.server.running.server;
  let there = true;
  const again = () => {
    const until = performance.now() + 5;
    while (performance.now() < until);
    if (there) setImmediate(() => turns.add('crowd', again));
  };
  // One takes all of this turn's time, and there is another one behind it.
  turns.add('crowd', again);
  turns.add('crowd', () => {});
  return () => {
    there = false;
  };
}

const BODY = JSON.stringify({ request: {} });
const head = (length: number) =>
  `POST /api/account/12345678/chat/request HTTP/1.1\r\nHost: a\r\nAuthorization: LivePerson appKey=${DEMO_VISITOR_KEY}\r\nContent-Length: ${length}\r\n\r\n`;

it('[SEC61] bodies and what cannot be read wait for their turn, held meanwhile', async () => {
  const { held, turns } = fixture.server.running.server;
  const add = turns.add.bind(turns);
  const added: (readonly [network: string, heldBytes: number])[] = [];
  turns.add = (network, ...rest) => {
    if (network !== 'crowd') added.push([network, held.bytesOf(network)]);
    add(network, ...rest);
  };
  // A large body waits while there is no room for what it brings.
  let unwritten = Number.MAX_SAFE_INTEGER;
  const store = vi.spyOn(fixture.server.running.server.store, 'unwritten');
  store.mockImplementation(() => unwritten);
  const text = BODY + ' '.repeat(5_000);
  const body = await new Silent(fixture.server.running.httpPort, '127.0.0.2').open();
  const broken = await new Silent(fixture.server.running.httpPort, '127.0.0.3').open();
  try {
    body.read().send(head(text.length));
    await expect.poll(() => added, SLOWLY).toEqual([['127.0.0.2', 0]]);
    const leave = crowd();
    body.send(text);
    await expect.poll(() => held.bytes, SLOWLY).toBe(text.length);
    unwritten = 0;
    await expect.poll(() => body.received.slice(0, 12), SLOWLY).toBe('HTTP/1.1 201');
    broken.read().send('no request\r\n\r\n');
    await expect.poll(() => broken.received.slice(0, 12), SLOWLY).toBe('HTTP/1.1 400');
    leave();
    expect(added.slice(1)).toEqual([
      ['127.0.0.2', text.length],
      // Its answer, once that is on disk.
      ['127.0.0.2', 0],
      ['127.0.0.3', 0],
    ]);
    expect(held.bytes).toBe(0);
  } finally {
    turns.add = add;
    store.mockRestore();
    body.end();
    broken.end();
  }
});

it('[SEC61] what concerns all connections goes on in slices', async () => {
  let steps = 0;
  function* work() {
    for (; steps < 50; steps += 1) {
      const until = performance.now() + 1;
      while (performance.now() < until);
      yield;
    }
  }
  await new Promise<void>((done) => {
    inSlices(work(), done);
    expect(steps).toBeLessThan(10);
  });
  expect(steps).toBe(50);
});
