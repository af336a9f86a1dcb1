/** Requests that may come again: what is kept of them, for how long, and how much. */
import { describe, expect, it } from 'vitest';
import {
  BYTES_PER_RETRY,
  type Idempotency,
  MAX_RETRIES_OF_CHAT,
  MAX_RETRIES_OF_USER,
  recount,
  type RetryCaller,
  STEPS,
  takeSnapshot,
} from '@parley/engine';
import { AMY, BEN } from './account.js';
import { restored } from './restored.js';
import { VISITOR, World } from './world.js';

/** A request by its number; prints are 22 characters. */
function request(number: number, caller: RetryCaller, body = 'body'): Idempotency {
  return { key: `key${number}`.padEnd(22, '.'), body: body.padEnd(22, '.'), caller };
}

const HOUR = 3_600;

describe('what is kept of requests', () => {
  it('[IDEM12] is found again after a restart: with the line, or for a day', () => {
    const world = new World();
    world.open(AMY);
    const chat = world.chatWith(AMY);
    const line = world.saying(chat, VISITOR, 'hi');
    const read = { type: 'chat.read', chatId: chat, from: VISITOR, read: 3 } as const;
    world.try(line, request(1, chat));
    world.try(read, request(2, AMY));
    world.line(chat, VISITOR, 'more');
    world.restart();
    const again = world.try(line, request(1, chat));
    expect(again).toEqual({ reply: { eventId: 4 }, replayed: true, events: [] });
    expect(world.try(read, request(2, AMY))).toEqual({
      reply: { read: 3 },
      replayed: true,
      events: [],
    });
    expect(world.feed(chat, 4)).toEqual(['4 -: hi', '5 -: more']);
    world.end(chat);
    expect(world.try(line, request(1, chat))).toMatchObject({ replayed: true });
    // The chat is forgotten, and its lines with it; the other record has its day.
    world.pass(23 * HOUR);
    expect(world.try(line, request(1, chat))).toMatchObject({
      rejection: { rejected: 'unknown-chat' },
    });
    expect(world.try(read, request(2, AMY))).toMatchObject({ replayed: true });
    world.pass(HOUR);
    expect(world.try(read, request(2, AMY))).toMatchObject({
      rejection: { rejected: 'unknown-chat' },
    });
    world.tick();
    world.request();
    expect(takeSnapshot(world.state).answered).toEqual([]);
  });

  it('[IDEM14] goes with the chat, when its visitor asked', () => {
    const world = new World();
    world.open(AMY);
    const chat = world.chatWith(AMY);
    const mail = { type: 'transcript.request', email: 'v@example.com', subject: null } as const;
    world.try({ ...mail, chatId: chat }, request(1, chat));
    expect(world.state.retries.records.size).toBe(1);
    world.end(chat);
    world.pass(HOUR);
    expect(world.state.retries.records.size).toBe(0);
    expect(world.state.memory.bytes).toEqual(recount(world.state).bytes);
  });

  it.each([
    ['a user', AMY, MAX_RETRIES_OF_USER],
    ["a chat's visitor", 'c1', MAX_RETRIES_OF_CHAT],
  ])(
    '[IDEM14] of %s is bounded: the oldest go, but none that is younger than an hour',
    (_, caller, most) => {
      const world = new World();
      world.open(AMY, BEN);
      const chat = world.chatWith(AMY);
      expect(chat).toBe('c1');
      const read = { type: 'chat.read', chatId: chat, from: VISITOR, read: 0 } as const;
      for (let n = 0; n < most; n += 1) world.try(read, request(n, caller));
      const first = world.now;
      expect(world.state.retries.records.size).toBe(most);
      const retryAt = first + HOUR * 1000;
      const refused = { rejection: { rejected: 'too-many-keys', retryAt }, events: [] };
      expect(world.try(read, request(most, caller))).toEqual(refused);
      // Others are not kept from theirs, lines are kept elsewhere, and who needs no key goes on.
      expect(world.try(read, request(-1, BEN))).toMatchObject({ reply: { read: 0 } });
      expect(world.try(world.saying(chat, VISITOR, 'hi'), request(most + 1, caller))).toMatchObject(
        {
          reply: { eventId: 4 },
        },
      );
      expect(world.try(read)).toMatchObject({ reply: { read: 0 } });
      expect(world.try(read, request(0, caller))).toMatchObject({ replayed: true });
      world.now = retryAt;
      expect(world.try(read, request(most, caller))).not.toHaveProperty('replayed');
      expect(world.try(read, request(1, caller))).toMatchObject({ replayed: true });
      expect(world.try(read, request(0, caller))).not.toHaveProperty('replayed');
      expect(world.state.retries.records.size).toBe(most + 1);
      expect(world.state.memory.bytes).toEqual(recount(world.state).bytes);
      expect(takeSnapshot(restored(world.state))).toEqual(takeSnapshot(world.state));
    },
  );

  it('[IDEM14] counts as in use, and is refused when there is no room for it', () => {
    const live = 40_000;
    const unlimited = { stranger: Infinity, served: Infinity, user: Infinity };
    const world = new World({}, { live, idle: Infinity, left: unlimited });
    const survey = { surveyId: 1, title: 'T', answers: [] };
    const visitor = { visitorId: null, ip: '192.0.2.1', userAgent: null, language: null };
    const leave = { type: 'offline.leaveSurvey', skillId: null, visitor, survey } as const;
    let kept = 0;
    for (; 'reply' in world.try(leave, request(kept, null)); kept += 1) {
      expect(kept).toBeLessThan(100);
    }
    const share = STEPS.stranger.network * live;
    expect(kept).toBe(Math.floor(share / (world.state.memory.bytes.live / kept)));
    expect(world.state.memory.bytes.live).toBeGreaterThan(kept * BYTES_PER_RETRY);
    expect(world.eventTypes().filter((type) => type === 'offline.surveyLeft')).toHaveLength(kept);
  });

  it('[IDEM15] is nothing when the request was refused: it is decided anew', () => {
    const world = new World();
    const session = world.login(AMY);
    const accept = { type: 'session.accept', sessionId: session } as const;
    expect(world.try(accept, request(1, AMY))).toMatchObject({
      rejection: { rejected: 'nothing-ringing' },
    });
    const chat = world.request();
    expect(world.try(accept, request(1, AMY))).toMatchObject({ reply: { chatId: chat } });
    expect(world.try(accept, request(1, AMY))).toMatchObject({ replayed: true });
    expect(world.try(accept, request(1, AMY, 'other'))).toMatchObject({
      rejection: { rejected: 'key-reused' },
    });
  });
});
