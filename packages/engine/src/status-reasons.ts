/** Why an agent is in a state: reasons that the account offers, and what a session may name of them. */
import type { AccountConfig } from './config.js';
import type { Situation } from './decide.js';
import type { AccountEvent, Availability } from './events.js';

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

/** Null when it can. */
export function whyNot(
  { statusReasons }: AccountConfig,
  reasonId: number,
  availability: Availability,
): ReasonRefused | null {
  const reason = statusReasons.get(reasonId);
  if (reason === undefined) return 'unknown';
  if (reason.state !== availability) return 'other-state';
  return reason.enabled ? null : 'disabled';
}

/**
 * Sessions whose reason was deleted, or became one for another state, are without a reason from now
 * on: an id that nobody can look up would tell nothing.
 */
export function dropReasons({ state, config }: Situation): AccountEvent[] {
  return [...state.sessions.values()].flatMap(({ id, availability, reasonId }) => {
    if (reasonId === null) return [];
    const refused = whyNot(config, reasonId, availability);
    if (refused === null || refused === 'disabled') return [];
    return [
      { type: 'session.availability', sessionId: id, availability, reason: 'reason-gone' } as const,
    ];
  });
}
