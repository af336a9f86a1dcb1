/** The three collections of the original API: users, skills, agent groups. */
import {
  agentGroupsChangesDocument,
  agentGroupsDeltaDocument,
  agentGroupsSnapshotDocument,
  type ConfiguredGroup,
  configuredGroupDocument,
  configuredGroupsDocument,
  type ConfiguredSkill,
  configuredSkillDocument,
  configuredSkillsDocument,
  type ConfiguredUser,
  configuredUserDocument,
  configuredUsersDocument,
  type GroupChange,
  groupChangeDocument,
  type SkillChange,
  skillChangeDocument,
  skillsChangesDocument,
  skillsDeltaDocument,
  skillsSnapshotDocument,
  type UserChange,
  userChangeDocument,
  usersChangesDocument,
  usersDeltaDocument,
  usersSnapshotDocument,
  WireError,
} from '@parley/protocol';
import type { Stored } from '@parley/configuration/records/records';
import type { ConfigurationCall } from './call.js';
import type { LeCollection } from './collection.js';
import {
  addGroup,
  alterGroup,
  removeGroup,
  serializeGroup,
} from '@parley/configuration/changes/groups';
import {
  addSkill,
  alterSkill,
  removeSkill,
  serializeSkill,
} from '@parley/configuration/changes/skills';
import { addUser, alterUser, removeUser, serializeUser } from '@parley/configuration/changes/users';

export const usersCollection: LeCollection<'user', ConfiguredUser, UserChange> = {
  kind: 'user',
  what: 'user',
  path: 'le-users/users',
  one: configuredUserDocument,
  many: configuredUsersDocument,
  change: userChangeDocument,
  answers: {
    delta: usersDeltaDocument,
    changes: usersChangesDocument,
    snapshot: usersSnapshotDocument,
  },
  serialize: serializeUser,
  checkReach: (call, id) => {
    if (id !== call.user.id) requireWiderScope(call);
  },
  shows: seesUser,
  add: addUser,
  alter: alterUser,
  remove: removeUser,
};

export const skillsCollection: LeCollection<'skill', ConfiguredSkill, SkillChange> = {
  kind: 'skill',
  what: 'skill',
  path: 'le-users/skills',
  one: configuredSkillDocument,
  many: configuredSkillsDocument,
  change: skillChangeDocument,
  answers: {
    delta: skillsDeltaDocument,
    changes: skillsChangesDocument,
    snapshot: skillsSnapshotDocument,
  },
  serialize: serializeSkill,
  checkReach: requireWiderScope,
  shows: () => true,
  add: addSkill,
  alter: alterSkill,
  remove: removeSkill,
};

export const groupsCollection: LeCollection<'agentGroup', ConfiguredGroup, GroupChange> = {
  kind: 'agentGroup',
  what: 'agent group',
  path: 'le-users/agentGroups',
  one: configuredGroupDocument,
  many: configuredGroupsDocument,
  change: groupChangeDocument,
  answers: {
    delta: agentGroupsDeltaDocument,
    changes: agentGroupsChangesDocument,
    snapshot: agentGroupsSnapshotDocument,
  },
  serialize: serializeGroup,
  checkReach: requireWiderScope,
  shows: seesGroup,
  add: addGroup,
  alter: alterGroup,
  remove: removeGroup,
};

/** Administrators see every user, managers those of their groups, everybody themselves. */
export function seesUser(
  { readScope, user }: ConfigurationCall,
  { id, groupId }: Stored<'user'>,
): boolean {
  if (id === user.id || readScope.of === 'everything') return true;
  return readScope.of === 'groups' && readScope.groupIds.has(groupId);
}

/** Managers see the groups they manage, and their own. */
function seesGroup({ readScope, user }: ConfigurationCall, { id }: Stored<'agentGroup'>): boolean {
  return readScope.of !== 'groups' || readScope.groupIds.has(id) || user.groupId === id;
}

/**
 * Agents and bots read their own user and nothing else: asked for more they are refused, whether
 * there is such a record or not.
 * @throws WireError 403.
 */
export function requireWiderScope({ readScope, user }: ConfigurationCall): void {
  if (readScope.of !== 'self') return;
  throw new WireError(
    'forbidden',
    `${user.loginName} may read its own user only, whose id is ${user.id}: ask an administrator for more.`,
  );
}
