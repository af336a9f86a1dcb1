/** How long what was said is kept: an account's `retentionDays`. */
import type { AccountConfiguration } from '@parley/configuration/records/records';

const DAY_MS = 24 * 60 * 60_000;

/**
 * What was over before is not shown any more, and is erased.
 * @returns epoch ms; -Infinity when everything is kept
 */
export function keptSince({ settings }: AccountConfiguration, now: number): number {
  const { retentionDays } = settings;
  return retentionDays === null ? Number.NEGATIVE_INFINITY : now - retentionDays * DAY_MS;
}
