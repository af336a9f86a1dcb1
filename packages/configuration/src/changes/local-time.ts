/** Times in the configuration as the original API writes them. */
import { formatTime } from '@parley/protocol';

/**
 * `2017-02-27 06:24:15` on the account's clock; undefined for a time that is not known.
 * @param at epoch ms, 0 for unknown
 */
export function localTime(at: number, timeZone: string): string | undefined {
  return at === 0 ? undefined : formatTime(at, timeZone).slice(0, 19).replace('T', ' ');
}
