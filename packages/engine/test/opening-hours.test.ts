import { describe, expect, it } from 'vitest';
import {
  availableSlots,
  DEFAULT_SETTINGS,
  estimatedWait,
  isAvailable,
  isOpen,
  nextOpening,
  type OpeningHours,
  type Settings,
  type Weekday,
} from '@parley/engine';
import { agent, AMY, BEN, SALES } from './account.js';
import { START, Fixture } from './fixture.js';

const HOUR = 3_600_000;

/** Every day of the week, from one full hour to another. */
function daily(from: number, to: number): OpeningHours['days'] {
  return ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({
    weekday,
    from: from * 60,
    to: to * 60,
  }));
}

function settings(hours: Partial<OpeningHours>, timeZone = 'UTC'): Settings {
  return { ...DEFAULT_SETTINGS, timeZone, openingHours: { days: [], holidays: [], ...hours } };
}

const at = (iso: string) => Date.parse(iso);

/** START is Monday, 9 o'clock; these hours begin an hour later. */
const LATER: OpeningHours = { days: daily(10, 12), holidays: [] };

function closedFixture(more: Partial<Settings> = {}): Fixture {
  const fixture = new Fixture({
    users: [agent(AMY, { maxChats: 3 }), agent(BEN)],
    settings: { openingHours: LATER, ...more },
  });
  fixture.open(AMY);
  return fixture;
}

describe('opening hours', () => {
  it('[OPEN1] without any, an account is always open', () => {
    expect(isOpen(DEFAULT_SETTINGS, START)).toBe(true);
    expect(isOpen(settings({}), START)).toBe(true);
  });

  it.each([
    ['2026-01-05T08:59:59.999Z', false],
    ['2026-01-05T09:00:00.000Z', true],
    ['2026-01-05T16:59:59.999Z', true],
    ['2026-01-05T17:00:00.000Z', false],
    ['2026-01-11T12:00:00.000Z', false],
  ])('[OPEN1] from the first minute to before the last, on their weekday: %s', (time, open) => {
    const days = daily(9, 17).filter(({ weekday }) => weekday !== 7);
    expect(isOpen(settings({ days }), at(time))).toBe(open);
  });

  it('[OPEN1] count in the account’s time zone, summer time included', () => {
    const athens = settings({ days: daily(9, 17) }, 'Europe/Athens');
    expect(isOpen(athens, at('2026-01-05T07:00:00Z'))).toBe(true);
    expect(isOpen(athens, at('2026-01-05T06:59:00Z'))).toBe(false);
    expect(isOpen(athens, at('2026-07-06T06:00:00Z'))).toBe(true);
    expect(isOpen(athens, at('2026-07-06T05:59:00Z'))).toBe(false);
  });

  it('[OPEN1] may have several parts a day, and go to midnight', () => {
    const weekday: Weekday = 1;
    const two = settings({
      days: [
        { weekday, from: 0, to: 60 },
        { weekday, from: 22 * 60, to: 24 * 60 },
      ],
    });
    expect(isOpen(two, at('2026-01-05T00:30:00Z'))).toBe(true);
    expect(isOpen(two, at('2026-01-05T12:00:00Z'))).toBe(false);
    expect(isOpen(two, at('2026-01-05T23:59:59Z'))).toBe(true);
    expect(isOpen(two, at('2026-01-06T00:00:00Z'))).toBe(false);
  });

  it('[OPEN2] of a holiday replace those of its weekday; without any it is closed', () => {
    const christmas = settings({
      days: daily(9, 17),
      holidays: [
        { date: '2026-12-24', spans: [{ from: 9 * 60, to: 12 * 60 }] },
        { date: '2026-12-25', spans: [] },
      ],
    });
    expect(isOpen(christmas, at('2026-12-24T11:00:00Z'))).toBe(true);
    expect(isOpen(christmas, at('2026-12-24T12:00:00Z'))).toBe(false);
    expect(isOpen(christmas, at('2026-12-25T11:00:00Z'))).toBe(false);
    expect(isOpen(christmas, at('2026-12-26T11:00:00Z'))).toBe(true);
  });

  it.each([
    ['later today', settings({ days: daily(10, 12) }), '2026-01-05T10:00:00Z'],
    [
      'on another weekday',
      settings({ days: [{ weekday: 4, from: 600, to: 720 }] }),
      '2026-01-08T10:00:00Z',
    ],
    [
      'after a holiday',
      settings({ holidays: [{ date: '2026-01-05', spans: [] }] }),
      '2026-01-06T00:00:00Z',
    ],
    [
      'where clocks are elsewhere',
      settings({ days: daily(10, 12) }, 'America/New_York'),
      '2026-01-05T15:00:00Z',
    ],
  ])('[OPEN5] begin next: %s', (_, hours, expected) => {
    expect(new Date(nextOpening(hours, START)).toISOString()).toBe(
      new Date(expected).toISOString(),
    );
    expect(isOpen(hours, nextOpening(hours, START))).toBe(true);
    expect(isOpen(hours, nextOpening(hours, START) - 1)).toBe(false);
  });

  it('[OPEN5] begin next after a change of the clocks, at the local time', () => {
    const berlin = settings({ days: daily(9, 10) }, 'Europe/Berlin');
    const saturday = at('2026-03-28T12:00:00Z');
    expect(new Date(nextOpening(berlin, saturday)).toISOString()).toBe('2026-03-29T07:00:00.000Z');
    // 02:30 does not exist on that night.
    const night = settings({ days: [{ weekday: 7, from: 150, to: 300 }] }, 'Europe/Berlin');
    const opens = nextOpening(night, saturday);
    expect(isOpen(night, opens)).toBe(true);
  });
});

