/** How long something takes, as people write it. */

/** `'90s'`, `'1.5m'`, `'2h'`, `'250ms'`, or milliseconds. */
export type Duration = number | `${number}${Unit}`;

/** Parts that add up. */
export interface Span {
  readonly milliseconds?: number;
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
}

type Unit = 'ms' | 's' | 'm' | 'h';

const UNITS: Readonly<Record<Unit, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds. @throws TypeError for what is no duration. */
export function milliseconds(given: Duration | Span): number {
  const ms = typeof given === 'object' ? sum(given) : read(given);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new TypeError(
    `${JSON.stringify(given)} is no duration: write '90s', '5m', '1h', '250ms', milliseconds, or { seconds: 90 }.`,
  );
}

function sum({ milliseconds: ms = 0, seconds = 0, minutes = 0, hours = 0 }: Span): number {
  return ms + seconds * UNITS.s + minutes * UNITS.m + hours * UNITS.h;
}

function read(given: Duration): number {
  if (typeof given === 'number') return given;
  const [, number, unit] = /^([\d.]+)(ms|s|m|h)$/.exec(given) ?? [];
  return unit === undefined ? Number.NaN : Number(number) * UNITS[unit as Unit];
}

/** `+01:02:03` */
export function sinceBegin(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `+${two(seconds / 3_600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
