/** How V8 keeps the objects of a server. */
import { setFlagsFromString } from 'node:v8';

/**
 * Has every object begin in the young generation, from now on and in all threads.
 *
 * V8 watches which places of the code make objects that live on, and then makes what comes from there
 * old at once. In a server the same place makes both: what thousands of connections keep, and what one
 * request needs for a moment. The latter, made old, held on to its request and answer, all of them, until
 * the next collection of the whole heap: a third of all bytes was promoted, and collections took several
 * times as long.
 */
export function allBeginYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/**
 * Has the whole heap collected when it has doubled since the last time.
 *
 * V8 lets the heap of a program that does little grow by a tenth or so. A server does little compared with
 * what a thousand connections need that come at once, after a restart or when a proxy moves: its whole heap
 * was collected four times within three seconds then, 20 ms each, while everybody waited. What V8 was given
 * at most (`--max-old-space-size`) stays the limit.
 */
export function heapDoubles(): void {
  setFlagsFromString('--heap-growing-percent=100');
}
