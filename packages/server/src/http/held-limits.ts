/** What clients may make the server hold, as the heap allows that it was started with. */
import { getHeapStatistics } from 'node:v8';
import { type ConnectionLimits, DEFAULT_CONNECTION_LIMITS } from './listeners.js';

const MEBIBYTE = 1024 * 1024;

/** Of the heap, what may be held at most. */
export const PART_OF_HEAP = 1 / 8;
export const MAX_IN_ALL = 128 * MEBIBYTE;

/** Of all of it, what one network may have. */
export const PART_OF_NETWORK = 1 / 8;

/** A connection takes about a third of that of the heap while its request is under way, bytes. */
export const HEAP_PER_CONNECTION = 28 * 1024;

/** Of all connections, those that one network may have. */
export const CONNECTIONS_OF_NETWORK = 5 / 8;

export function defaultConnectionLimits(
  heapBytes = getHeapStatistics().heap_size_limit,
): ConnectionLimits {
  const heldInAll = Math.floor(Math.min(MAX_IN_ALL, heapBytes * PART_OF_HEAP));
  const inAll = Math.min(
    DEFAULT_CONNECTION_LIMITS.inAll,
    Math.floor(heapBytes / HEAP_PER_CONNECTION),
  );
  return {
    ...DEFAULT_CONNECTION_LIMITS,
    inAll,
    perAddress: Math.min(
      DEFAULT_CONNECTION_LIMITS.perAddress,
      Math.floor(inAll * CONNECTIONS_OF_NETWORK),
    ),
    heldInAll,
    heldPerAddress: Math.floor(heldInAll * PART_OF_NETWORK),
  };
}
