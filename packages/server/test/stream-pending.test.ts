/** What streams remember while their turn does not come: a bounded part of it, and nothing is lost. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { MAX_PENDING, Pending } from '../src/push/pending.js';
import { Stream } from '../src/push/stream.js';
import { Fixture } from './chat-fixture.js';
import { UNTHROTTLED } from './harness.js';
import { settle } from './push-fixture.js';
import { closeStreams, eventsIn, streamOf } from './stream-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterAll(async () => {
  closeStreams();
  await fixture.stop();
});

const arrival = (seq: number) => {
  const [chatId, id] = [`chat ${seq % 3}`, Math.floor(seq / 3)];
  return { chatId, from: id, to: id + 1, position: { seq, sent: 1 } };
};

it('[STREAM21] however much comes meanwhile, what is remembered of it is bounded', () => {
  const pending = new Pending();
  for (let seq = 0; seq < MAX_PENDING; seq += 1) pending.add(arrival(seq));
  expect(pending.size).toBe(MAX_PENDING);
  for (let seq = MAX_PENDING; seq < 60_001; seq += 1) pending.add(arrival(seq));
  expect(pending.size).toBe(3);
  expect(pending.take()).toEqual({
    isMerged: true,
    arrivals: [59_998, 59_999, 60_000].map((seq) => ({ ...arrival(seq), from: 0 })),
  });
  expect(pending.take()).toEqual({ isMerged: false, arrivals: [] });
});

it('[STREAM21] each event is sent once and in order, and a position only after all before it', async () => {
  const agent = await fixture.agent();
  const visitors = [await fixture.visitor(), await fixture.visitor()];
  const chats = [await agent.accept(), await agent.accept()];
  const reader = await streamOf(agent);
  const looking = vi.spyOn(Stream.prototype, 'look').mockImplementation(() => {});
  // One after the other, so that the chats take turns.
  const texts = Array.from({ length: MAX_PENDING }, (_, n) => `line ${n}`);
  for (const [n, text] of texts.entries()) await chats[n % 2]?.line(text);
  await settle(fixture);
  expect(reader.events).toEqual([]);
  looking.mockRestore();
  await chats[0]?.line('the last one');
  await vi.waitFor(() => expect(reader.events.at(-1)).toContain('the last one'), 5_000);

  const frames = reader.ofType('events');
  const ofChat = visitors.map(({ id }) =>
    frames.filter(({ data }) => JSON.stringify(data).includes(id)).flatMap(eventsIn),
  );
  const all = [...texts, 'the last one'];
  const expected = [0, 1].map((chat) =>
    all.filter((_, n) => n % 2 === chat).map((text, at) => `${at + 4}:${text}`),
  );
  expect(ofChat).toEqual(expected);
  // Merged: only the last frame is behind all of them. Who comes again with an earlier one misses nothing.
  expect(frames.map(({ position }) => position !== null)).toEqual([
    ...frames.slice(1).map(() => false),
    true,
  ]);
});
