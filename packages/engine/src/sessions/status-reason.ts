/** Reasons for being in a state, as the account offers them. */
import type { Availability } from './availability.js';

/** A reason as the engine must know it; `chatReasonId` names it. */
export interface StatusReason {
  readonly id: number;
  /** The state that it is a reason for. */
  readonly state: Availability;
  /** One that is not cannot be chosen any more; who has it keeps it. */
  readonly enabled: boolean;
}

/** Why a reason cannot be chosen for a state. */
export type ReasonRefused = 'unknown' | 'other-state' | 'disabled';
