/** Agent groups: one tree, whose root is the account's first group. */
import { type ConfiguredGroup, type GroupChange, WireError } from '@parley/protocol';
import type { AccountConfiguration, AgentGroupRecord, Stored } from '../records/records.js';
import type { Draft } from './draft.js';
import { omitUndefined, nameOf } from './fields.js';
import { localTime } from './local-time.js';

type Groups = ReadonlyMap<number, Stored<'agentGroup'>>;

export function serializeGroup(
  group: Stored<'agentGroup'>,
  setup: AccountConfiguration,
  state: 'live' | 'deleted',
): ConfiguredGroup {
  return {
    id: group.id,
    deleted: state === 'deleted',
    name: group.name,
    description: group.description,
    // 0 is answered as null.
    parentGroupId: group.parentGroupId ?? 0,
    isEnabled: group.enabled,
    ...omitUndefined({ dateUpdated: localTime(group.changedAt, setup.engine.settings.timeZone) }),
  };
}

/**
 * The group that all others belong to.
 * @throws WireError 409 when the account has no group yet.
 */
export function rootOf(groups: Groups): Stored<'agentGroup'> {
  const root = [...groups.values()].find(({ parentGroupId }) => parentGroupId === null);
  if (root !== undefined) return root;
  throw new WireError('conflict', 'The account has no agent group yet: make one first.');
}

/** A group and all below it. */
export function withGroupsBelow(groups: Groups, ids: readonly number[]): ReadonlySet<number> {
  const found = new Set(ids);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { id, parentGroupId } of groups.values()) {
      if (parentGroupId !== null && found.has(parentGroupId)) found.add(id);
    }
  }
  return found;
}

/** Adds a group; answers its id. The account's first is the root, others belong to it unless said otherwise. */
export function addGroup(draft: Draft, change: GroupChange): number {
  const name = nameOf('name', change.name);
  const groups = draft.records.agentGroup;
  const parentGroupId = change.parentGroupId ?? (groups.size === 0 ? null : rootOf(groups).id);
  const record = {
    name,
    description: change.description ?? '',
    parentGroupId,
    enabled: change.isEnabled ?? true,
  };
  const id = draft.create('agentGroup', record);
  draft.note('agentGroup.create', `agentGroup:${id}`, record);
  return id;
}

export function alterGroup(draft: Draft, id: number, change: GroupChange): void {
  const { name, description, parentGroupId, isEnabled } = change;
  const root = rootOf(draft.records.agentGroup);
  if (id === root.id && parentGroupId !== undefined) {
    throw new WireError(
      'conflict',
      `Agent group ${id} is the root of all groups and belongs to none: leave parentGroupId out.`,
    );
  }
  const fields: Partial<AgentGroupRecord> = omitUndefined({
    name: name === undefined ? undefined : nameOf('name', name),
    description,
    parentGroupId,
    enabled: isEnabled,
  });
  const changed = draft.update('agentGroup', id, fields);
  if (Object.keys(changed).length > 0) {
    draft.note('agentGroup.change', `agentGroup:${id}`, changed);
  }
}

/**
 * Deletes a group that nobody belongs to; nobody manages it and no skill prefers it any more.
 * @throws WireError 409 for the root, and naming members or groups below it.
 */
export function removeGroup(draft: Draft, id: number): void {
  const { agentGroup: groups, user: users, skill: skills } = draft.records;
  const group = draft.require('agentGroup', id);
  if (id === rootOf(groups).id) {
    throw new WireError('conflict', `Agent group ${id} is the root of all groups and stays.`);
  }
  const members = [...users.values()].filter(({ groupId }) => groupId === id);
  if (members.length > 0) {
    throw new WireError(
      'conflict',
      `Agent group "${group.name}" has ${members.length} members (${some(members.map(({ loginName }) => loginName))}): move them to another group first.`,
    );
  }
  const below = [...groups.values()].filter(({ parentGroupId }) => parentGroupId === id);
  if (below.length > 0) {
    throw new WireError(
      'conflict',
      `Agent groups belong to "${group.name}" (${some(below.map(({ name }) => name))}): move or delete them first.`,
    );
  }
  for (const { id: userId, managerOf } of users.values()) {
    const kept = managerOf.filter(({ groupId }) => groupId !== id);
    if (kept.length < managerOf.length) draft.update('user', userId, { managerOf: kept });
  }
  for (const { id: skillId, routing } of skills.values()) {
    const kept = routing.filter(({ agentGroupId }) => agentGroupId !== id);
    if (kept.length < routing.length) draft.update('skill', skillId, { routing: kept });
  }
  draft.remove('agentGroup', id);
  draft.note('agentGroup.delete', `agentGroup:${id}`, { name: group.name });
}

function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} …` : names.join(', ');
}
