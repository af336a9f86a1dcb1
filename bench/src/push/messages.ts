/** What the bench and the load process of waiting polls say to each other. */

/** How the other party follows. */
export type Over = 'long-poll' | 'sse' | 'websocket';

/** Two parties of a chat: one writes, the other follows. */
export interface Pair {
  /** A whole HTTP request that adds a line. */
  readonly line: string;
  /** Where the other party polls: the request's target, up to the value of `from`. */
  readonly target: string;
  /** Where its streams are: the target up to `/stream` and `/ws`. */
  readonly stream: string;
  /** Its headers, each ended by CRLF, and the empty line. */
  readonly headers: string;
  /** The id that the next event will have. */
  readonly next: number;
}

export type PushJob =
  | {
      readonly kind: 'pairs';
      readonly port: number;
      readonly pairs: readonly Pair[];
      readonly over: Over;
      /** `every-second`: by a plan; `busy`: the next line as soon as the last was delivered. */
      readonly pace: 'every-second' | 'busy';
      readonly seconds: number;
      readonly seed: number;
    }
  /** Opens connections on which a request waits, and keeps them until `release`. */
  | {
      readonly kind: 'hold';
      readonly port: number;
      readonly tls: boolean;
      readonly requests: readonly string[];
      /** What comes back by the time it counts as open: nothing, or the first of a stream. */
      readonly begins: 'silent' | 'with-frame';
    }
  | { readonly kind: 'release' };

export interface PairsResult {
  /** From the moment a line was to be sent to the other party's answer with it, ms. */
  readonly delivered: Float64Array;
  /**
   * The same from the moment it was sent, ms: without what the load process was late. A line that had to
   * wait for the answer to the one before counts from when it was to be sent.
   */
  readonly carried: Float64Array;
  /** From when it was to be sent to the writer's own answer, ms. */
  readonly acknowledged: Float64Array;
  /** How late the load process itself sent, ms. */
  readonly lateness: Float64Array;
  /** How many lines of each pair were delivered. */
  readonly lines: readonly number[];
  /** Of the time that counts, seconds. */
  readonly seconds: number;
  /** CPU time that the load process itself took for all of it, seconds. */
  readonly loadCpu: number;
}

export type PushAnswer =
  | { readonly kind: 'pairs'; readonly result: PairsResult }
  | { readonly kind: 'held' }
  | { readonly kind: 'released'; readonly answered: number };
