/** Polls that find nothing new: the answer is kept between them, and must never be another's. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

describe('a poll that finds nothing new', () => {
  it('[CHAT4] gets the same again and again, until something happens', async () => {
    const { chat, visitor } = await fixture.chat();
    const first = await chat.get('/events?from=4');
    expect((await chat.get('/events?from=4')).text).toBe(first.text);
    expect(first.text).not.toContain('"event"');

    const id = await visitor.line('news');
    expect(id).toBe(4);
    expect((await chat.get('/events?from=4')).text).toContain('"news"');
    expect((await chat.get('/events?from=5')).text).toBe(
      first.text.replace('events?from=4', 'events?from=5'),
    );
  });

  it('[CHAT4] stays where it asked from, also beyond the end', async () => {
    const { chat } = await fixture.chat();
    for (const from of [4, 7, 4, 7]) {
      expect((await chat.get(`/events?from=${from}`)).text).toContain(`/events?from=${from}"`);
    }
  });

  it('[CHAT4] gets links of its own: for the agent, the visitor, each host and each representation', async () => {
    const { chat, visitor } = await fixture.chat();
    const ask = [
      () => chat.get('/events?from=4'),
      () => visitor.get('/events?from=4'),
      () => chat.get('/events?from=4', { host: 'chat.example.com' }),
      () => chat.get('/events?from=4', { accept: 'application/xml' }),
      () => chat.get('/events?from=4', { accept: 'application/hal+json' }),
    ];
    const alone: string[] = [];
    for (const each of ask) alone.push((await each()).text);
    expect(new Set(alone).size).toBe(ask.length);
    expect(alone[0]).toContain(`${chat.uri}/events?from=4`);
    expect(alone[1]).toContain(`${visitor.uri}/events?from=4`);
    expect(alone[2]).toContain('//chat.example.com/api/');
    // The other way round, so that each comes after another one than before.
    for (const [index, each] of [...ask.entries()].reverse()) {
      expect((await each()).text).toBe(alone[index]);
    }
  });

  it('[CHAT4] sees a chat that is only then ended', async () => {
    const { chat, visitor } = await fixture.chat();
    await chat.get('/events?from=4');
    await visitor.end();
    expect((await chat.get('/events?from=4')).text).toContain('"ended"');
  });
});
