/** Places in a chat's feed, as a request names them. */
import { WireError } from '@parley/protocol';
import type { AccountCall } from '../http/call.js';

/** Far beyond any feed. */
const LARGEST = 1_000_000_000;

/** `from`: the first event wanted; 0 when absent. */
export function fromOf(call: AccountCall): number {
  return call.queryInteger('from', { min: 0, max: LARGEST }) ?? 0;
}

/** The event id in the path. What cannot be one is simply not there. */
export function eventIdOf(call: AccountCall): number {
  const text = call.param('event');
  if (!/^\d{1,9}$/.test(text)) {
    throw new WireError('notFound', 'There is no such event in this chat.');
  }
  return Number(text);
}
