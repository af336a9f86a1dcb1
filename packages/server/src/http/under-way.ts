/**
 * Requests that bring something and wait to be carried out: their bodies, what was read out of them,
 * and what of it is on its way to the disk. Where the disk is slow they pile up.
 */
import type { AskedRequest } from './asked.js';
import { WireError } from '@parley/protocol';
import type { HttpContext } from './context.js';
import type { Holding } from './held-memory.js';

/** What a request holds beside its body, bytes. */
export const BYTES_PER_REQUEST = 2_000;

/** The body as text, as values, as events and as journal entries. */
export const TIMES_BODY = 4;

/** When there may be room again, seconds. */
const RETRY_AFTER = '2';

/** Methods that change nothing: an answer that waits for the disk is counted where it is made. */
const ASKS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Counts a request as held for its network, until it is released.
 * @returns null for one that only asks
 * @throws WireError 429 or 503 when its network, or all together, hold too much already.
 */
export function holdRequest(server: HttpContext, { body, raw }: AskedRequest): Holding | null {
  const length = typeof body === 'string' ? body.length : 0;
  if (length === 0 && ASKS.has(raw.method ?? '')) return null;
  const { underWay: held, proxies } = server;
  const bytes = BYTES_PER_REQUEST + TIMES_BODY * length;
  const network = proxies.network(raw);
  const lacking = held.lacks(network, bytes);
  if (lacking === null) return held.hold(network, bytes, null);
  const headers = { 'retry-after': RETRY_AFTER };
  throw lacking === 'network'
    ? new WireError(
        'tooManyRequests',
        `So many requests of ${network} are under way that no more is taken from there: wait for their answers, then send it again.`,
        headers,
      )
    : new WireError(
        'busy',
        'So many requests are under way that no more is taken; send it again.',
        headers,
      );
}