describe('outside of opening hours', () => {
  it('[OPEN3] nobody counts as available', () => {
    const fixture = closedFixture();
    const ask = (now: number) => [
      isAvailable(fixture.state, fixture.config, { skillId: SALES }, null, now),
      isAvailable(fixture.state, fixture.config, { userId: AMY }, null, now),
      availableSlots(fixture.state, fixture.config, { skillId: SALES }, now),
      availableSlots(fixture.state, fixture.config, { userId: AMY }, now),
      estimatedWait(fixture.state, fixture.config, SALES, now),
    ];
    expect(ask(fixture.now)).toEqual([false, false, 0, 0, -1]);
    expect(ask(fixture.now + HOUR)).toEqual([true, true, 3, 3, 0]);
  });

  it('[OPEN3] a request is refused where requests without anybody online are', () => {
    const fixture = closedFixture({ nobodyOnline: { atStart: 'refuse', afterMaxWait: 'wait' } });
    expect(fixture.refused<'chat.request'>(fixture.asking())).toEqual({
      rejected: 'nobody-online',
    });
    fixture.pass(3600);
    expect(fixture.where(fixture.request())).toBe(`ringing ${AMY}`);
  });

  it('[OPEN4] a new chat waits, reads that all are busy, and rings at the first minute', () => {
    const fixture = closedFixture();
    const chats = [fixture.request(), fixture.request({ agent: AMY })];
    fixture.open(BEN);
    expect(fixture.places(...chats)).toEqual(['waiting', 'waiting']);
    fixture.pass(120);
    expect(fixture.feed(chats[0] ?? '')).toEqual(['0 state waiting', '1 system 4', '2 system 2']);
    fixture.pass(3600 - 121);
    expect(fixture.places(...chats)).toEqual(['waiting', 'waiting']);
    fixture.pass(1);
    expect(fixture.places(...chats)).toEqual([`ringing ${AMY}`, `ringing ${AMY}`]);
  });

  it('[OPEN4] a new chat ends after its wait where the account chooses so', () => {
    const fixture = closedFixture({ nobodyOnline: { atStart: 'wait', afterMaxWait: 'end' } });
    const chat = fixture.request();
    fixture.pass(120);
    expect(fixture.where(chat)).toBe('ended');
    fixture.pass(3600);
    expect(fixture.where(chat)).toBe('forgotten');
  });

  it('[OPEN4] a new chat whose wait is over at the first minute rings', () => {
    const fixture = closedFixture({ nobodyOnline: { atStart: 'wait', afterMaxWait: 'end' } });
    const chats = [fixture.request({ maxWait: 3600 }), fixture.request({ maxWait: 3601 })];
    fixture.sleep(3700);
    fixture.tick();
    expect(fixture.places(...chats)).toEqual([`ringing ${AMY}`, `ringing ${AMY}`]);
  });

  it('[OPEN4] a restart in between changes nothing of it', () => {
    const fixture = closedFixture();
    const chat = fixture.request();
    fixture.restart();
    expect(fixture.where(chat)).toBe('waiting');
    fixture.pass(3600);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[OPEN6] chats of before closing time, lost and transferred ones are served', () => {
    const fixture = new Fixture({
      settings: { openingHours: { days: daily(8, 10), holidays: [] } },
    });
    fixture.open(AMY);
    const talking = fixture.chatWith(AMY);
    const early = fixture.request();
    fixture.pass(3600);
    fixture.open(BEN);
    expect(fixture.where(early)).toBe(`ringing ${BEN}`);
    fixture.end(early);
    fixture.transfer(talking, AMY, { skillId: SALES });
    expect(fixture.where(talking)).toBe(`ringing ${BEN}`);
    fixture.accept(BEN);
    fixture.close(BEN);
    expect(fixture.where(talking)).toBe(`ringing ${AMY}`);
    expect(fixture.where(fixture.request())).toBe('waiting');
  });

  it('[CONF8] new hours count at once for the chats that wait for them', () => {
    const fixture = closedFixture();
    const chat = fixture.request();
    fixture.changeSettings({ openingHours: { days: daily(11, 12), holidays: [] } });
    fixture.pass(3600);
    expect(fixture.where(chat)).toBe('waiting');
    fixture.changeSettings({ openingHours: null });
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[CONF8] closing at once leaves what rings and waits', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const ringing = fixture.request();
    const waiting = fixture.request();
    fixture.changeSettings({ openingHours: LATER });
    expect(fixture.places(ringing, waiting)).toEqual([`ringing ${AMY}`, 'waiting']);
    fixture.end(ringing);
    expect(fixture.where(waiting)).toBe(`ringing ${AMY}`);
  });
});
