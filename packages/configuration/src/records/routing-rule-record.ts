/** Attachment rules as they are stored. */
import type { RoutingRule } from '@parley/engine';

export interface RoutingRuleRecord extends Omit<RoutingRule, 'id'> {
  readonly enabled: boolean;
  readonly changedAt: number;
}
