/** What the bench and its load process say to each other. */

/** One measurement to make: every client has a connection of its own. */
export interface Job {
  readonly port: number;
  /** One whole HTTP request per client, sent again and again. */
  readonly requests: readonly string[];
  /** The status that every answer must have. */
  readonly expect: number;
  readonly seconds: number;
  readonly arrivals: Arrivals;
}

export type Arrivals =
  /** A client sends its next request when the last is answered. */
  | { readonly kind: 'closed' }
  /**
   * Each client sends once per second at a moment of its own, answered or not: what cannot be sent
   * yet waits, and its latency counts from the moment it should have been sent.
   */
  | { readonly kind: 'every-second'; readonly seed: number };

export interface JobResult {
  /** Answers per second, as long as clients kept asking. */
  readonly rate: number;
  /** Answers by client, the first one included, which only shows that it is connected. */
  readonly answered: readonly number[];
  /** Milliseconds, in the order of the answers. */
  readonly latencies: Float64Array;
  /** How late the generator itself sent, milliseconds; empty for closed loops. */
  readonly lateness: Float64Array;
  /** CPU time of the load process, seconds. */
  readonly cpuSeconds: number;
}

export type ToLoad =
  | { readonly kind: 'prepare'; readonly job: Job }
  /** Starts what was prepared. */
  | { readonly kind: 'go' };

export type FromLoad =
  /** Every client is connected. */
  { readonly kind: 'prepared' } | { readonly kind: 'done'; readonly result: JobResult };
