/**
 * The documented retry policy of the Chat Agent API, as numbers:
 *
 * - 4xx: never, but for 429: after `Retry-After`, 1 s at least, a login 5 s. (The same request that is
 *   still being answered, 409 with `internalCode` 1511, is asked for again after `Retry-After`.)
 * - 5xx: after 5, 10 and 15 s, then after 2, 4, 8 … minutes; later where `Retry-After` says so.
 * - no answer at all: the server is not there, so it cannot be too busy: 1, 2, 4, 8, then every 15 s.
 *
 * Logins, and all that got no answer, are spread by chance: a server that comes back is not met by
 * everybody at once.
 */

/** What a try came to. */
export interface Failure {
  /** 0: there was no answer. */
  readonly status: number;
  /** Seconds; 0 when the answer has none. */
  readonly retryAfter: number;
  readonly code: number | null;
}

/** How often each kind of failure came in a row. */
export interface Failures {
  answered: number;
  unanswered: number;
}

const REQUEST_IN_FLIGHT = 1511;

/**
 * How long to wait before the next try, milliseconds; null: there shall be none.
 * @param before the failures before this one
 * @param random from 0 up to 1
 */
export function pauseAfter(
  { status, retryAfter, code }: Failure,
  before: Failures,
  login: boolean,
  random: number,
): number | null {
  const spread = 1 + random / 2;
  if (status === 0) return reconnectPause(before.unanswered, random);
  const jitter = login ? spread : 1;
  if (status === 429) return Math.max(retryAfter, login ? 5 : 1) * 1_000 * jitter;
  if (status === 409 && code === REQUEST_IN_FLIGHT) return Math.max(retryAfter, 1) * 1_000;
  if (status < 500) return null;
  const seconds = [5, 10, 15][before.answered] ?? 120 * 2 ** (before.answered - 3);
  return Math.max(seconds, retryAfter) * 1_000 * jitter;
}

/** How long to wait for a server that is not there, milliseconds. @param before the tries before this one */
export function reconnectPause(before: number, random: number): number {
  return ([1, 2, 4, 8][before] ?? 15) * (1 + random / 2) * 1_000;
}
