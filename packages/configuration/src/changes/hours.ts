/** Times of the week, as people write them and as they are kept. */
import type { OpenSpan, Weekday } from '@parley/engine';
import { quoted, WEEKDAYS } from '@parley/protocol';
import { refuse } from './fields.js';

/** Minutes from midnight as `HH:mm`. */
export function clockOf(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

export function weekdayOf(name: (typeof WEEKDAYS)[number]): Weekday {
  return (WEEKDAYS.indexOf(name) + 1) as Weekday;
}

const CLOCK = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

/** @throws WireError unless it ends after it begins */
export function spanOf(at: string, from: string, to: string): OpenSpan {
  const span = { from: minutesOf(`${at}.from`, from), to: minutesOf(`${at}.to`, to) };
  if (span.from < span.to) return span;
  return refuse(
    `${at} ends at ${to}, not after it begins at ${from}: give hours past midnight as two parts, until 24:00 and from 00:00.`,
  );
}

function minutesOf(field: string, value: string): number {
  const parts = CLOCK.exec(value);
  if (parts === null)
    return refuse(`${field} ${quoted(value, 40)} is no time of day: write HH:mm.`);
  return parts[1] === undefined ? 24 * 60 : Number(parts[1]) * 60 + Number(parts[2]);
}

/** @throws WireError when parts of a day overlap */
export function checkApart(day: string, spans: readonly OpenSpan[]): void {
  const sorted = [...spans].sort((a, b) => a.from - b.from);
  const second = sorted.find(({ from }, index) => from < (sorted[index - 1]?.to ?? 0));
  if (second === undefined) return;
  refuse(`The opening hours of ${day} overlap at ${clockOf(second.from)}: join or part them.`);
}
