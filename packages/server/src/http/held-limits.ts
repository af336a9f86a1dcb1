/** How much memory clients may make the server hold, as the heap allows that it was started with. */
import { getHeapStatistics } from 'node:v8';
import type { HeldLimits } from './held-memory.js';

const MEBIBYTE = 1024 * 1024;

/** Of the heap, what may be held at most. */
export const PART_OF_HEAP = 1 / 8;
export const MAX_IN_ALL = 128 * MEBIBYTE;

/** Of all of it, what one network may have. */
export const PART_OF_NETWORK = 1 / 8;

export function defaultHeldLimits(
  heapBytes = getHeapStatistics().heap_size_limit,
): Pick<HeldLimits, 'heldPerAddress' | 'heldInAll'> {
  const heldInAll = Math.floor(Math.min(MAX_IN_ALL, heapBytes * PART_OF_HEAP));
  return { heldInAll, heldPerAddress: Math.floor(heldInAll * PART_OF_NETWORK) };
}
