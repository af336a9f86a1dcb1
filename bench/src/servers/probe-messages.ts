/** What the bench asks of a server's process while it runs (see probe.ts). */
import type { Profiler } from 'node:inspector';

export type ProbeQuestion =
  | { readonly probe: 'cpu' }
  | { readonly probe: 'memory' }
  | { readonly probe: 'profile'; readonly do: 'start' | 'stop' };

export type ProbeAnswer =
  /** Of all threads since the start, seconds. */
  | { readonly probe: 'cpu'; readonly seconds: number }
  /** After a collection of garbage, bytes. */
  | {
      readonly probe: 'memory';
      /** What JavaScript holds on the main thread: objects, and buffers beside the heap. */
      readonly held: number;
      /** What the process takes of the machine's memory, all threads and SQLite included. */
      readonly resident: number;
    }
  /** What the threads did since the start of the profile; none when it was just started. */
  | { readonly probe: 'profile'; readonly threads: readonly ThreadProfile[] };

export interface ThreadProfile {
  readonly thread: 'main thread' | 'worker thread';
  readonly profile: Profiler.Profile;
}
