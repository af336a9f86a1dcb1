/** Places in a chat's feed, as a request names them. */
import type { AccountCall } from '../http/call.js';
import type { Parameter } from '@parley/protocol';

/** Far beyond any feed. */
export const LARGEST_POSITION = 1_000_000_000;

/** The query parameter that `fromOf` reads. */
export const FROM_QUERY: Readonly<Record<'from', Parameter>> = {
  from: {
    description: 'Id of the first event wanted; 0 when left out.',
    schema: { type: 'integer', minimum: 0 },
    example: 5,
  },
};

/** `from`: the first event wanted; 0 when absent. */
export function fromOf(call: AccountCall): number {
  return call.queryInteger('from', { min: 0, max: LARGEST_POSITION }) ?? 0;
}

/** The event id in the path; null for what cannot be one: it is simply not there. */
export function eventIdOf(call: AccountCall): number | null {
  const text = call.param('event');
  return /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : null;
}
