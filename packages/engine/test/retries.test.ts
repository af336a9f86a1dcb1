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
import { VISITOR, Fixture } from './fixture.js';

/** A request by its number; prints are 22 characters. */
function request(number: number, caller: RetryCaller, body = 'body'): Idempotency {
  return { key: `key${number}`.padEnd(22, '.'), body: body.padEnd(22, '.'), caller };
}

const HOUR = 3_600;

describe('what is kept of requests', () => {
  it('[IDEM12] is found again after a restart: with the line, or for a day', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    const line = fixture.saying(chat, VISITOR, 'hi');
    const read = { type: 'chat.read', chatId: chat, from: VISITOR, read: 3 } as const;
    fixture.try(line, request(1, chat));
    fixture.try(read, request(2, AMY));
    fixture.line(chat, VISITOR, 'more');
    fixture.restart();
    const again = fixture.try(line, request(1, chat));
    expect(again).toEqual({ reply: { eventId: 4 }, replayed: true, events: [] });
    expect(fixture.try(read, request(2, AMY))).toEqual({
      reply: { read: 3 },
      replayed: true,
      events: [],
    });
    expect(fixture.feed(chat, 4)).toEqual(['4 -: hi', '5 -: more']);
    fixture.end(chat);
    expect(fixture.try(line, request(1, chat))).toMatchObject({ replayed: true });
    // The chat is forgotten, and its lines with it; the other record has its day.
    fixture.pass(23 * HOUR);
    expect(fixture.try(line, request(1, chat))).toMatchObject({
      rejection: { rejected: 'unknown-chat' },
    });
    expect(fixture.try(read, request(2, AMY))).toMatchObject({ replayed: true });
    fixture.pass(HOUR);
    expect(fixture.try(read, request(2, AMY))).toMatchObject({
      rejection: { rejected: 'unknown-chat' },
    });
    fixture.tick();
    fixture.request();
    expect(takeSnapshot(fixture.state).answered).toEqual([]);
  });

  it('[IDEM14] goes with the chat, when its visitor asked', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    const mail = { type: 'transcript.request', email: 'v@example.com', subject: null } as const;
    fixture.try({ ...mail, chatId: chat }, request(1, chat));
    expect(fixture.state.retries.records.size).toBe(1);
    fixture.end(chat);
    fixture.pass(HOUR);
    expect(fixture.state.retries.records.size).toBe(0);
    expect(fixture.state.memory.bytes).toEqual(recount(fixture.state).bytes);
  });

  it.each([
    ['a user', AMY, MAX_RETRIES_OF_USER],
    ["a chat's visitor", 'c1', MAX_RETRIES_OF_CHAT],
  ])(
    '[IDEM14] of %s is bounded: the oldest go, but none that is younger than an hour',
    (_, caller, most) => {
      const fixture = new Fixture();
      fixture.open(AMY, BEN);
      const chat = fixture.chatWith(AMY);
      expect(chat).toBe('c1');
      const read = { type: 'chat.read', chatId: chat, from: VISITOR, read: 0 } as const;
      for (let n = 0; n < most; n += 1) fixture.try(read, request(n, caller));
      const first = fixture.now;
      expect(fixture.state.retries.records.size).toBe(most);
      const retryAt = first + HOUR * 1000;
      const refused = { rejection: { rejected: 'too-many-keys', retryAt }, events: [] };
      expect(fixture.try(read, request(most, caller))).toEqual(refused);
      // Others are not kept from theirs, lines are kept elsewhere, and who needs no key goes on.
      expect(fixture.try(read, request(-1, BEN))).toMatchObject({ reply: { read: 0 } });
      expect(
        fixture.try(fixture.saying(chat, VISITOR, 'hi'), request(most + 1, caller)),
      ).toMatchObject({
        reply: { eventId: 4 },
      });
      expect(fixture.try(read)).toMatchObject({ reply: { read: 0 } });
      expect(fixture.try(read, request(0, caller))).toMatchObject({ replayed: true });
      fixture.now = retryAt;
      expect(fixture.try(read, request(most, caller))).not.toHaveProperty('replayed');
      expect(fixture.try(read, request(1, caller))).toMatchObject({ replayed: true });
      expect(fixture.try(read, request(0, caller))).not.toHaveProperty('replayed');
      expect(fixture.state.retries.records.size).toBe(most + 1);
      expect(fixture.state.memory.bytes).toEqual(recount(fixture.state).bytes);
      expect(takeSnapshot(restored(fixture.state))).toEqual(takeSnapshot(fixture.state));
    },
  );

  it('[IDEM14] counts as in use, and is refused when there is no room for it', () => {
    const live = 40_000;
    const unlimited = { stranger: Infinity, served: Infinity, user: Infinity };
    const fixture = new Fixture({}, { live, idle: Infinity, left: unlimited });
    const survey = { surveyId: 1, title: 'T', answers: [] };
    const visitor = { visitorId: null, ip: '192.0.2.1', userAgent: null, language: null };
    const leave = { type: 'offline.leaveSurvey', skillId: null, visitor, survey } as const;
    let kept = 0;
    for (; 'reply' in fixture.try(leave, request(kept, null)); kept += 1) {
      expect(kept).toBeLessThan(100);
    }
    const share = STEPS.stranger.network * live;
    expect(kept).toBe(Math.floor(share / (fixture.state.memory.bytes.live / kept)));
    expect(fixture.state.memory.bytes.live).toBeGreaterThan(kept * BYTES_PER_RETRY);
    expect(fixture.eventTypes().filter((type) => type === 'offline.surveyLeft')).toHaveLength(kept);
  });

  it('[IDEM15] is nothing when the request was refused: it is decided anew', () => {
    const fixture = new Fixture();
    const session = fixture.login(AMY);
    const accept = { type: 'session.accept', sessionId: session } as const;
    expect(fixture.try(accept, request(1, AMY))).toMatchObject({
      rejection: { rejected: 'nothing-ringing' },
    });
    const chat = fixture.request();
    expect(fixture.try(accept, request(1, AMY))).toMatchObject({ reply: { chatId: chat } });
    expect(fixture.try(accept, request(1, AMY))).toMatchObject({ replayed: true });
    expect(fixture.try(accept, request(1, AMY, 'other'))).toMatchObject({
      rejection: { rejected: 'key-reused' },
    });
  });
});
