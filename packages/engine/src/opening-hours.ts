/** Whether an account serves chats at an instant, and when it does next. */
import type { OpenSpan, OpeningHours, Settings, Weekday } from './config.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How far ahead an opening is looked for: a year and a week, so that a yearly season is found. */
const FARTHEST_DAYS = 373;

/** A local day and the minutes since its midnight. */
interface LocalTime {
  /** Days since 1 January 1970. */
  readonly day: number;
  readonly minute: number;
}

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
  const local = localTime(now, timeZone);
  const open = spansOf(openingHours, local.day).some(
    ({ from, to }) => local.minute >= from && local.minute < to,
  );
  lastAnswers.set(settings, { minute, open });
  return open;
}

/**
 * The next instant after `now` at which chats are served, epoch ms. When none is found within a year
 * the end of that year: it is looked for again then.
 */
export function nextOpening(settings: Settings, now: number): number {
  const { openingHours, timeZone } = settings;
  if (openingHours === null) return now;
  const local = localTime(now, timeZone);
  for (let ahead = 0; ahead <= FARTHEST_DAYS; ahead += 1) {
    const day = local.day + ahead;
    const starts = spansOf(openingHours, day)
      .map(({ from }) => instantOf(day, from, timeZone))
      .filter((at) => at > now)
      .sort((a, b) => a - b);
    const first = starts[0];
    if (first !== undefined) return first;
  }
  return now + FARTHEST_DAYS * DAY_MS;
}

const ALL_DAY: readonly OpenSpan[] = [{ from: 0, to: 24 * 60 }];

function spansOf({ days, holidays }: OpeningHours, day: number): readonly OpenSpan[] {
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  const holiday = holidays.find((each) => each.date === date);
  if (holiday !== undefined) return holiday.spans;
  if (days.length === 0) return ALL_DAY;
  const weekday = weekdayOf(day);
  return days.filter((each) => each.weekday === weekday);
}

/** 1 January 1970 was a Thursday. */
function weekdayOf(day: number): Weekday {
  return (((((day + 3) % 7) + 7) % 7) + 1) as Weekday;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

function localTime(at: number, timeZone: string): LocalTime {
  const parts = formatOf(timeZone).formatToParts(at);
  const part = (name: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find(({ type }) => type === name)?.value);
  return {
    day: Math.floor(Date.UTC(part('year'), part('month') - 1, part('day')) / DAY_MS),
    minute: part('hour') * 60 + part('minute'),
  };
}

/** The instant of a local time; where clocks jump over it, the one just as far after the jump. */
function instantOf(day: number, minute: number, timeZone: string): number {
  const wanted = day * DAY_MS + minute * MINUTE_MS;
  const offsetAt = (at: number) => {
    const local = localTime(at, timeZone);
    return local.day * DAY_MS + local.minute * MINUTE_MS - Math.floor(at / MINUTE_MS) * MINUTE_MS;
  };
  // The offset at the wanted time, found from a first guess; a second look settles it near a change.
  const guess = wanted - offsetAt(wanted);
  return wanted - offsetAt(guess);
}
