/**
 * Opening hours held against another library, minute by minute, around changes of the clocks: what
 * is open now, and when it opens next, must agree at each of them in whatever zone.
 */
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SETTINGS,
  isOpen,
  nextOpening,
  type OpeningHours,
  type Weekday,
} from '@parley/engine';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const ZONES = Intl.supportedValuesOf('timeZone');

/** Whether it is open, by Luxon's clock alone. */
function openByLuxon({ days, holidays }: OpeningHours, at: number, zone: string): boolean {
  const local = DateTime.fromMillis(at, { zone });
  const minute = local.hour * 60 + local.minute;
  const holiday = holidays.find(({ date }) => date === local.toISODate());
  const spans = holiday?.spans ?? days.filter(({ weekday }) => weekday === local.weekday);
  return spans.some(({ from, to }) => minute >= from && minute < to);
}

/** The changes of a zone's offset in two years, to the minute; none where there is no summer time. */
function changesOf(zone: string): readonly number[] {
  const offset = (at: number) => DateTime.fromMillis(at, { zone }).offset;
  const found: number[] = [];
  for (let at = Date.UTC(2025, 0, 1); at < Date.UTC(2027, 0, 1); at += DAY) {
    if (offset(at) === offset(at + DAY)) continue;
    let low = at;
    let high = at + DAY;
    while (high - low > MINUTE) {
      const middle = low + Math.floor((high - low) / MINUTE / 2) * MINUTE;
      if (offset(middle) === offset(low)) low = middle;
      else high = middle;
    }
    found.push(high);
  }
  return found;
}

const span = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 400 }))
  .map(([from, length]) => ({ from, to: Math.min(1440, from + length) }));

const hours: fc.Arbitrary<OpeningHours['days']> = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 7 }), span).map(([weekday, part]) => ({
    weekday: weekday as Weekday,
    ...part,
  })),
  { minLength: 4, maxLength: 14 },
);

/** @throws AssertionError at the first minute about which the two do not agree. */
function compare(days: OpeningHours['days'], zone: string, from: number, to: number): void {
  const openingHours = { days, holidays: [] };
  const settings = { ...DEFAULT_SETTINGS, timeZone: zone, openingHours };
  let next: number | null = null;
  for (let at = to; at >= from; at -= MINUTE) {
    const open = openByLuxon(openingHours, at, zone);
    const when = `${zone} ${new Date(at).toISOString()}`;
    expect(isOpen(settings, at), when).toBe(open);
    // Each half hour, and the minutes on both sides of an opening.
    const asked = at % (30 * MINUTE) === 0 || next === at + MINUTE;
    if (!open && next !== null && asked) {
      expect(new Date(nextOpening(settings, at)).toISOString(), when).toBe(
        new Date(next).toISOString(),
      );
    }
    if (open) next = at;
  }
}

describe('opening hours around a change of the clocks', () => {
  it('[OPEN7] what is open and what opens next agree at every minute, in any zone', () => {
    const zone = fc.constantFrom(...ZONES);
    fc.assert(
      fc.property(zone, hours, fc.nat(), (name, days, pick) => {
        const changes = changesOf(name);
        const at = changes[pick % Math.max(1, changes.length)] ?? Date.UTC(2026, 2, 29);
        compare(days, name, at - DAY / 2, at + DAY);
      }),
      { numRuns: Number(process.env['PARLEY_ZONE_RUNS'] ?? 12), timeout: 60_000 },
    );
  }, 60_000);

  it.each([
    ['Europe/Berlin', '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', '2026-10-25T01:00:00Z'],
    // By half an hour, and across midnight.
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
    ['America/Havana', '2026-03-08T05:00:00Z'],
    ['America/Havana', '2026-11-01T05:00:00Z'],
    ['Africa/Cairo', '2026-04-23T22:00:00Z'],
  ])('[OPEN7] a part that begins within the change: %s at %s', (zone, iso) => {
    const change = Date.parse(iso);
    for (const minutes of [-31, -1, 0, 1, 29, 31, 61]) {
      const local = DateTime.fromMillis(change + minutes * MINUTE, { zone });
      const from = local.hour * 60 + local.minute;
      const days = ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({
        weekday,
        from,
        to: Math.min(1440, from + 45),
      }));
      compare(days, zone, change - 200 * MINUTE, change + 200 * MINUTE);
    }
  });
});
