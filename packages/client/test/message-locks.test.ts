/** Locks by messages, between "tabs" of one process: each has its own page, all have the same notes. */
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { locksBy, type MessageLocks } from '../src/tabs/message-locks.js';

const notes = new Map<string, string>();
const storage = {
  get length() {
    return notes.size;
  },
  key: (index: number) => [...notes.keys()][index] ?? null,
  getItem: (key: string) => notes.get(key) ?? null,
  setItem: (key: string, value: string) => void notes.set(key, value),
  removeItem: (key: string) => void notes.delete(key),
};

const left = new AbortController();
afterEach(() => notes.clear());

function tab(): { readonly page: EventTarget; readonly locks: MessageLocks } {
  const page = new EventTarget();
  return { page, locks: locksBy(storage, page) };
}

it('[CLIENT88] of several tabs that want a lock at once each has it, one after the other, in their order', async () => {
  const order: number[] = [];
  let inside = 0;
  await Promise.all(
    Array.from({ length: 5 }, async (_, n) => {
      // Who wants it in the same millisecond has no order.
      await after(20 * n);
      await tab().locks.hold('turns', async () => {
        inside += 1;
        expect(inside).toBe(1);
        order.push(n);
        await after(5);
        inside -= 1;
      });
    }),
  );
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(notes.size).toBe(0);
});

it('[CLIENT88] a page that stops loses the lock, and has it again when it goes on and nobody else wants it', async () => {
  const { page, locks } = tab();
  const done = new AbortController();
  const begun: string[] = [];
  const held = (name: string) => (lost?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      begun.push(name);
      lost?.addEventListener('abort', () => reject(lost.reason));
      done.signal.addEventListener('abort', () => resolve());
    });
  const first = locks.hold('stops', held('first'));
  await expect.poll(() => begun).toEqual(['first']);
  page.dispatchEvent(new Event('freeze'));
  await tab().locks.hold('stops', () => Promise.resolve(void begun.push('other')));
  expect(begun).toEqual(['first', 'other']);
  page.dispatchEvent(new Event('resume'));
  await expect.poll(() => begun, { timeout: 3_000 }).toEqual(['first', 'other', 'first']);
  done.abort();
  await first;
});

it('[CLIENT88] what an error of the one that acts says, and why it was waited for no more, is thrown', async () => {
  const { locks } = tab();
  const wrong = locks.hold('wrong', () => Promise.reject(new Error('wrong')));
  await expect(wrong).rejects.toThrow('wrong');
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const stay = locks.hold('stays', () => {
    begin();
    return after(300);
  });
  await begun;
  const waits = tab().locks.hold('stays', () => Promise.resolve(), AbortSignal.timeout(200));
  await expect(waits).rejects.toThrow('timeout');
  await stay;
});

it('[CLIENT88] members count while they are there; a note that one left who was killed is taken away', async () => {
  const [one, other] = [tab(), tab()];
  const { signal } = left;
  expect(await one.locks.members('desk')).toBe(0);
  one.locks.enter('desk', signal);
  other.locks.enter('desk', signal);
  expect(await tab().locks.members('desk')).toBe(2);
  const [note = ''] = notes.keys();
  notes.set(`${note}-killed`, '1');
  expect(await tab().locks.members('desk')).toBe(2);
  expect([...notes.keys()].filter((key) => key.endsWith('killed'))).toEqual([]);
  left.abort();
  expect(await tab().locks.members('desk')).toBe(0);
});
