/** Frames of a stream that come faster than they can be taken in. */
import { expect, it, vi } from 'vitest';
import type { AgentChat } from '../src/agent/chat.js';
import { type Heard, listenToSession } from '../src/agent/push.js';
import { systemClock } from '../src/core/clock.js';
import type { Streamed } from '../src/core/stream.js';

it('[CLIENT85] frames that wait for one of a chat to be taken in are few, and the rest is asked for', async () => {
  let release: () => void = () => {};
  const known = new Promise<null>((resolve) => {
    release = () => resolve(null);
  });
  const taken: unknown[] = [];
  const chat = {
    uri: 'http://s/chat/1',
    catchUp: vi.fn(async () => {}),
    take: (part: object) => taken.push(part),
  };
  const session = { http: { clock: systemClock }, uri: 'http://s', findLink: () => undefined };
  const heard: Partial<Heard> = {
    session: session as unknown as Heard['session'],
    chats: () => new Map([['1', chat as unknown as AgentChat]]),
    chatAt: () => known,
  };
  let streamed: Streamed | null = null;
  await listenToSession(
    heard as Heard,
    async (_http, each) => {
      streamed = each;
    },
    new AbortController().signal,
  );
  const take = (type: string, data: Record<string, unknown>) =>
    (streamed as Streamed | null)?.take({ type, position: null, data });
  const uri = 'http://s/chat/1';
  take('chat', { change: 'came', chat: { link: { rel: 'self', href: uri }, chatSessionKey: '2' } });
  for (let id = 0; id < 500; id += 1) take('events', { uri, events: { event: { id } } });
  expect(taken).toEqual([]);
  release();
  await vi.waitFor(() => expect(chat.catchUp).toHaveBeenCalledTimes(1));
  expect(taken.length).toBe(100);
  take('events', { uri, events: { event: { id: 500 } } });
  await vi.waitFor(() => expect(taken.at(-1)).toEqual({ events: { event: { id: 500 } } }));
});
