/** What a journal's entries are read as, and why some cannot be. */
import { describe, expect, it } from 'vitest';
import {
  type AccountEvent,
  decode,
  decodeWith,
  EVENT_TYPES,
  eventVersion,
  UnreadableEvent,
  type Upcasters,
} from '@parley/engine';

/** What an entry says that no error may repeat. */
const SECRET = 'my card is 4111';

const line = {
  type: 'chat.line',
  chatId: 'c',
  feed: [{ id: 0, at: 1, type: 'line', text: SECRET }],
} as unknown as AccountEvent;

function refusal(type: string, version: number, json: string): UnreadableEvent {
  try {
    decode(type, version, json);
  } catch (error) {
    if (error instanceof UnreadableEvent) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('an entry of the journal', () => {
  it('[STORE40] is read as the event it was written from', () => {
    expect(decode('chat.line', eventVersion('chat.line'), JSON.stringify(line))).toEqual(line);
    expect(EVENT_TYPES).toContain('visit.seen');
  });

  it('[STORE40] of a type that has another name now is read as that one', () => {
    const before = { type: 'chat.unrang', chatId: 'c', userId: 7, reason: 'timeout' };
    expect(decode('chat.unrang', 1, JSON.stringify(before))).toEqual({
      ...before,
      type: 'chat.offerWithdrawn',
    });
    expect(refusal('chat.unrang', 2, JSON.stringify(before)).because).toBe('newer');
    expect(EVENT_TYPES).not.toContain('chat.unrang');
  });

  it('[STORE40] of an earlier version is lifted, one version after the other', () => {
    const upcasters: Upcasters = {
      'a.made': [
        ({ name, ...rest }) => ({ ...rest, names: [name] }),
        (event) => ({ ...event, at: null }),
      ],
    };
    const [v1, v2, v3] = [
      { type: 'a.made', name: 'x' },
      { type: 'a.made', names: ['x'] },
      { type: 'a.made', names: ['x'], at: null },
    ];
    for (const [index, event] of [v1, v2, v3].entries()) {
      expect(decodeWith(upcasters, 'a.made', index + 1, JSON.stringify(event))).toEqual(v3);
    }
    expect(() => decodeWith(upcasters, 'a.made', 4, JSON.stringify(v3))).toThrow(
      'it is a a.made of version 4, and this version reads up to 3',
    );
  });

  it.each([
    ['newer', 'chat.sung', 1, JSON.stringify({ ...line, type: 'chat.sung' }), '"chat.sung"'],
    ['newer', SECRET, 1, JSON.stringify(line), 'not shown'],
    ['newer', 'constructor', 1, JSON.stringify(line), 'not shown'],
    ['newer', 'chat.line', 9, JSON.stringify(line), 'version 9'],
    ['damaged', 'chat.line', 0, JSON.stringify(line), 'version 0'],
    ['damaged', 'chat.line', 1.5, JSON.stringify(line), 'version 1.5'],
    ['damaged', 'chat.line', 1, JSON.stringify(line).slice(0, -3), 'not JSON'],
    ['damaged', 'chat.line', 1, `[${JSON.stringify(line)}]`, 'not JSON'],
    ['damaged', 'chat.line', 1, 'null', 'not JSON'],
    ['damaged', 'chat.busy', 1, JSON.stringify(line), 'not that of a chat.busy'],
  ] as const)(
    '[STORE41] that is %s (%s, version %d) is refused by name',
    (because, type, version, json, words) => {
      const error = refusal(type, version, json);
      expect([error.because, error.message]).toEqual([because, expect.stringContaining(words)]);
      expect(`${error.message}${error.stack}`).not.toContain('4111');
    },
  );
});
