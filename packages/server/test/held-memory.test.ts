/** Whose share is used up, and what is given up for whom. */
import { beforeEach, describe, expect, it } from 'vitest';
import { FairQueue } from '../src/http/fair-queue.js';
import { HeldMemory, type Holding } from '../src/http/held-memory.js';
import { LargeAnswers } from '../src/http/room.js';

let now = 0;
let memory: HeldMemory;
let dropped: string[];
beforeEach(() => {
  now = 0;
  dropped = [];
  const limits = { heldPerAddress: 1_000, heldInAll: 2_500, unreadMs: 1_600, readRate: 1_000 };
  memory = new HeldMemory(limits, () => now);
});

const hold = (network: string, bytes: number, name: string): Holding =>
  memory.hold(network, bytes, () => dropped.push(name));

describe('memory that is held for clients', () => {
  it('[SEC40] is bounded for each network, and given back', () => {
    const first = hold('a', 600, 'first');
    expect([memory.lacks('a', 400), memory.lacks('a', 401)]).toEqual([null, 'network']);
    expect(memory.lacks('b', 1_000)).toBeNull();
    memory.release(first);
    memory.release(first);
    expect([memory.bytes, memory.bytesOf('a'), memory.lacks('a', 1_000)]).toEqual([0, 0, null]);
  });

  it('[SEC40] what stalls makes room for its own network, the oldest first', () => {
    hold('a', 400, 'old');
    hold('b', 400, 'other');
    now = 50;
    hold('a', 400, 'young');
    // 400 bytes may take 2,000 ms, and a sixteenth of that while their place is needed.
    now = 125;
    expect(memory.lacks('a', 300)).toBe('network');
    now = 126;
    expect(memory.lacks('a', 300)).toBeNull();
    expect(dropped).toEqual(['old']);
    now = 200;
    expect(memory.lacks('a', 1_000)).toBeNull();
    expect([dropped, memory.bytesOf('b')]).toEqual([['old', 'young'], 400]);
  });

  it('[SEC41] is bounded in all; who has most gives up something for who has less', () => {
    hold('a', 900, 'a1');
    hold('b', 500, 'b1');
    hold('b', 500, 'b2');
    hold('c', 100, 'c1');
    // a has 900, b 1,000: b would have to give up something for d.
    expect(memory.lacks('d', 501)).toBeNull();
    expect(dropped).toEqual(['b1']);
    hold('d', 501, 'd1');
    expect(memory.lacks('c', 500)).toBeNull();
    expect(dropped).toEqual(['b1', 'a1']);
  });

  it('[SEC41] who lost something gets nobody’s place for a while', () => {
    hold('a', 900, 'a1');
    hold('b', 900, 'b1');
    hold('c', 600, 'c1');
    expect(memory.lacks('d', 600)).toBeNull();
    expect(dropped).toEqual(['a1']);
    hold('d', 600, 'd1');
    // What is free may be had, nothing else.
    expect([memory.lacks('a', 400), memory.lacks('a', 500)]).toEqual([null, 'network']);
    now = 1_600;
    expect(memory.lacks('a', 500)).toBeNull();
    expect(dropped).toEqual(['a1', 'b1']);
  });

  it('[SEC41] who would have most is refused, unless something stalls', () => {
    hold('a', 900, 'a1');
    hold('b', 900, 'b1');
    hold('c', 600, 'c1');
    expect(memory.lacks('d', 950)).toBe('all');
    expect(dropped).toEqual([]);
    now = 10_000;
    expect(memory.lacks('d', 950)).toBeNull();
    expect(dropped).toEqual(['a1']);
  });

  it('[SEC41] what cannot be given up is not', () => {
    memory.hold('a', 1_000, null);
    memory.hold('b', 1_000, null);
    memory.hold('c', 500, null);
    now = 1_000_000;
    expect([memory.lacks('a', 1), memory.lacks('d', 1)]).toEqual(['network', 'all']);
    memory.sweep();
    expect(memory.bytes).toBe(2_500);
  });

  it('[SEC18] is given up when it is not read in time, later the larger it is', () => {
    hold('a', 100, 'small');
    hold('a', 500, 'large');
    now = 1_700;
    memory.sweep();
    expect(dropped).toEqual([]);
    now = 1_701;
    memory.sweep();
    expect(dropped).toEqual(['small']);
    now = 2_101;
    memory.sweep();
    expect([dropped, memory.bytes]).toEqual([['small', 'large'], 0]);
  });

  it('[SEC40] grows with what comes in', () => {
    const body = hold('a', 100, 'body');
    memory.grow(body, 500);
    expect([memory.bytesOf('a'), memory.lacks('a', 401)]).toEqual([600, 'network']);
    memory.release(body);
    memory.grow(body, 500);
    expect(memory.bytes).toBe(0);
  });

  it('[SEC40] large answers are remembered, some of them, until they are small', () => {
    const large = new LargeAnswers();
    large.noticed('/a', 20_000);
    expect([large.expected('/a'), large.expected('/b')]).toEqual([20_000, 0]);
    large.noticed('/a', 10);
    large.noticed(`/${'x'.repeat(1_000)}`, 20_000);
    expect([large.expected('/a'), large.expected(`/${'x'.repeat(1_000)}`)]).toEqual([0, 0]);
    for (let index = 0; index < 2_000; index += 1) large.noticed(`/${index}`, 20_000);
    expect([large.expected('/0'), large.expected('/1999')]).toEqual([0, 20_000]);
  });
});

describe('requests that come faster than they can be carried out', () => {
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('[SEC42] wait for their turn, and whoever took least is next', async () => {
    const done: string[] = [];
    const queue = new FairQueue(() => now, 4);
    const add = (network: string, name: string, ms: number) =>
      queue.add(network, () => {
        now += ms;
        done.push(name);
      });
    for (let index = 0; index < 100; index += 1) add('crowd', `crowd${index}`, 10);
    add('other', 'other0', 10);
    add('quiet', 'quiet0', 1);
    add('quiet', 'quiet1', 1);
    // The first was carried out at once, and took this turn's time.
    expect(done).toEqual(['crowd0']);
    await turn();
    expect(done).toEqual(['crowd0', 'other0']);
    await turn();
    expect(done).toEqual(['crowd0', 'other0', 'quiet0', 'quiet1', 'crowd1']);
    // Who comes now waits for one of the crowd, not for all.
    add('late', 'late0', 1);
    await turn();
    expect(done.slice(5)).toEqual(['late0', 'crowd2']);
    for (let turns = 0; turns < 200; turns += 1) await turn();
    expect(done).toHaveLength(104);
  });

  it('[SEC42] are carried out at once while there is time', async () => {
    const queue = new FairQueue(() => now, 4);
    let done = 0;
    for (let index = 0; index < 10; index += 1) queue.add('a', () => (done += 1));
    expect(done).toBe(10);
  });

  it('[SEC42] what a network took is forgotten after a while', async () => {
    const done: string[] = [];
    const queue = new FairQueue(() => now, 4);
    queue.add('once', () => {
      now += 100;
    });
    now += 60_000;
    queue.add('busy', () => {
      now += 10;
    });
    queue.add('busy', () => done.push('busy'));
    queue.add('once', () => done.push('once'));
    await turn();
    await turn();
    expect(done).toEqual(['once', 'busy']);
  });
});
