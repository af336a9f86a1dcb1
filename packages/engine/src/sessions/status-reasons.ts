/** Why an agent is in a state: reasons that the account offers, and what a session may name of them. */
import type { AccountConfig } from '../config.js';
import type { AccountEvent } from '../events.js';
import type { DecisionContext } from '../context.js';
import type { Availability } from './availability.js';
import type { ReasonRefused } from './status-reason.js';

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
 * on: an id that nobody can look up would mean nothing.
 */
export function dropReasons({ state, config }: DecisionContext): AccountEvent[] {
  return [...state.sessions.values()].flatMap(({ id, availability, reasonId }) => {
    if (reasonId === null) return [];
    const refused = whyNot(config, reasonId, availability);
    if (refused === null || refused === 'disabled') return [];
    return [
      { type: 'session.availability', sessionId: id, availability, reason: 'reason-gone' } as const,
    ];
  });
}
