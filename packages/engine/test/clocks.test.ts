/** Deadlines, heartbeats and typing: the three that know about time alone. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Deadlines, DEFAULT_SETTINGS, Heartbeats, TypingIndicators } from '@parley/engine';
import { AMY, BEN, SALES } from './account.js';
import { VISITOR, Fixture } from './fixture.js';

describe('deadlines', () => {
  it('[DUE5] come due earliest first, by key at the same time', () => {
    const deadlines = new Deadlines();
    for (const [key, at] of [
      ['d', 5],
      ['b', 3],
      ['c', 3],
      ['a', 9],
      ['e', 3],
    ] as const) {
      deadlines.set(key, at);
    }
    expect(deadlines.next()).toBe(3);
    expect(deadlines.takeDue(2)).toEqual([]);
    expect(deadlines.takeDue(5)).toEqual(['b', 'c', 'e', 'd']);
    expect(deadlines.takeDue(5)).toEqual([]);
    expect([deadlines.size, deadlines.next()]).toEqual([1, 9]);
  });

  it('[DUE6] can be moved and cleared', () => {
    const deadlines = new Deadlines();
    deadlines.set('a', 10);
    deadlines.set('a', 20);
    expect(deadlines.takeDue(10)).toEqual([]);
    expect(deadlines.next()).toBe(20);
    deadlines.set('a', 5);
    deadlines.set('b', 6);
    deadlines.clear('b');
    deadlines.clear('never set');
    expect([deadlines.size, deadlines.next()]).toEqual([1, 5]);
    expect(deadlines.takeDue(100)).toEqual(['a']);
    expect([deadlines.size, deadlines.next()]).toEqual([0, null]);
    deadlines.set('a', 20);
    expect(deadlines.takeDue(100)).toEqual(['a']);
  });

  it('[DUE5, DUE6] behave like a sorted table, whatever is done to them', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const at = fc.integer({ min: 0, max: 12 });
    const step = fc.oneof(
      fc.record({ do: fc.constant('set' as const), key, at }),
      fc.record({ do: fc.constant('clear' as const), key }),
      fc.record({ do: fc.constant('take' as const), at }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const deadlines = new Deadlines();
        const table = new Map<string, number>();
        for (const action of steps) {
          if (action.do === 'set') {
            deadlines.set(action.key, action.at);
            table.set(action.key, action.at);
          } else if (action.do === 'clear') {
            deadlines.clear(action.key);
            table.delete(action.key);
          } else {
            const due = [...table]
              .filter(([, time]) => time <= action.at)
              .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
              .map(([name]) => name);
            for (const name of due) table.delete(name);
            expect(deadlines.takeDue(action.at)).toEqual(due);
          }
          expect(deadlines.size).toBe(table.size);
          expect(deadlines.next()).toBe(table.size === 0 ? null : Math.min(...table.values()));
        }
      }),
    );
  });
});

describe('heartbeats', () => {
  it('[LIFE1] silence is reported once, when the grace is over', () => {
    const lines = new Heartbeats();
    lines.watch('a', 100, 1000);
    lines.watch('b', 500, 1000);
    expect(lines.next()).toBe(1100);
    expect(lines.takeSilent(1099)).toEqual([]);
    expect(lines.takeSilent(1100)).toEqual(['a']);
    expect(lines.takeSilent(1100)).toEqual([]);
    expect(lines.next()).toBe(1500);
    lines.touch('a', 1200);
    expect(lines.takeSilent(9999)).toEqual(['b']);
    expect(lines.next()).toBeNull();
  });

  it('[LIFE1] a heartbeat begins the grace anew', () => {
    const lines = new Heartbeats();
    lines.watch('a', 100, 1000);
    lines.touch('a', 1099);
    expect(lines.takeSilent(1100)).toEqual([]);
    expect(lines.next()).toBe(1199);
    lines.touch('a', 1150);
    expect(lines.takeSilent(1199)).toEqual([]);
    expect(lines.takeSilent(1249)).toEqual([]);
    expect(lines.takeSilent(1250)).toEqual(['a']);
  });

  it('[LIFE2] who holds a poll open is alive until the last is released', () => {
    const lines = new Heartbeats();
    let now = 1000;
    const clock = () => now;
    lines.watch('a', 100, now);
    const first = lines.hold('a', clock);
    const second = lines.hold('a', clock);
    now = 5000;
    expect(lines.takeSilent(now)).toEqual([]);
    first();
    now = 5500;
    expect(lines.takeSilent(now)).toEqual([]);
    now = 5590;
    second();
    now = 5689;
    expect(lines.takeSilent(now)).toEqual([]);
    now = 5690;
    expect(lines.takeSilent(now)).toEqual(['a']);
  });

  it('[LIFE3] releasing twice is releasing once', () => {
    const lines = new Heartbeats();
    lines.watch('a', 100, 1000);
    const first = lines.hold('a', () => 1000);
    lines.hold('a', () => 1000);
    first();
    first();
    expect(lines.takeSilent(2000)).toEqual([]);
    const other = lines.hold('gone', () => 1000);
    other();
    expect(lines.next()).not.toBeNull();
  });

  it('[LIFE4] who is no longer watched is not reported', () => {
    const lines = new Heartbeats();
    lines.watch('a', 100, 1000);
    const release = lines.hold('a', () => 1050);
    lines.unwatch('a');
    lines.touch('a', 1050);
    release();
    expect(lines.takeSilent(9999)).toEqual([]);
    expect(lines.next()).toBeNull();
    lines.watch('a', 100, 10_000);
    expect(lines.takeSilent(10_100)).toEqual(['a']);
  });

  it('[LIFE5] an agent session has 120 s', () => {
    expect(DEFAULT_SETTINGS.agentLostSeconds).toBe(120);
    const lines = new Heartbeats();
    const fixture = new Fixture();
    const sessionId = fixture.login(AMY);
    lines.watch(sessionId, fixture.config.settings.agentLostSeconds * 1000, fixture.now);
    fixture.sleep(119.999);
    expect(lines.takeSilent(fixture.now)).toEqual([]);
    fixture.sleep(0.001);
    expect(lines.takeSilent(fixture.now)).toEqual([sessionId]);
  });
});

describe('typing', () => {
  const until = (fixture: Fixture) => fixture.now + fixture.config.settings.typingSeconds * 1000;

  /** A chat of Amy's with both parties typing, on a board that hears of everything after. */
  function typing() {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    const board = new TypingIndicators();
    board.set(chat, 'visitor', 'typing', until(fixture));
    board.set(chat, AMY, 'typing', until(fixture));
    let heard = fixture.journal.length;
    const shown = () => {
      for (const { event } of fixture.journal.slice(heard)) board.observe(event);
      heard = fixture.journal.length;
      return [board.get(chat, 'visitor', fixture.now), board.get(chat, 'agent', fixture.now)];
    };
    return { fixture, chat, board, shown };
  }

  it('[TYPE1] is not-typing until something is known', () => {
    const board = new TypingIndicators();
    expect(board.get('c1', 'visitor', 0)).toBe('not-typing');
    board.set('c1', 'visitor', 'not-typing', 10_000);
    expect(board.get('c1', 'visitor', 0)).toBe('not-typing');
    expect(board.get('c1', 'agent', 0)).toBe('not-typing');
    const { fixture, chat, shown } = typing();
    fixture.line(chat, fixture.as(AMY), 'hello');
    expect(shown()).toEqual(['typing', 'not-typing']);
  });

  it('[TYPE2] falls back after 10 s without renewal', () => {
    const { fixture, chat, board, shown } = typing();
    fixture.pass(9.999);
    expect(shown()).toEqual(['typing', 'typing']);
    board.set(chat, 'visitor', 'typing', until(fixture));
    fixture.pass(0.001);
    expect(shown()).toEqual(['typing', 'not-typing']);
    fixture.pass(9.998);
    expect(shown()).toEqual(['typing', 'not-typing']);
    fixture.pass(0.001);
    expect(shown()).toEqual(['not-typing', 'not-typing']);
  });

  it('[TYPE3] ends with the line it was for', () => {
    const { fixture, chat, shown } = typing();
    fixture.line(chat, VISITOR, 'hi');
    expect(shown()).toEqual(['not-typing', 'typing']);
    fixture.line(chat, fixture.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    expect(shown()).toEqual(['not-typing', 'not-typing']);
  });

  it('[TYPE6] is each one’s own: neither what others say nor their going ends it', () => {
    const { fixture, chat, board, shown } = typing();
    fixture.open(BEN);
    fixture.invite(chat, AMY, { userId: BEN }, 'assistant');
    fixture.accept(BEN);
    fixture.line(chat, fixture.as(BEN), 'psst', { subType: 'ONLY_TO_REP' });
    expect(shown()).toEqual(['typing', 'typing']);
    board.set(chat, BEN, 'typing', until(fixture));
    fixture.line(chat, fixture.as(AMY), 'hello');
    expect(shown()).toEqual(['typing', 'typing']);
    fixture.leave(chat, BEN);
    expect(shown()).toEqual(['typing', 'not-typing']);
  });

  it('[TYPE4] does not end with what the system says', () => {
    const board = new TypingIndicators();
    const fixture = new Fixture();
    const chat = fixture.request({ maxWait: 5 });
    board.set(chat, 'visitor', 'typing', until(fixture));
    fixture.pass(5);
    expect(fixture.feed(chat, 2)).toEqual(['2 system 2']);
    for (const { event } of fixture.journal) board.observe(event);
    expect(board.get(chat, 'visitor', fixture.now)).toBe('typing');
  });

  it.each([
    ['ends', (fixture: Fixture, chat: string) => fixture.end(chat)],
    [
      'is transferred',
      (fixture: Fixture, chat: string) => {
        fixture.open(BEN);
        fixture.transfer(chat, AMY, { skillId: SALES });
      },
    ],
    [
      'loses its agent',
      (fixture: Fixture) => {
        fixture.open(BEN);
        fixture.close(AMY);
      },
    ],
  ])('[TYPE5] is over when the chat %s', (_, leave) => {
    const { fixture, chat, shown } = typing();
    leave(fixture, chat);
    expect(shown()).toEqual(['not-typing', 'not-typing']);
  });

  it('[TYPE5] is not kept for a chat that is forgotten', () => {
    const { fixture, chat, board, shown } = typing();
    fixture.end(chat);
    shown();
    board.set(chat, 'visitor', 'typing', until(fixture) + 86_400_000);
    fixture.pass(1800);
    expect(shown()).toEqual(['not-typing', 'not-typing']);
  });
});
