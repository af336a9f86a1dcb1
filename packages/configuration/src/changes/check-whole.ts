/** What must hold of a configuration as a whole, whichever record was changed. */
import { WireError } from '@parley/protocol';
import type { NameIndex } from '../records/names.js';
import { nameKeyOf } from '../records/record-names.js';
import type { Kind, Stored } from '../records/records.js';
import type { Draft } from './draft.js';
import { checkRules } from './routing-rules.js';

/** @throws WireError naming what does not fit together. */
export function checkWhole(draft: Draft): void {
  checkNames(draft, 'user', (user) => `a user with the login name "${user.loginName}"`);
  checkNames(draft, 'skill', ({ name }) => `a skill "${name}"`);
  checkNames(draft, 'agentGroup', ({ name }) => `an agent group "${name}"`);
  checkNames(draft, 'survey', ({ name }) => `a survey "${name}"`);
  checkNames(draft, 'cannedContent', ({ name }) => `a canned content "${name}"`);
  checkNames(draft, 'cannedCategory', ({ name }) => `a category "${name}"`);
  checkNames(draft, 'visitorIdentity', ({ name }) => `a connection "${name}"`);
  checkNames(draft, 'statusReason', ({ text }) => `a status reason "${text}"`);
  checkNames(draft, 'appKey', ({ key }) => `an app key ${key}`);
  checkNames(draft, 'routingRule', ({ name }) => `a routing rule "${name}"`);
  checkUsers(draft);
  checkAdministrators(draft);
  checkSkills(draft);
  checkGroups(draft);
  checkContent(draft);
  checkRules(draft);
}

function checkNames<K extends Kind>(
  draft: Draft,
  kind: K,
  describe: (record: Stored<K>) => string,
): void {
  const changed = draft.changed(kind);
  if (changed.length === 0) return;
  const ids = new Set(changed.map(({ id }) => id));
  const index: NameIndex<Stored<K>> = draft.before.names[kind];
  const holders = new Map<string, number>();
  for (const record of changed) {
    const key = nameKeyOf(kind, record);
    if (key === null) continue;
    const kept = (other: Stored<K>) => !ids.has(other.id) && draft.records[kind].has(other.id);
    const holder = holders.get(key) ?? index.alike(key).find(kept)?.id;
    if (holder !== undefined) {
      throw new WireError(
        'conflict',
        `There is ${describe(record)} already, its id is ${holder}: choose another ${kind === 'statusReason' ? 'text' : 'name'}.`,
      );
    }
    holders.set(key, record.id);
  }
}

function checkUsers(draft: Draft): void {
  const { skill: skills, agentGroup: groups } = draft.records;
  for (const user of draft.changed('user')) {
    const before = draft.before.users.get(user.id);
    const skillId = user.skillIds.find((id) => !skills.has(id));
    if (skillId !== undefined) throw unknownSkill('skillIds', skillId);
    const groupIds = [user.groupId, ...user.managerOf.map(({ groupId }) => groupId)];
    const groupId = groupIds.find((id) => !groups.has(id));
    if (groupId !== undefined) throw unknownGroup('memberOf or managerOf', groupId);
    const joins = before?.groupId !== user.groupId;
    if (joins && groups.get(user.groupId)?.enabled === false) {
      throw new WireError(
        'conflict',
        `Agent group ${user.groupId} is disabled and takes no new members: enable it, or choose another.`,
      );
    }
  }
}

/** An account without an administrator could not be administered by anybody any more. */
function checkAdministrators(draft: Draft): void {
  const isOne = ({ enabled, roles }: Stored<'user'>) => enabled && roles.includes('administrator');
  const lost = draft.touched('user').some((id) => {
    const before = draft.before.users.get(id);
    const after = draft.records.user.get(id);
    return before !== undefined && isOne(before) && (after === undefined || !isOne(after));
  });
  if (!lost || [...draft.records.user.values()].some(isOne)) return;
  throw new WireError(
    'conflict',
    'That would leave the account without an enabled administrator: make another one first.',
  );
}

function checkSkills(draft: Draft): void {
  for (const { routing } of draft.changed('skill')) {
    for (const { agentGroupId } of routing) {
      if (!draft.records.agentGroup.has(agentGroupId)) {
        throw unknownGroup('skillRoutingConfiguration', agentGroupId);
      }
      if (routing.filter((other) => other.agentGroupId === agentGroupId).length > 1) {
        throw new WireError(
          'invalidField',
          `skillRoutingConfiguration names agent group ${agentGroupId} twice: give it one priority and percentage.`,
        );
      }
    }
  }
}

/** One tree: a root that every other group leads up to. */
function checkGroups(draft: Draft): void {
  const groups = draft.records.agentGroup;
  for (const group of draft.changed('agentGroup')) {
    const passed = new Set<number>();
    for (let at = group; at.parentGroupId !== null; ) {
      passed.add(at.id);
      const parent = groups.get(at.parentGroupId);
      if (parent === undefined) throw unknownGroup('parentGroupId', at.parentGroupId);
      if (passed.has(parent.id)) {
        throw new WireError(
          'conflict',
          `Agent group ${group.id} cannot belong to ${group.parentGroupId}, which belongs to it.`,
        );
      }
      at = parent;
    }
    if (group.parentGroupId === null && !group.enabled) {
      throw new WireError('conflict', `Agent group ${group.id} is the root and stays enabled.`);
    }
  }
}

function checkContent(draft: Draft): void {
  const { skill: skills, cannedCategory: categories, user: users } = draft.records;
  for (const { skillId } of draft.changed('survey')) {
    if (skillId !== null && !skills.has(skillId)) throw unknownSkill('skillId', skillId);
  }
  for (const { skillIds, categoryIds } of draft.changed('cannedContent')) {
    const skillId = skillIds.find((id) => !skills.has(id));
    if (skillId !== undefined) throw unknownSkill('skillIds', skillId);
    const categoryId = categoryIds.find((id) => !categories.has(id));
    if (categoryId !== undefined) {
      throw new WireError('invalidField', `categoryIds names ${categoryId}, which is no category.`);
    }
  }
  for (const { userId } of draft.changed('appKey')) {
    if (userId !== null && !users.has(userId)) {
      throw new WireError('invalidField', `userId ${userId} is no user of this account.`);
    }
  }
}

function unknownSkill(field: string, id: number): WireError {
  return new WireError('unknownSkill', `${field} names ${id}, which is no skill of this account.`);
}

function unknownGroup(field: string, id: number): WireError {
  return new WireError(
    'invalidField',
    `${field} names ${id}, which is no agent group of this account.`,
  );
}
