/**
 * Whether an account serves chats at an instant, and when it does next. Opening hours are times on
 * the account's own clock: an hour that the clock skips is not served, one that it repeats is served
 * twice.
 */
import type { OpenSpan, OpeningHours, Settings } from '../config.js';
import { Temporal } from 'temporal-polyfill';

const MINUTE_MS = 60_000;

/** How far ahead an opening is looked for: a year and a week, so that a yearly season is found. */
const MAX_DAYS_AHEAD = 373;

/** The minute last asked about: most questions of a busy account are about the same one. */
const lastAnswers = new WeakMap<Settings, { readonly minute: number; readonly open: boolean }>();

/**
 * Whether chats are served at an instant.
 * @param now epoch ms
 */
export function isOpen(settings: Settings, now: number): boolean {
  const { openingHours, timeZone } = settings;
  if (openingHours === null) return true;
  const minute = Math.floor(now / MINUTE_MS);
  const last = lastAnswers.get(settings);
  if (last?.minute === minute) return last.open;
  const open = isOpenAt(openingHours, zonedTime(now, timeZone));
  lastAnswers.set(settings, { minute, open });
  return open;
}

/**
 * The first instant after `now`, at which the account is closed, at which it is open again, epoch
 * ms. When none is found within a year the end of that year: it is looked for again then.
 */
export function nextOpening(settings: Settings, now: number): number {
  const { openingHours, timeZone } = settings;
  if (openingHours === null) return now;
  const today = zonedTime(now, timeZone).toPlainDate();
  for (let ahead = 0; ahead <= MAX_DAYS_AHEAD; ahead += 1) {
    const date = today.add({ days: ahead });
    const spans = spansOf(openingHours, date);
    if (spans.length === 0) continue;
    const first = beginnings(date, spans, timeZone)
      .filter((start) => start.epochMilliseconds > now && isOpenAt(openingHours, start))
      .map(({ epochMilliseconds }) => epochMilliseconds)
      .sort((a, b) => a - b)[0];
    if (first !== undefined) return first;
  }
  return zonedTime(now, timeZone).add({ days: MAX_DAYS_AHEAD }).epochMilliseconds;
}

/**
 * Whether an instant lies in one of these spans of the week, on the account's clock.
 * @param now epoch ms
 */
export function isWithin({ timeZone }: Settings, days: OpeningHours['days'], now: number): boolean {
  return days.length > 0 && isOpenAt({ days, holidays: [] }, zonedTime(now, timeZone));
}

const ALL_DAY: readonly OpenSpan[] = [{ from: 0, to: 24 * 60 }];

function zonedTime(at: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
}

function isOpenAt(hours: OpeningHours, local: Temporal.ZonedDateTime): boolean {
  const minute = local.hour * 60 + local.minute;
  return spansOf(hours, local.toPlainDate()).some(({ from, to }) => minute >= from && minute < to);
}

function spansOf({ days, holidays }: OpeningHours, day: Temporal.PlainDate): readonly OpenSpan[] {
  const date = day.toString();
  const holiday = holidays.find((each) => each.date === date);
  if (holiday !== undefined) return holiday.spans;
  if (days.length === 0) return ALL_DAY;
  return days.filter(({ weekday }) => weekday === day.dayOfWeek);
}

/**
 * Instants of a day at which it may open: where a span begins, both times when the clock shows it
 * twice, and wherever the clock is changed, which may be in the middle of one.
 */
function beginnings(
  date: Temporal.PlainDate,
  spans: readonly OpenSpan[],
  timeZone: string,
): readonly Temporal.ZonedDateTime[] {
  const found = spans
    .filter(({ from }) => from < 24 * 60)
    .flatMap(({ from }) => {
      const local = date.toPlainDateTime({ hour: Math.floor(from / 60), minute: from % 60 });
      return (['earlier', 'later'] as const).map((disambiguation) =>
        local.toZonedDateTime(timeZone, { disambiguation }),
      );
    });
  const midnight = date.toZonedDateTime(timeZone);
  found.push(midnight);
  const end = date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
  for (let change = midnight.getTimeZoneTransition('next'); change !== null; ) {
    if (change.epochMilliseconds > end) break;
    found.push(change);
    change = change.getTimeZoneTransition('next');
  }
  return found;
}
