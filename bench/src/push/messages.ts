/** What the bench and the load process of waiting polls say to each other. */

/** Two parties of a chat: one writes a line each second, the other follows by long poll. */
export interface Pair {
  /** A whole HTTP request that adds a line. */
  readonly line: string;
  /** Where the other party reads: the request's target, up to the value of `from`. */
  readonly target: string;
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
      readonly seconds: number;
      readonly seed: number;
    }
  /** Opens connections on which a request waits, and keeps them until `release`. */
  | {
      readonly kind: 'hold';
      readonly port: number;
      readonly tls: boolean;
      readonly requests: readonly string[];
    }
  | { readonly kind: 'release' };

export interface PairsResult {
  /** From the moment a line was to be sent to the other party's answer with it, ms. */
  readonly delivered: Float64Array;
  /** From the same moment to the writer's own answer, ms. */
  readonly acknowledged: Float64Array;
  /** How late the load process itself sent, ms. */
  readonly lateness: Float64Array;
  /** How many lines of each pair were delivered. */
  readonly lines: readonly number[];
}

export type PushAnswer =
  | { readonly kind: 'pairs'; readonly result: PairsResult }
  | { readonly kind: 'held' }
  | { readonly kind: 'released'; readonly answered: number };
