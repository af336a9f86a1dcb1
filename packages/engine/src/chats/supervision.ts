/** Whose chats somebody is responsible for: administrators for all, managers for those of their groups. */
import type { AccountConfig } from '../config.js';

/** Whose chats a manager is responsible for. */
export interface Staff {
  readonly userIds: ReadonlySet<number>;
  /** Skills that one of them holds. */
  readonly skillIds: ReadonlySet<number>;
}

/** A configuration is never changed in place, so what was found out of one stays true. */
const known = new WeakMap<AccountConfig, Map<number, 'everybody' | Staff | null>>();

/** Whose chats the user supervises; null for a user who supervises nobody. */
export function supervisionOf(config: AccountConfig, userId: number): 'everybody' | Staff | null {
  const ofUser = known.get(config) ?? new Map<number, 'everybody' | Staff | null>();
  known.set(config, ofUser);
  const before = ofUser.get(userId);
  if (before !== undefined) return before;
  const found = find(config, userId);
  ofUser.set(userId, found);
  return found;
}

function find(config: AccountConfig, userId: number): 'everybody' | Staff | null {
  const user = config.users.get(userId);
  if (user === undefined || !user.enabled) return null;
  if (user.roles.includes('administrator')) return 'everybody';
  if (!user.roles.includes('manager')) return null;
  const groupIds = withGroupsBelow(config, user.managedGroupIds ?? []);
  const userIds = new Set<number>();
  const skillIds = new Set<number>();
  for (const member of config.users.values()) {
    if (!groupIds.has(member.groupId)) continue;
    userIds.add(member.id);
    for (const skillId of member.skillIds) skillIds.add(skillId);
  }
  return { userIds, skillIds };
}

/** The groups and all below them. */
function withGroupsBelow(config: AccountConfig, groupIds: readonly number[]): ReadonlySet<number> {
  const found = new Set(groupIds);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { id, parentGroupId } of config.groups.values()) {
      if (parentGroupId != null && found.has(parentGroupId)) found.add(id);
    }
  }
  return found;
}

/** Whether a user may open a session to watch from. */
export function maySupervise(config: AccountConfig, userId: number): boolean {
  return supervisionOf(config, userId) !== null;
}
