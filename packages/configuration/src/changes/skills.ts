/** Skills: queues by topic. */
import { type ConfiguredSkill, type SkillChange, WireError } from '@parley/protocol';
import type { AccountConfiguration, SkillRecord, Stored } from '../records/records.js';
import type { Draft } from './draft.js';
import { omitUndefined, languageOf, nameOf } from './fields.js';
import { removeSkillFromRules } from './routing-rules.js';
import { localTime } from './local-time.js';

export function serializeSkill(
  skill: Stored<'skill'>,
  setup: AccountConfiguration,
  state: 'live' | 'deleted',
): ConfiguredSkill {
  return {
    id: skill.id,
    deleted: state === 'deleted',
    name: skill.name,
    description: skill.description,
    skillOrder: skill.skillOrder,
    maxWaitTime: skill.maxWaitTime,
    skillRoutingConfiguration: skill.routing.map((share) => ({ ...share })),
    canTransfer: skill.canTransfer,
    language: skill.language,
    answerLimit: skill.answerLimit ?? setup.engine.settings.answerLimitSeconds,
    ...omitUndefined({ dateUpdated: localTime(skill.changedAt, setup.engine.settings.timeZone) }),
  };
}

/** Adds a skill; answers its id. */
export function addSkill(draft: Draft, change: SkillChange): number {
  const name = nameOf('name', change.name);
  const record = {
    name,
    description: '',
    maxWaitTime: draft.before.engine.settings.maxWaitSeconds,
    ...fieldsOf(change),
  };
  const id = draft.create('skill', record);
  draft.note('skill.create', `skill:${id}`, record);
  return id;
}

export function alterSkill(draft: Draft, id: number, change: SkillChange): void {
  const name = change.name === undefined ? undefined : nameOf('name', change.name);
  const changed = draft.update('skill', id, { ...fieldsOf(change), ...omitUndefined({ name }) });
  if (Object.keys(changed).length > 0) draft.note('skill.change', `skill:${id}`, changed);
}

function fieldsOf(change: SkillChange): Partial<SkillRecord> {
  const { description, maxWaitTime, skillOrder, canTransfer, language, answerLimit } = change;
  return omitUndefined({
    description,
    maxWaitTime,
    skillOrder,
    canTransfer,
    answerLimit,
    routing: change.skillRoutingConfiguration,
    language: language === undefined ? undefined : languageOf('language', language, 'allowed'),
  });
}

/**
 * Deletes a skill: users hold it no more.
 * @throws WireError 409 naming surveys and canned content that are for this skill alone.
 */
export function removeSkill(draft: Draft, id: number): void {
  const { user: users, survey: surveys, cannedContent: contents } = draft.records;
  const skill = draft.require('skill', id);
  const alone = [
    ...[...surveys.values()]
      .filter(({ skillId }) => skillId === id)
      .map(({ name }) => `survey "${name}"`),
    ...[...contents.values()]
      .filter(({ skillIds }) => skillIds.length === 1 && skillIds[0] === id)
      .map(({ name }) => `canned content "${name}"`),
  ];
  if (alone.length > 0) {
    throw new WireError(
      'conflict',
      `Skill "${skill.name}" is the only one of ${alone.slice(0, 5).join(', ')}: delete them or give them another skill first.`,
    );
  }
  const without = (skillIds: readonly number[]) => skillIds.filter((each) => each !== id);
  for (const { id: userId, skillIds } of users.values()) {
    if (skillIds.includes(id)) draft.update('user', userId, { skillIds: without(skillIds) });
  }
  for (const { id: contentId, skillIds } of contents.values()) {
    if (skillIds.includes(id)) {
      draft.update('cannedContent', contentId, { skillIds: without(skillIds) });
    }
  }
  removeSkillFromRules(draft, id);
  draft.remove('skill', id);
  draft.note('skill.delete', `skill:${id}`, { name: skill.name });
}
