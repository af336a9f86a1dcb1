/**
 * Readers of streams whose connections are cut at any byte, and late, and come again with the position,
 * while people write, whisper and take sessions over: each finds each event that it may see once and in
 * order, and none that it may not. The clock stands still: a wake-up that is lost would be waited for
 * for ever.
 *
 * `PARLEY_PUSH_SEED` repeats a run, `PARLEY_PUSH_RUNS` makes more of them.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Agent, type Visitor, Fixture } from './chat-fixture.js';
import { UNTHROTTLED } from './harness.js';
import { randomFrom } from './push-fixture.js';
import { isWhisper, nameOf, Reader } from './stream-reader.js';

const RUNS = Number(process.env['PARLEY_PUSH_RUNS'] ?? 2);
const FIRST_SEED = Number(process.env['PARLEY_PUSH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const CHATS = 4;
const LINES = 25;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterAll(() => fixture.stop());

interface Talk {
  readonly visitor: Visitor;
  readonly agent: () => Agent;
}

async function write({ visitor, agent }: Talk, random: () => number): Promise<void> {
  for (let line = 0; line < LINES; line += 1) {
    if (random() < 0.6) await pause(random() * 8);
    if (random() < 0.4) await visitor.line(`v${line}`);
    else {
      const subType = random() < 0.5 ? 'ONLY_TO_REP' : 'REGULAR';
      const body = { event: { '@type': 'line', text: `a${line} — é`, subType } };
      // The session may just have been taken over.
      for (let status = 0; status !== 201; ) {
        const uri = `${agent().uri}/chat/${visitor.id}/events`;
        status = (await agent().call('POST', uri, { body })).status;
        expect([201, 404]).toContain(status);
      }
    }
    if (random() < 0.2) await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' });
  }
  await visitor.end();
}

async function run(seed: number): Promise<number> {
  const random = randomFrom(seed);
  let session = await fixture.agent('agent1');
  const agent = () => session;
  const talks: Talk[] = [];
  for (let each = 0; each < CHATS; each += 1) {
    talks.push({ visitor: await fixture.visitor({ agent: 'agent1' }), agent });
    await session.accept();
  }
  const ids = talks.map(({ visitor }) => visitor.id);
  const readers = [
    new Reader(agent, random, ids),
    new Reader(agent, random, ids),
    ...talks.map(({ visitor }) => new Reader(() => visitor, random, [visitor.id])),
  ];
  const reading = Promise.all(readers.map((reader) => reader.run()));
  let isWriting = true;
  const takingOver = (async () => {
    while (isWriting) {
      await pause(60 + random() * 100);
      if (isWriting) session = await fixture.agent('agent1');
    }
  })();
  await Promise.all(talks.map((talk) => write(talk, random)));
  isWriting = false;
  await takingOver;
  await reading;
  let whispers = 0;
  for (const [index, reader] of readers.entries()) {
    for (const [chatId, events] of reader.got) {
      const talk = talks.find(({ visitor }) => visitor.id === chatId);
      const whole =
        index < 2
          ? await agent().chat(`${agent().uri}/chat/${chatId}`).events()
          : await talk?.visitor.events();
      expect(events.map(nameOf)).toEqual(whole?.map(nameOf));
      // That agents have theirs, few as they may be, is in the comparison.
      if (index >= 2) expect(events.some(isWhisper)).toBe(false);
      else whispers += events.filter(isWhisper).length;
    }
    expect(reader.resyncs).toBe(0);
  }
  expect(whispers).toBeGreaterThan(0);
  return readers.reduce((all, { connections }) => all + connections, 0);
}

it(
  '[STREAM19] whoever comes again, however often connections are cut, gets each event once and in order',
  async () => {
    let connections = 0;
    for (let index = 0; index < RUNS; index += 1) {
      const seed = FIRST_SEED + index;
      try {
        connections += await run(seed);
      } catch (error) {
        throw new Error(`PARLEY_PUSH_SEED=${seed}`, { cause: error });
      }
      await fixture.clear();
    }
    expect(connections).toBeGreaterThan(20 * RUNS);
    if (RUNS > 2) process.stdout.write(`${connections} connections, seeds from ${FIRST_SEED}\n`);
  },
  60_000 + RUNS * 20_000,
);
