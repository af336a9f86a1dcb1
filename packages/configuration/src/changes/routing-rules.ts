/** Attachment rules: who comes into chats by themselves, and which bot answers first. */
import {
  type ConfiguredRoutingRule,
  type RoutingRuleChange,
  WEEKDAYS,
  WireError,
} from '@parley/protocol';
import type { RoutingRuleRecord } from '../records/routing-rule-record.js';
import type { AccountConfiguration, Stored } from '../records/records.js';
import type { Draft, RecordState } from './draft.js';
import { languageOf, nameOf, omitUndefined, refuse, unique } from './fields.js';
import { checkApart, clockOf, spanOf, weekdayOf } from './hours.js';

export function serializeRule(
  rule: Stored<'routingRule'>,
  _setup: AccountConfiguration,
  state: RecordState,
): ConfiguredRoutingRule {
  const { id, name, enabled, order, action, userId, role } = rule;
  return {
    ...{ id, deleted: state === 'deleted', name, enabled, order, action, userId, role },
    skillIds: [...rule.skillIds],
    languages: [...rule.languages],
    hours: rule.hours.map(({ weekday, from, to }) => ({
      weekday: WEEKDAYS[weekday - 1] ?? 'Monday',
      from: clockOf(from),
      to: clockOf(to),
    })),
    answers: rule.answers.map((each) => ({ ...each })),
  };
}

/** Adds a rule, behind the others unless asked otherwise; answers its id. */
export function addRule(draft: Draft, change: RoutingRuleChange): number {
  const { action, userId } = change;
  const name = nameOf('name', change.name);
  if (action === undefined) return refuse('action is required: attach or answer-first.');
  if (userId === undefined) return refuse('userId is required: the agent or bot that it is about.');
  const orders = [...draft.records.routingRule.values()].map(({ order }) => order);
  const order = Math.max(0, ...orders) + 1;
  const record: Omit<RoutingRuleRecord, 'changedAt'> = {
    ...{ enabled: true, order, role: 'listener' },
    ...{ skillIds: [], languages: [], hours: [], answers: [] },
    ...fieldsOf(change),
    ...{ name, action, userId },
  };
  const id = draft.create('routingRule', record);
  draft.note('routingRule.create', `routingRule:${id}`, { ...record });
  return id;
}

export function alterRule(draft: Draft, id: number, change: RoutingRuleChange): void {
  const changed = draft.update('routingRule', id, fieldsOf(change));
  if (Object.keys(changed).length > 0) {
    draft.note('routingRule.change', `routingRule:${id}`, changed);
  }
}

/** Deletes a rule; whoever came into chats by it stays in them. */
export function removeRule(draft: Draft, id: number): void {
  const { name } = draft.require('routingRule', id);
  draft.remove('routingRule', id);
  draft.note('routingRule.delete', `routingRule:${id}`, { name });
}

/** Rules about a user who is deleted go with them. */
export function removeRulesOfUser(draft: Draft, userId: number): void {
  for (const rule of draft.records.routingRule.values()) {
    if (rule.userId === userId) removeRule(draft, rule.id);
  }
}

/** A skill is deleted: rules for it among others are for the others; a rule for it alone goes with it. */
export function removeSkillFromRules(draft: Draft, skillId: number): void {
  for (const { id, skillIds } of draft.records.routingRule.values()) {
    if (!skillIds.includes(skillId)) continue;
    // Without a skill it would be for all chats.
    if (skillIds.length === 1) removeRule(draft, id);
    else alterRule(draft, id, { skillIds: skillIds.filter((each) => each !== skillId) });
  }
}

/** @throws WireError naming what a changed rule does not fit to. */
export function checkRules(draft: Draft): void {
  const { user: users, skill: skills } = draft.records;
  for (const { name, action, userId, skillIds } of draft.changed('routingRule')) {
    const user = users.get(userId);
    if (user === undefined || !user.roles.includes('agent')) {
      throw new WireError(
        'invalidField',
        `userId ${userId} of rule "${name}" is no agent of this account: name one, or a bot.`,
      );
    }
    if (action === 'answer-first' && user.kind !== 'bot') {
      throw new WireError(
        'invalidField',
        `userId ${userId} of rule "${name}" is a person: bots answer first; set userTypeId 2, or attach them.`,
      );
    }
    const unknown = skillIds.find((id) => !skills.has(id));
    if (unknown !== undefined) {
      throw new WireError(
        'unknownSkill',
        `skillIds of rule "${name}" names ${unknown}, which is no skill of this account.`,
      );
    }
    const missing = skillIds.filter((id) => !user.skillIds.includes(id));
    if (action === 'answer-first' && missing.length > 0) {
      throw new WireError(
        'invalidField',
        `userId ${userId} of rule "${name}" does not hold skill ${missing.join(', ')}, and would get none of its chats: give it the skill first.`,
      );
    }
  }
}

function fieldsOf(change: RoutingRuleChange): Partial<RoutingRuleRecord> {
  const { name, enabled, order, action, userId, role, skillIds } = change;
  const { languages, hours, answers } = change;
  return omitUndefined({
    ...{ enabled, order, action, userId, role },
    name: name === undefined ? undefined : nameOf('name', name),
    skillIds: skillIds === undefined ? undefined : unique(skillIds),
    languages:
      languages === undefined
        ? undefined
        : unique(languages.map((tag) => languageOf('languages', tag, 'refused'))),
    hours: hours === undefined ? undefined : hoursOf(hours),
    answers:
      answers === undefined
        ? undefined
        : answers.map(({ questionId, answer }) => ({ questionId, answer: answer.trim() })),
  });
}

function hoursOf(hours: NonNullable<RoutingRuleChange['hours']>): RoutingRuleRecord['hours'] {
  const spans = hours.map(({ weekday, from, to }, index) => ({
    weekday: weekdayOf(weekday),
    ...spanOf(`hours[${index}]`, from, to),
  }));
  for (const weekday of new Set(spans.map((span) => span.weekday))) {
    checkApart(
      WEEKDAYS[weekday - 1] ?? '',
      spans.filter((span) => span.weekday === weekday),
    );
  }
  return spans;
}
