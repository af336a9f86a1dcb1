/** Why a chat went where it went, as the agent's client reads it. */
import type { RoutingDecision, RoutingWeighing } from '@parley/protocol/types';
import { docOf, listOf } from '../core/document.js';

/** Why a chat was routed as it was. */
export interface ChatRouting {
  /** The last five rings, the latest at the end. */
  readonly decisions: readonly RoutingDecision[];
  /** Where the chat would go now; null while it does not wait. */
  readonly now: RoutingWeighing | null;
}

export function readRouting(body: unknown): ChatRouting {
  const routing = docOf(body, 'routing');
  const decisions = listOf(routing['decision']).map((decision) => ({
    ...decision,
    passedOver: listOf(decision['passedOver']),
  }));
  const now = routing['now'] === undefined ? null : docOf(routing, 'now');
  return {
    decisions: decisions as unknown as readonly RoutingDecision[],
    now:
      now === null
        ? null
        : ({
            ...now,
            candidate: listOf(now['candidate']),
            attachmentRule: listOf(now['attachmentRule']),
          } as unknown as RoutingWeighing),
  };
}
