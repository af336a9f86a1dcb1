/** Attachment rules that come and go in a story, as plain data. */
import type { AccountConfig, RoutingRule } from '@parley/engine';
import fc from 'fast-check';
import { act } from './role-steps.js';
import { HALF_THE_TIME } from './step-values.js';

/** What differs between the rules of a story; their order is that of the list, but for every other one. */
export interface RuleFacts {
  readonly action: RoutingRule['action'];
  readonly user: number;
  readonly role: RoutingRule['role'];
  readonly skillIds: readonly number[];
  readonly languages: readonly string[];
  readonly hours: 'always' | 'half the time';
}

/** The account has these rules from now on, and no others. */
export interface RuleStep {
  readonly do: 'rules';
  readonly rules: readonly RuleFacts[];
  readonly whenAgentLeaves: 'stay' | 'leave';
}

/** Languages of visitors; null: theirs is not known. */
export const LANGUAGES = [null, 'de-AT', 'en'] as const;

export const rulesStep = ({
  user,
  skill,
}: Readonly<Record<'user' | 'skill', fc.Arbitrary<number>>>): fc.Arbitrary<RuleStep> =>
  fc.record({
    do: act('rules'),
    rules: fc.array(
      fc.record({
        action: fc.constantFrom('attach', 'attach', 'answer-first'),
        user,
        role: fc.constantFrom('listener', 'listener', 'assistant'),
        skillIds: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.tuple(skill)),
        languages: fc.constantFrom<string[]>([], [], ['de']),
        hours: fc.constantFrom('always', 'always', 'half the time'),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    whenAgentLeaves: fc.constantFrom('stay', 'stay', 'leave'),
  });

/** Two rules may be of the same order: then the first of them is looked at first. */
export function withRules(
  config: AccountConfig,
  { rules, whenAgentLeaves }: RuleStep,
): AccountConfig {
  const all = rules.map(
    ({ user, hours, ...facts }, index): RoutingRule => ({
      ...facts,
      ...{ id: index + 1, name: `Rule ${index + 1}`, order: index >> 1, userId: user, answers: [] },
      hours: hours === 'always' ? [] : HALF_THE_TIME,
    }),
  );
  const settings = { ...config.settings, besideWhenAgentLeaves: whenAgentLeaves };
  return { ...config, settings, routingRules: new Map(all.map((rule) => [rule.id, rule])) };
}
