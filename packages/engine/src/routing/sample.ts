/** What was seen of late, for estimates. */

/** A time-to-accept, for the waiting-time estimate. */
export interface WaitSample {
  readonly at: number;
  readonly waitedMs: number;
  /** From the ring to the acceptance; absent from snapshots of before it was noted. */
  readonly pickupMs?: number;
}

/** How long an agent was in a chat that came to its end there, for the same. */
export interface HandlingSample {
  readonly at: number;
  readonly tookMs: number;
}
