/** Instants as the wire writes them: in the account's time zone. */

/** Offsets change only at quarter hours (of UTC), so one lookup serves a quarter of an hour. */
const BUCKET_MS = 15 * 60_000;

/** Buckets remembered per zone; more than a day's worth. */
const MAX_BUCKETS = 512;

/** Zones remembered; there are about 600 names. */
const MAX_ZONES = 1_000;

interface Offset {
  readonly ms: number;
  /** `+02:00`, as ISO 8601 appends it. */
  readonly suffix: string;
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly offsets: Map<number, Offset>;
}

const zones = new Map<string, Zone>();

/**
 * ISO 8601 with milliseconds and offset: `2017-02-27T06:24:15.424-05:00`.
 * @param ms epoch milliseconds
 * @param timeZone IANA name, e.g. `Europe/Athens`
 * @throws RangeError for an unknown zone or an instant that is no date
 */
export function formatTime(ms: number, timeZone: string): string {
  const offset = offsetAt(ms, timeZone);
  return new Date(ms + offset.ms).toISOString().slice(0, -1) + offset.suffix;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/**
 * The time of an error document: `Sep 22, 2016 4:10:15 PM`.
 * @param ms epoch milliseconds
 * @param timeZone IANA name
 * @throws RangeError for an unknown zone or an instant that is no date
 */
export function formatErrorTime(ms: number, timeZone: string): string {
  const local = new Date(ms + offsetAt(ms, timeZone).ms);
  const hours = local.getUTCHours();
  const clock = [hours % 12 || 12, two(local.getUTCMinutes()), two(local.getUTCSeconds())].join(
    ':',
  );
  const date = `${MONTHS[local.getUTCMonth()]} ${local.getUTCDate()}, ${local.getUTCFullYear()}`;
  return `${date} ${clock} ${hours < 12 ? 'AM' : 'PM'}`;
}

/**
 * How far the zone's clocks are ahead of UTC at an instant, in milliseconds.
 * @throws RangeError for an unknown zone
 */
export function zoneOffset(ms: number, timeZone: string): number {
  return offsetAt(ms, timeZone).ms;
}

/** Whether a name is a time zone here. */
export function isTimeZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

function offsetAt(ms: number, timeZone: string): Offset {
  const zone = zoneOf(timeZone);
  const bucket = Math.floor(ms / BUCKET_MS);
  const known = zone.offsets.get(bucket);
  if (known !== undefined) return known;
  if (zone.offsets.size >= MAX_BUCKETS) zone.offsets.clear();
  const offset = lookUp(zone.format, bucket * BUCKET_MS);
  zone.offsets.set(bucket, offset);
  return offset;
}

function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  } catch {
    throw new RangeError(
      `There is no time zone ${JSON.stringify(timeZone)}; use an IANA name such as Europe/Athens.`,
    );
  }
  if (zones.size >= MAX_ZONES) zones.clear();
  const zone = { format, offsets: new Map<number, Offset>() };
  zones.set(timeZone, zone);
  return zone;
}

function lookUp(format: Intl.DateTimeFormat, ms: number): Offset {
  const parts = new Map(format.formatToParts(ms).map((part) => [part.type, part.value]));
  const part = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name));
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  const local = new Date(0);
  local.setUTCFullYear(year, part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  const minutes = Math.round((local.getTime() - ms) / 60_000);
  const size = Math.abs(minutes);
  const suffix = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return { ms: minutes * 60_000, suffix };
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
